using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests;

/// <summary>A device as the protocol knows it: a key, tokens and a push.</summary>
public sealed class TestDevice : IDisposable
{
    private readonly HttpClient http;

    private TestDevice(Uri gateway) => http = new HttpClient { BaseAddress = gateway };

    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string HardwareId { get; init; } = $"hw-{Guid.NewGuid():N}";

    public Guid Id { get; private set; }

    /// <summary>What it says of itself with each push, as headers.</summary>
    public Dictionary<string, string> Says { get; } = [];

    public string AccessToken { get; private set; } = "";

    public string RefreshToken { get; private set; } = "";

    public static async Task<TestDevice> EnrolAsync(HttpClient office, Uri gateway, string rep, string? kind = null)
    {
        var device = new TestDevice(gateway);
        (await device.EnrolAsync(await CodeAsync(office, rep, kind))).EnsureSuccessStatusCode();
        return device;
    }

    /// <summary>A device that has not enrolled yet.</summary>
    public static TestDevice New(Uri gateway, string? hardwareId = null) => hardwareId is null ? new(gateway) : new(gateway) { HardwareId = hardwareId };

    public static async Task<string> CodeAsync(HttpClient office, string rep = "Ada", string? kind = null)
    {
        var answer = await office.PostAsJsonAsync("/v1/office/enrolment-codes", new { rep = new { name = rep }, branch = "MAIN", @class = kind });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()!;
    }

    public async Task<HttpResponseMessage> EnrolAsync(string code)
    {
        var answer = await http.PostAsJsonAsync("/v1/devices/enrol", new { code, hardwareId = HardwareId, publicKey = Convert.ToBase64String(Key.ExportSubjectPublicKeyInfo()), name = "Phone" });
        if (answer.StatusCode == HttpStatusCode.Created)
            Take(await answer.Content.ReadFromJsonAsync<JsonElement>());
        return answer;
    }

    public Task<HttpResponseMessage> RefreshAsync(string? refreshToken = null) => PresentAsync(Id, refreshToken ?? RefreshToken, Sign(Id, refreshToken ?? RefreshToken));

    /// <summary>Refreshes and goes on with the new pair.</summary>
    public async Task RenewAsync()
    {
        var answer = await RefreshAsync();
        answer.EnsureSuccessStatusCode();
        var pair = await answer.Content.ReadFromJsonAsync<JsonElement>();
        AccessToken = pair.GetProperty("accessToken").GetString()!;
        RefreshToken = pair.GetProperty("refreshToken").GetString()!;
    }

    /// <summary>The device key's signature, as a refresh needs it.</summary>
    public string Sign(Guid id, string refreshToken) => Convert.ToBase64String(Key.SignData(Encoding.UTF8.GetBytes($"{id:D}.{refreshToken}"), HashAlgorithmName.SHA256));

    /// <summary>Presents whatever a test likes to /v1/devices/token.</summary>
    public Task<HttpResponseMessage> PresentAsync(Guid id, string refreshToken, string? signature) =>
        http.PostAsJsonAsync("/v1/devices/token", new { deviceId = id, refreshToken, signature });

    public async Task<HttpResponseMessage> GetSelfAsync(string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/devices/self");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? AccessToken);
        return await http.SendAsync(request);
    }

    /// <summary>Asks for anything a device may look at.</summary>
    public async Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AccessToken);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await http.SendAsync(request);
    }

    /// <summary>Posts as a device.</summary>
    public async Task<HttpResponseMessage> PostAsync(string path, object? body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AccessToken);
        return await http.SendAsync(request);
    }

    public async Task<HttpResponseMessage> SwitchAsync(object switches)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/v1/devices/self/switches") { Content = JsonContent.Create(switches) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AccessToken);
        return await http.SendAsync(request);
    }

    public async Task<IReadOnlyList<JsonElement>> PushAsync(params JsonObject[] records)
    {
        var answer = await SendAsync(An.Push(records));
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(body.GetProperty("end").GetBoolean());
        return [.. body.GetProperty("verdicts").EnumerateArray()];
    }

    /// <summary>Offers records again, each beside the proof of a verdict.</summary>
    public Task<IReadOnlyList<JsonElement>> OfferAsync(params IEnumerable<(JsonObject Record, string Proof)> offers) =>
        PushAsync([.. offers.Select(offer => new JsonObject { ["proof"] = offer.Proof, ["record"] = offer.Record.DeepClone() })]);

    public async Task<HttpResponseMessage> SendAsync(byte[] body, string? encoding = null, string? token = null, string? language = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/sync/push") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (encoding is not null)
            request.Content.Headers.ContentEncoding.Add(encoding);
        if (language is not null)
            request.Headers.AcceptLanguage.ParseAdd(language);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? AccessToken);
        request.Headers.Add("OrderSync-Sent-At", DateTimeOffset.UtcNow.ToString("O"));
        foreach (var (name, value) in Says)
            request.Headers.TryAddWithoutValidation(name, value);
        return await http.SendAsync(request);
    }

    public void Dispose()
    {
        http.Dispose();
        Key.Dispose();
    }

    private void Take(JsonElement answer)
    {
        Id = answer.GetProperty("deviceId").GetGuid();
        AccessToken = answer.GetProperty("accessToken").GetString()!;
        RefreshToken = answer.GetProperty("refreshToken").GetString()!;
    }
}
