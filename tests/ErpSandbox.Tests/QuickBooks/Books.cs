using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.Tests.QuickBooks;

/// <summary>What QuickBooks answered.</summary>
public sealed record Reply(int Status, string Text, string? Type)
{
    public JsonNode Body => JsonNode.Parse(Text)!;

    /// <summary>The code of the fault.</summary>
    public string? Code => (string?)Body["Fault"]?["Error"]?[0]?["code"];

    public JsonNode this[string name] => Body[name]!;
}

/// <summary>One company of the stand-in as an app sees it.</summary>
public sealed class Books(SandboxClient server, string realm, JsonObject made)
{
    private static int realms = 910_000;

    public string? Token { get; set; }

    public JsonObject Made => made;

    public string Realm => realm;

    public static async Task<Books> OpenAsync(SandboxClient server, object? settings = null)
    {
        var realm = $"{Interlocked.Increment(ref realms)}";
        var body = System.Text.Json.JsonSerializer.SerializeToNode(settings ?? new { })!.AsObject();
        body["taxes"] ??= JsonNode.Parse("""[{"name":"Ten","rate":10},{"name":"Twelve","rate":12},{"name":"Twenty","rate":20}]""");
        body["items"] ??= JsonNode.Parse("""[{"sku":"A","name":"Olive oil","price":3.35},{"sku":"B","name":"Water","price":1,"stock":50}]""");
        using var answer = await server.Http.PutAsJsonAsync($"/_control/quickbooks/companies/{realm}", body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        var books = new Books(server, realm, JsonNode.Parse(text)!.AsObject());
        books.Token = (string?)(await books.RefreshAsync())["access_token"];
        return books;
    }

    public async Task PutAsync(object settings)
    {
        using var answer = await server.Http.PutAsJsonAsync($"/_control/quickbooks/companies/{realm}", settings);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public string TaxCode(string name) => (string)made["taxes"]!.AsArray().First(tax => (string)tax!["name"]! == name)!["id"]!;

    public async Task<JsonNode> RefreshAsync(string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/quickbooks/oauth2/v1/tokens/bearer");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{made["clientId"]}:{made["clientSecret"]}")));
        request.Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "refresh_token", ["refresh_token"] = token ?? (string)made["refreshToken"]! });
        using var answer = await server.Http.SendAsync(request);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    public Task<Reply> PostAsync(string path, object body) => SendAsync(HttpMethod.Post, path, body);

    public Task<Reply> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Reply> QueryAsync(string query) => GetAsync($"query?query={Uri.EscapeDataString(query)}");

    public async Task<Reply> SendAsync(HttpMethod method, string path, object? body = null, string version = "75")
    {
        using var request = new HttpRequestMessage(method, $"/quickbooks/v3/company/{realm}/{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}minorversion={version}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        request.Content = body is null ? null : JsonContent.Create(body, options: new() { PropertyNamingPolicy = null });
        using var answer = await server.Http.SendAsync(request);
        return new((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Content.Headers.ContentType?.MediaType);
    }

    public async Task<string> CustomerAsync(string name = "Al Noor Grocery") => (string)(await PostAsync("customer", new { DisplayName = name }))["Customer"]["Id"]!;

    public async Task<string> ItemAsync(string sku = "A") => (string)(await QueryAsync($"select * from Item where Sku = '{sku}'"))["QueryResponse"]["Item"]![0]!["Id"]!;

    /// <summary>A document of lines (quantity, price, tax code), each for item A.</summary>
    public async Task<JsonObject> DocumentAsync(string? number, string taxCalculation, params (decimal Quantity, decimal Price, string? Code)[] lines)
    {
        var item = await ItemAsync();
        var document = new JsonObject { ["CustomerRef"] = new JsonObject { ["value"] = await CustomerAsync($"Customer {Guid.NewGuid():N}") }, ["GlobalTaxCalculation"] = taxCalculation };
        if (number is not null)
            document["DocNumber"] = number;
        document["Line"] = new JsonArray([.. lines.Select(line => (JsonNode)new JsonObject
        {
            ["DetailType"] = "SalesItemLineDetail", ["Amount"] = decimal.Round(line.Quantity * line.Price, 2, MidpointRounding.AwayFromZero),
            ["SalesItemLineDetail"] = new JsonObject { ["ItemRef"] = new JsonObject { ["value"] = item }, ["Qty"] = line.Quantity, ["UnitPrice"] = line.Price, ["TaxCodeRef"] = line.Code is null ? null : new JsonObject { ["value"] = line.Code } },
        })]);
        return document;
    }
}
