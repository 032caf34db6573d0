using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Testing;

namespace OrderSync.EndToEnd.Tests.Office;

/// <summary>A device by the protocol, without the client library.</summary>
public sealed class PulledDevice : IDisposable
{
    private readonly HttpClient http;
    private string? cursor;

    private PulledDevice(HttpClient http) => this.http = http;

    public static async Task<PulledDevice> EnrolAsync(HttpClient office)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var code = await office.PostAsJsonAsync("/v1/office/enrolment-codes", new { rep = new { name = "Ada" }, branch = "MAIN" });
        var http = new HttpClient { BaseAddress = office.BaseAddress };
        var enrolled = await http.PostAsJsonAsync("/v1/devices/enrol", new
        {
            code = (await code.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString(), hardwareId = $"hw-{Guid.NewGuid():N}", publicKey = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()),
        });
        Assert.True(enrolled.IsSuccessStatusCode, await enrolled.Content.ReadAsStringAsync());
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await enrolled.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString());
        return new PulledDevice(http);
    }

    /// <summary>What the next pull tells: key of the row, then the row or its tombstone, by collection.</summary>
    public async Task<ILookup<string, (string Key, JsonElement Line)>> PullAsync()
    {
        var text = await http.GetStringAsync($"/v1/sync/pull{(cursor is null ? "" : $"?cursor={cursor}")}");
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        cursor = lines[^1].GetProperty("end").GetProperty("cursor").GetString();
        return lines.Where(line => line.TryGetProperty("c", out _)).ToLookup(line => line.GetProperty("c").GetString()!, line => (line.GetProperty("k").GetString()!, line));
    }

    /// <summary>Sends records; all of them are to be accepted.</summary>
    public async Task PushAsync(params IEnumerable<JsonObject> records)
    {
        using var body = new ByteArrayContent(An.Push(records));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await http.PostAsync("/v1/sync/push", body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode && !text.Contains("\"refused\"", StringComparison.Ordinal), text);
    }

    public void Dispose() => http.Dispose();
}
