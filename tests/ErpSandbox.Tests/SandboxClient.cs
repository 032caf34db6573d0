using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.Tests;

/// <summary>Talks to a sandbox, wherever it runs.</summary>
public class SandboxClient(Uri url)
{
    public HttpClient Http { get; } = new() { BaseAddress = url };

    /// <summary>Sets an organisation up through the control API and signs in to it.</summary>
    public async Task<ZohoOrg> OrgAsync(object settings, string id = "60001")
    {
        var answer = await Http.PutAsJsonAsync($"/_control/zoho/orgs/{id}", settings);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        var org = new ZohoOrg(this, id, JsonNode.Parse(text)!.AsObject());
        org.Token = (string?)(await org.RefreshAsync())["access_token"];
        return org;
    }

    public async Task<JsonObject> ControlAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, "/_control/" + path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await Http.SendAsync(request);
        return JsonSerializer.Deserialize<JsonObject>(await answer.Content.ReadAsStringAsync())!;
    }

    /// <summary>Back to nothing: no organisation, no faults.</summary>
    public async Task ResetAsync()
    {
        foreach (var org in JsonSerializer.Deserialize<JsonArray>(await Http.GetStringAsync("/_control/zoho/orgs"))!)
            await Http.DeleteAsync($"/_control/zoho/orgs/{(string?)org!["organization_id"]}");
        await Http.DeleteAsync("/_control/faults");
    }
}
