using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.Tests.NetSuite;

/// <summary>What NetSuite answered.</summary>
public sealed record Reply(int Status, string Text, string? Location, string? Type)
{
    public JsonNode Body => JsonNode.Parse(Text)!;

    /// <summary>The code of the refusal.</summary>
    public string? Code => Status < 400 ? null : (string?)Body["o:errorDetails"]![0]!["o:errorCode"];

    public string? Path => (string?)Body["o:errorDetails"]![0]!["o:errorPath"];

    /// <summary>The id that was written.</summary>
    public string Id => Location?.Split('/')[^1] ?? throw new InvalidOperationException($"{Status} {Text}");

    public JsonNode this[string name] => Body[name]!;
}

/// <summary>One account of the stand-in as an integration sees it.</summary>
public sealed class Suite(SandboxClient server, string id, JsonObject made)
{
    private static readonly Lazy<ECDsa> Key = new(() => ECDsa.Create(ECCurve.NamedCurves.nistP256));
    private static int accounts = 920_000;

    public string Id => id;

    public string? Token { get; set; }

    public string CertificateId { get; private set; } = "";

    public string ClientId => (string)made["clientId"]!;

    public string TokenUrl => $"{made["address"]}/services/rest/auth/oauth2/v1/token";

    public static async Task<Suite> OpenAsync(SandboxClient server, object? settings = null, TimeProvider? clock = null)
    {
        var account = $"{Interlocked.Increment(ref accounts)}-sb1";
        var body = JsonSerializer.SerializeToNode(settings ?? new { })!.AsObject();
        body["taxes"] ??= JsonNode.Parse("""[{"name":"Ten","rate":10},{"name":"Twenty","rate":20}]""");
        body["locations"] ??= JsonNode.Parse("""["Main","Van"]""");
        body["items"] ??= JsonNode.Parse("""
            [{"sku":"A","name":"Olive oil","price":3.35,"tax":"Ten"},{"sku":"B","name":"Water","price":1,"stock":{"Main":50},"tax":"Twenty"},{"sku":"F","name":"Free","price":5},
             {"sku":"OFF","type":"discountItem"},{"sku":"SUM","type":"subtotalItem"}]
            """);
        var suite = new Suite(server, account, await ControlAsync(server, HttpMethod.Put, account, body));
        var certificate = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=Test", Key.Value, HashAlgorithmName.SHA256)
            .CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero)).ExportCertificatePem();
        suite.CertificateId = (string)(await ControlAsync(server, HttpMethod.Post, $"{account}/certificates", new JsonObject { ["certificate"] = certificate }))["certificateId"]!;
        suite.Token = (string?)(await suite.TokenAsync(suite.Assertion(clock ?? TimeProvider.System)))["access_token"];
        return suite;
    }

    public Task<JsonObject> ControlAsync(HttpMethod method, string path, object? body = null) => ControlAsync(server, method, $"{id}{path}", body);

    public Suite On(SandboxClient other) => new(other, id, made) { Token = Token, CertificateId = CertificateId };

    /// <summary>A signed assertion, of which a test may change the header and the claims.</summary>
    public string Assertion(TimeProvider clock, Action<JsonObject, JsonObject>? change = null, Func<byte[], byte[]>? sign = null)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var header = new JsonObject { ["typ"] = "JWT", ["alg"] = "ES256", ["kid"] = CertificateId };
        var payload = new JsonObject { ["iss"] = ClientId, ["scope"] = "rest_webservices", ["aud"] = TokenUrl, ["iat"] = now, ["exp"] = now + 600 };
        change?.Invoke(header, payload);
        var text = $"{Part(header)}.{Part(payload)}";
        var data = Encoding.ASCII.GetBytes(text);
        return $"{text}.{Base64Url.EncodeToString(sign?.Invoke(data) ?? Key.Value.SignData(data, HashAlgorithmName.SHA256))}";

        static string Part(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));
    }

    public async Task<JsonNode> TokenAsync(string assertion)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", ["client_assertion"] = assertion,
        });
        using var answer = await server.Http.PostAsync(new Uri($"/netsuite/{id}/services/rest/auth/oauth2/v1/token", UriKind.Relative), form);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    public Task<Reply> PutAsync(string path, object body, bool strict = true) => SendAsync(HttpMethod.Put, "record/v1/" + path, body, strict: strict);

    public Task<Reply> PostAsync(string path, object? body = null) => SendAsync(HttpMethod.Post, "record/v1/" + path, body);

    public Task<Reply> PatchAsync(string path, object body) => SendAsync(HttpMethod.Patch, "record/v1/" + path, body);

    public Task<Reply> GetAsync(string path) => SendAsync(HttpMethod.Get, "record/v1/" + path);

    public Task<Reply> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, "record/v1/" + path);

    public Task<Reply> QueryAsync(string query, string page = "", string? prefer = "transient") => SendAsync(HttpMethod.Post, $"query/v1/suiteql{page}", new { q = query }, prefer);

    public async Task<JsonArray> RowsAsync(string query)
    {
        var reply = await QueryAsync(query);
        Assert.True(reply.Status == 200, reply.Text);
        return reply["items"].AsArray();
    }

    public async Task<Reply> SendAsync(HttpMethod method, string path, object? body = null, string? prefer = null, bool strict = true)
    {
        using var request = new HttpRequestMessage(method, new Uri($"/netsuite/{id}/services/rest/{path}", UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        if (prefer is not null)
            request.Headers.Add("Prefer", prefer);
        if (strict)
            request.Headers.Add("X-NetSuite-PropertyNameValidation", "Error");
        request.Content = body is null ? null : JsonContent.Create(body, options: new() { PropertyNamingPolicy = null });
        using var answer = await server.Http.SendAsync(request);
        return new((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.Location?.ToString(), answer.Content.Headers.ContentType?.MediaType);
    }

    public async Task<string> CustomerAsync(string externalId = "C-1") =>
        (await PutAsync($"customer/eid:{externalId}", new { companyName = $"Shop {externalId}" })).Id;

    public async Task<string> ItemAsync(string sku) => (string)(await RowsAsync($"SELECT id FROM item WHERE itemid = '{sku}'"))[0]!["id"]!;

    /// <summary>An order of lines (SKU, quantity, rate) for a customer of its own.</summary>
    public async Task<JsonObject> OrderAsync(params (string Sku, decimal Quantity, decimal Rate)[] lines)
    {
        await CustomerAsync();
        var rows = new JsonArray();
        foreach (var (sku, quantity, rate) in lines)
            rows.Add(new JsonObject { ["item"] = new JsonObject { ["id"] = await ItemAsync(sku) }, ["quantity"] = quantity, ["rate"] = rate, ["price"] = new JsonObject { ["id"] = "-1" } });
        return new JsonObject { ["entity"] = new JsonObject { ["externalId"] = "C-1" }, ["item"] = new JsonObject { ["items"] = rows } };
    }

    /// <summary>Writes a document and reads it whole.</summary>
    public async Task<JsonNode> WrittenAsync(JsonObject document, string path = "salesOrder/eid:O-1")
    {
        var written = await PutAsync(path, document);
        Assert.True(written.Status == 204, written.Text);
        return (await GetAsync($"{path.Split('/')[0]}/{written.Id}?expandSubResources=true")).Body;
    }

    private static async Task<JsonObject> ControlAsync(SandboxClient server, HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, new Uri($"/_control/netsuite/accounts/{path}", UriKind.Relative)) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await server.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return text.StartsWith('{') ? JsonNode.Parse(text)!.AsObject() : [];
    }
}
