using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OrderSync.Benchmarks.Calls;

/// <summary>A device that has downloaded everything and syncs while nothing is new.</summary>
internal sealed class IdleDevice : IDisposable
{
    private readonly Uri gateway;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private HttpClient http;
    private Guid id;
    private string refresh = "";
    private string access = "";
    private string cursor = "";

    private IdleDevice(Uri gateway) => (this.gateway, http) = (gateway, Line(gateway));

    public static async Task<IdleDevice> EnrolAsync(Site site, int company, CancellationToken stop)
    {
        var device = new IdleDevice(site.Url);
        var name = $"Idle {Guid.NewGuid():N}";
        using var office = site.Office(company);
        var code = await AnswerAsync(await office.PostAsJsonAsync("/v1/office/enrolment-codes", new { rep = new { name }, branch = "MAIN" }, stop), stop);
        var enrolled = await AnswerAsync(await device.http.PostAsJsonAsync("/v1/devices/enrol", new
        {
            code = code.GetProperty("code").GetString(), hardwareId = name, publicKey = Convert.ToBase64String(device.key.ExportSubjectPublicKeyInfo()), name,
        }, stop), stop);
        device.id = enrolled.GetProperty("deviceId").GetGuid();
        device.Take(enrolled);
        return device;
    }

    /// <summary>Downloads everything, once all devices are there: a colleague is news, too.</summary>
    public async Task DownloadAsync(CancellationToken stop) => cursor = (await PullAsync("", stop)).GetProperty("end").GetProperty("cursor").GetString()!;

    /// <summary>Asks whether anything is new; nothing may be.</summary>
    /// <param name="withToken">On a new line, and with a new token first.</param>
    public async Task SyncAsync(bool withToken, CancellationToken stop)
    {
        if (withToken)
        {
            http.Dispose();
            http = Line(gateway);
            var signature = key.SignData(Encoding.UTF8.GetBytes($"{id:D}.{refresh}"), HashAlgorithmName.SHA256);
            Take(await AnswerAsync(await http.PostAsJsonAsync("/v1/devices/token", new { deviceId = id, refreshToken = refresh, signature = Convert.ToBase64String(signature) }, stop), stop));
        }

        var end = (await PullAsync($"?cursor={cursor}", stop)).GetProperty("end");
        if (end.GetProperty("rows").GetInt64() != 0)
            throw new InvalidOperationException($"Something was new: {end}");
    }

    public void Dispose()
    {
        http.Dispose();
        key.Dispose();
    }

    private static HttpClient Line(Uri gateway) => new(new SocketsHttpHandler { MaxConnectionsPerServer = 1 }) { BaseAddress = gateway };

    private void Take(JsonElement answer)
    {
        refresh = answer.GetProperty("refreshToken").GetString()!;
        access = answer.GetProperty("accessToken").GetString()!;
    }

    private async Task<JsonElement> PullAsync(string query, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/sync/pull" + query);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access);
        using var answer = await http.SendAsync(request, stop);
        var text = await answer.Content.ReadAsStringAsync(stop);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"A pull was answered {(int)answer.StatusCode}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text[(text.TrimEnd('\n').LastIndexOf('\n') + 1)..]);
    }

    private static async Task<JsonElement> AnswerAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        using (answer)
        {
            if (!answer.IsSuccessStatusCode)
                throw new InvalidOperationException($"{answer.RequestMessage!.RequestUri} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(stop)}");
            return await answer.Content.ReadFromJsonAsync<JsonElement>(stop);
        }
    }
}
