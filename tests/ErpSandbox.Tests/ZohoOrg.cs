using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.Tests;

/// <summary>What Zoho answered.</summary>
public sealed record ZohoReply(int Status, JsonObject Body, TimeSpan? RetryAfter)
{
    public int Code => (int)Body["code"]!;
    public (int Status, int Code) Outcome => (Status, Code);
    public JsonNode this[string name] => Body[name]!;
}

/// <summary>An organisation as an API client sees it.</summary>
public sealed class ZohoOrg(SandboxClient server, string id, JsonObject setUp)
{
    public string Id => id;
    public string? Token { get; set; }

    /// <summary>Which of the two products is spoken to.</summary>
    public string Api { get; init; } = "inventory/v1";

    /// <summary>The same organisation through Zoho Books.</summary>
    public ZohoOrg Books => new(server, id, setUp) { Token = Token, Api = "books/v3" };

    public JsonObject SetUp => setUp;

    public string TaxId(int index = 0) => (string)setUp["taxes"]![index]!["tax_id"]!;

    public async Task<JsonObject> RefreshAsync(string? refreshToken = null, string? secret = null)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "refresh_token",
            ["refresh_token"] = refreshToken ?? (string)setUp["refresh_token"]!,
            ["client_id"] = (string)setUp["client_id"]!,
            ["client_secret"] = secret ?? (string)setUp["client_secret"]!,
        });
        using var answer = await server.Http.PostAsync("/zoho/oauth/v2/token", form);
        Assert.Equal(200, (int)answer.StatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject();
    }

    public Task<ZohoReply> GetAsync(string path) => SendAsync(HttpMethod.Get, path);
    public Task<ZohoReply> PostAsync(string path, object? body = null) => SendAsync(HttpMethod.Post, path, body);
    public Task<ZohoReply> PutAsync(string path, object body) => SendAsync(HttpMethod.Put, path, body);
    public Task<ZohoReply> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    /// <summary>Sends one call as documented, with organization_id and token.</summary>
    public Task<ZohoReply> SendAsync(HttpMethod method, string path, object? body = null) =>
        SendAsync(method, path + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "organization_id=" + id,
            "Zoho-oauthtoken " + Token, body is null ? null : JsonContent.Create(body));

    /// <summary>Sends one call exactly as told.</summary>
    public async Task<ZohoReply> SendAsync(HttpMethod method, string path, string? authorization, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, $"/zoho/{Api}/{path}") { Content = content };
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var answer = await server.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return new ZohoReply((int)answer.StatusCode, JsonNode.Parse(text.Length > 0 ? text : "{}")!.AsObject(), answer.Headers.RetryAfter?.Delta);
    }

    public async Task<string> ContactAsync(string name = "Al Noor Grocery", string email = "omar@alnoor.example", string? recordId = null)
    {
        var reply = await PostAsync("contacts", new
        {
            contact_name = name,
            contact_type = "customer",
            contact_persons = new[] { new { first_name = "Omar", email, is_primary_contact = true } },
            custom_fields = new[] { new { api_name = "cf_ordersync_id", value = recordId ?? "c-" + email } },
        });
        Assert.Equal(201, reply.Status);
        return (string)reply["contact"]["contact_id"]!;
    }

    public async Task<string> ItemIdAsync(string sku) => (string)(await GetAsync($"items?sku={sku}"))["items"][0]!["item_id"]!;

    /// <summary>Creates a sales order under a number of its own.</summary>
    public Task<ZohoReply> OrderAsync(object body) => PostAsync("salesorders?ignore_auto_number_generation=true", body);

    public Task<JsonObject> SummaryAsync() => server.ControlAsync(HttpMethod.Get, $"zoho/orgs/{id}/summary");
}
