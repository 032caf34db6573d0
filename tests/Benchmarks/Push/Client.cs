using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;

namespace OrderSync.Benchmarks.Push;

/// <summary>An enrolled device with a connection of its own that it keeps open.</summary>
internal sealed class Client : IDisposable
{
    public const int OrdersInRequest = 100;

    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private readonly HttpClient http;
    private readonly Random random = new(42);
    private readonly Guid[] customers = [.. Enumerable.Range(0, 200).Select(_ => Guid.CreateVersion7())];
    private long seq;

    private Client(Uri gateway) => http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1 }) { BaseAddress = gateway };

    public Guid CompanyId { get; private set; }

    public Guid DeviceId { get; private set; }

    public Guid RepId { get; private set; }

    /// <summary>How long each request took, in milliseconds.</summary>
    public List<double> Times { get; } = [];

    /// <summary>Enrols at a company and uploads the customers it will sell to.</summary>
    public static async Task<Client> EnrolAsync(Site site, int company, string name, CancellationToken stop)
    {
        var client = new Client(site.Url);
        using var office = site.Office(company);
        var code = await AnswerAsync(await office.PostAsJsonAsync("/v1/office/enrolment-codes", new { rep = new { name }, branch = "MAIN" }, stop), stop);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var device = await AnswerAsync(await client.http.PostAsJsonAsync("/v1/devices/enrol", new
        {
            code = code.GetProperty("code").GetString(), hardwareId = name, publicKey = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()), name,
        }, stop), stop);
        client.DeviceId = device.GetProperty("deviceId").GetGuid();
        client.CompanyId = device.GetProperty("companyId").GetGuid();
        client.RepId = device.GetProperty("rep").GetProperty("id").GetGuid();
        client.http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", device.GetProperty("accessToken").GetString());
        foreach (var some in client.customers.Chunk(OrdersInRequest))
            await client.PushAsync(JsonSerializer.SerializeToUtf8Bytes(some.Select(client.CustomerOf)), some.Length, stop);
        client.Times.Clear();
        return client;
    }

    /// <summary>Orders for so many requests, made before the clock runs.</summary>
    public IReadOnlyList<GeneratedOrder[]> MakeOrders(int requests)
    {
        var made = new GeneratedOrder[requests][];
        for (var i = 0; i < requests; i++)
        {
            made[i] = new GeneratedOrder[OrdersInRequest];
            for (var k = 0; k < OrdersInRequest; k++)
                made[i][k] = GeneratedOrder.Make(random, customers[random.Next(customers.Length)], ++seq);
        }

        return made;
    }

    /// <summary>The orders as the body of a push.</summary>
    public static byte[] BodyOf(IReadOnlyList<GeneratedOrder> orders)
    {
        var body = new MemoryStream();
        for (var i = 0; i < orders.Count; i++)
        {
            body.WriteByte(i == 0 ? (byte)'[' : (byte)',');
            body.Write(orders[i].Json);
        }

        body.WriteByte((byte)']');
        return body.ToArray();
    }

    /// <summary>Asks for something as this device; the body is read by who asks.</summary>
    public Task<HttpResponseMessage> GetAsync(string path, CancellationToken stop) => http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, stop);

    /// <summary>Sends one body and reads its verdicts; every record must be accepted.</summary>
    public async Task PushAsync(byte[] body, int records, CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = Json;
        using var answer = await http.PostAsync("/v1/sync/push", content, stop);
        var bytes = await answer.Content.ReadAsByteArrayAsync(stop);
        Times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        if (answer.StatusCode != HttpStatusCode.OK || Accepted(bytes) != records)
            throw new InvalidOperationException($"Not every record was accepted: {(int)answer.StatusCode} {System.Text.Encoding.UTF8.GetString(bytes)[..Math.Min(600, bytes.Length)]}");
    }

    /// <summary>The body of a customer as this client makes it.</summary>
    public static string CustomerBody(Guid customer, long number) => JsonSerializer.Serialize(BodyOf(customer, number));

    public void Dispose() => http.Dispose();

    private static int Accepted(ReadOnlySpan<byte> answer)
    {
        var reader = new Utf8JsonReader(answer);
        var accepted = 0;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("outcome"u8))
                continue;
            reader.Read();
            if (reader.ValueTextEquals("accepted"u8))
                accepted++;
        }

        return accepted;
    }

    private object CustomerOf(Guid id) => new
    {
        kind = "customer", id, rev = 1, schema = 1, seq = ++seq, capturedAt = "2026-03-03T09:00:00+01:00", body = BodyOf(id, seq),
    };

    private static object BodyOf(Guid customer, long number) =>
        new { name = $"Customer {number}", email = $"{customer:N}@customers.example", billing = new { line1 = "Main Street 1", city = "Springfield", country = "US" } };

    private static async Task<JsonElement> AnswerAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{answer.RequestMessage!.RequestUri} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(stop)}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>(stop);
    }
}
