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

    public Guid Id { get; private set; }

    public string AccessToken { get; private set; } = "";

    public string RefreshToken { get; private set; } = "";

    public static async Task<TestDevice> EnrolAsync(HttpClient office, Uri gateway, string rep)
    {
        var device = new TestDevice(gateway);
        (await device.EnrolAsync(await CodeAsync(office, rep))).EnsureSuccessStatusCode();
        return device;
    }

    public static async Task<string> CodeAsync(HttpClient office, string rep = "Ada")
    {
        var answer = await office.PostAsJsonAsync("/v1/office/enrolment-codes", new { rep = new { name = rep }, branch = "MAIN" });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()!;
    }

    public async Task<HttpResponseMessage> EnrolAsync(string code)
    {
        var answer = await http.PostAsJsonAsync("/v1/devices/enrol", new { code, hardwareId = "hw-1", publicKey = Convert.ToBase64String(Key.ExportSubjectPublicKeyInfo()), name = "Phone" });
        if (answer.StatusCode == HttpStatusCode.Created)
            Take(await answer.Content.ReadFromJsonAsync<JsonElement>());
        return answer;
    }

    public async Task<HttpResponseMessage> RefreshAsync(string? refreshToken = null)
    {
        refreshToken ??= RefreshToken;
        var signature = Key.SignData(Encoding.UTF8.GetBytes($"{Id:D}.{refreshToken}"), HashAlgorithmName.SHA256);
        return await http.PostAsJsonAsync("/v1/devices/token", new { deviceId = Id, refreshToken, signature = Convert.ToBase64String(signature) });
    }

    public async Task<IReadOnlyList<JsonElement>> PushAsync(params JsonObject[] records)
    {
        var answer = await SendAsync(An.Push(records));
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(body.GetProperty("end").GetBoolean());
        return [.. body.GetProperty("verdicts").EnumerateArray()];
    }

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
