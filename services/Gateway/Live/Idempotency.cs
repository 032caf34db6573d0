using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using OrderSync.Contracts;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Live;

/// <summary>What a live operation answers: kept under its key when it is final.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">What is said, as JSON.</param>
internal sealed record LiveAnswer(int Status, JsonElement Body)
{
    public static LiveAnswer Of<T>(int status, T body) => new(status, JsonSerializer.SerializeToElement(body, ContractJson.Options));

    public static LiveAnswer Problem(int status, string code, string detail, Guid? id = null) =>
        Of(status, new { type = code, title = "The operation was not done.", status, detail, id });

    /// <summary>Our own trouble passes: asking again may go better.</summary>
    public bool IsFinal => Status is < 500 and not StatusCodes.Status429TooManyRequests;

    public IResult Result => Results.Text(Body.GetRawText(), Status >= 400 ? "application/problem+json" : "application/json", statusCode: Status);
}

/// <summary>
/// Live operations take an Idempotency-Key of the device's choice: the same key gives the first answer, kept for two days; with another body it is refused. The
/// operation gets an id made from the key, under which it does its work: it may run twice, at once or after a crash between the work and the
/// answer, and does it once.
/// </summary>
internal sealed class Idempotency(NpgsqlDataSource database, TimeProvider time)
{
    public const string Header = "Idempotency-Key";
    public const int MostKey = 200;
    private const int MostBody = 64 * 1024;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(2);

    /// <summary>Answers a request: with what was answered before, else by doing it.</summary>
    /// <param name="http">The request of a device.</param>
    /// <param name="act">Does it: gets the body and the id made from the key.</param>
    /// <param name="stop">Ends it.</param>
    public async Task<IResult> OnceAsync<T>(HttpContext http, Func<T, Guid, Task<LiveAnswer>> act, CancellationToken stop) where T : class, new()
    {
        var device = http.Features.Get<DeviceIdentity>()!;
        var key = http.Request.Headers[Header].ToString().Trim();
        if (key.Length is 0 or > MostKey || Texts.Fit(key, MostKey) != key)
            return Problems.Bad("request.idempotencyKey", $"Send the header {Header}: a new text of 1 to {MostKey} characters for each operation, the same one when it is sent again.");
        if (await ReadAsync(http.Request, stop) is not { } body)
            return Problems.TooLarge("request.tooLarge", $"The body is longer than {MostBody} bytes.");

        // What is asked for is method, address and body: another address under the same key is another operation.
        var request = SHA256.HashData([.. System.Text.Encoding.UTF8.GetBytes($"{http.Request.Method} {http.Request.Path}\n"), .. body]);
        var (standing, answer) = await BeginAsync(device, key, request, stop);
        if (!standing.AsSpan().SequenceEqual(request))
            return Problems.Of(StatusCodes.Status422UnprocessableEntity, "request.idempotencyKeyReused", "This key was used for another operation. Take a new key for a new operation.");
        if (answer is not null)
            return answer.Result;

        answer = await act(Read<T>(body), IdOf(device, key));
        if (answer.IsFinal)
            await EndAsync(device, key, answer, stop);
        return answer.Result;
    }

    private static T Read<T>(byte[] body) where T : class, new()
    {
        try
        {
            return body.Length == 0 ? new T() : JsonSerializer.Deserialize<T>(body, ContractJson.Options) ?? new T();
        }
        catch (JsonException trouble)
        {
            throw new BadHttpRequestException("The body cannot be read.", StatusCodes.Status400BadRequest, trouble);
        }
    }

    private async Task<(byte[] Request, LiveAnswer? Answer)> BeginAsync(DeviceIdentity device, string key, byte[] request, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.ForRecords(connection, device.CompanyId);
        batch.Add("delete from live_answer where ctid in (select ctid from live_answer where company_id = $1 and at < $2 limit 100)", device.CompanyId, now - Kept);
        batch.Add("insert into live_answer (company_id, device_id, key, request, at) values ($1, $2, $3, $4, $5) on conflict do nothing", device.CompanyId, device.DeviceId, key, request, now);
        batch.Add("select request, status, answer from live_answer where company_id = $1 and device_id = $2 and key = $3", device.CompanyId, device.DeviceId, key);
        await using var reader = await batch.ReadAsync(stop);
        await reader.ReadAsync(stop);
        return (reader.GetFieldValue<byte[]>(0), reader.IsDBNull(1) ? null : new(reader.GetInt32(1), JsonSerializer.Deserialize<JsonElement>(reader.GetString(2))));
    }

    // The first answer stays: two that ran at once say the same.
    private async Task EndAsync(DeviceIdentity device, string key, LiveAnswer answer, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.ForRecords(connection, device.CompanyId);
        batch.Add("update live_answer set status = $4, answer = $5 where company_id = $1 and device_id = $2 and key = $3 and status is null",
            device.CompanyId, device.DeviceId, key, answer.Status, answer.Body.GetRawText());
        await batch.ExecuteNonQueryAsync(stop);
    }

    private static async Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken stop)
    {
        using var body = new MemoryStream();
        var buffer = new byte[8 * 1024];
        for (int read; (read = await request.Body.ReadAsync(buffer, stop)) > 0;)
        {
            body.Write(buffer, 0, read);
            if (body.Length > MostBody)
                return null;
        }

        return body.ToArray();
    }

    private static Guid IdOf(DeviceIdentity device, string key)
    {
        var hash = SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{device.CompanyId:D}\n{device.DeviceId:D}\n{key}")).AsSpan(0, 16).ToArray();
        // RFC 9562, version 8: made in a way of our own.
        hash[6] = (byte)((hash[6] & 0x0f) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash, bigEndian: true);
    }
}
