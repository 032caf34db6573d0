using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.Tests.Exchange;

public sealed class RequestLogTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ordersync-sandbox-");

    private string File => Path.Combine(folder.FullName, "calls", "run.jsonl");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Each_call_is_one_line_with_method_path_query_headers_body_and_status()
    {
        await using var sandbox = await SandboxServer.StartAsync(log: File);
        var org = await sandbox.OrgAsync(new { });
        await org.Books.PostAsync("contacts", new { contact_name = "Al Noor بقالة", contact_persons = new[] { new { email = "omar@alnoor.example" } } });
        await org.GetAsync("contacts/1?x=1");

        var lines = await LinesAsync();
        Assert.Equal(["POST /oauth/v2/token 200", "POST /books/v3/contacts 201", "GET /inventory/v1/contacts/1 404"],
            lines.Select(line => $"{line["method"]} {line["path"]} {line["status"]}"));
        Assert.All(lines, line =>
        {
            Assert.Equal(["time", "erp", "method", "path", "query", "headers", "body", "status", "fault"], line.Select(pair => pair.Key));
            Assert.Equal("zoho", (string?)line["erp"]);
        });
        Assert.Equal(("60001", "1"), ((string?)lines[2]["query"]!["organization_id"], (string?)lines[2]["query"]!["x"]));
        Assert.Equal("Al Noor بقالة", (string?)lines[1]["body"]!["contact_name"]);
        Assert.Equal("application/json; charset=utf-8", (string?)lines[1]["headers"]!["Content-Type"]);
        Assert.Null(lines[2]["body"]);
    }

    [Fact]
    public async Task No_secret_is_in_the_file()
    {
        await using var sandbox = await SandboxServer.StartAsync(log: File);
        var org = await sandbox.OrgAsync(new { });
        await org.RefreshAsync(refreshToken: "1000.wrong");
        await org.PostAsync("contacts", new { contact_name = "A", password = "hidden-1", nested = new[] { new { access_token = "hidden-2" } } });
        await sandbox.Http.PostAsync($"/zoho/oauth/v2/token/revoke?token={(string?)org.SetUp["refresh_token"]}", null);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/zoho/inventory/v1/contacts");
        request.Headers.TryAddWithoutValidation("Authorization", "hidden-3");
        request.Headers.TryAddWithoutValidation("Cookie", "session=hidden-4");
        await sandbox.Http.SendAsync(request);

        var text = await ReadAsync();
        foreach (var secret in new[] { org.Token!, (string)org.SetUp["refresh_token"]!, (string)org.SetUp["client_secret"]!, "1000.wrong", "hidden-" })
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        var lines = await LinesAsync();
        Assert.Equal("Zoho-oauthtoken ***", (string?)lines[2]["headers"]!["Authorization"]);
        Assert.Equal(("***", "refresh_token"), ((string?)lines[0]["body"]!["client_secret"], (string?)lines[0]["body"]!["grant_type"]));
    }

    [Fact]
    public async Task A_call_that_got_no_answer_or_another_one_is_noted_with_its_fault()
    {
        await using var sandbox = await SandboxServer.StartAsync(log: File);
        var org = await sandbox.OrgAsync(new { });
        await sandbox.ControlAsync(HttpMethod.Put, "faults", new { dropAnswer = 1.0 });
        await Assert.ThrowsAsync<HttpRequestException>(() => org.ContactAsync());
        await sandbox.ControlAsync(HttpMethod.Put, "faults", new JsonObject { ["status"] = new JsonObject { ["503"] = 1.0 } });
        await org.PostAsync("contacts", new { contact_name = "Falcon" });
        Assert.Equal(["contacts  dropAnswer", "contacts 503 status503"],
            (await LinesAsync()).Skip(1).Select(line => $"{((string?)line["path"])!.Split('/')[^1]} {line["status"]} {line["fault"]}"));
    }

    [Fact]
    public async Task Without_the_setting_nothing_is_written()
    {
        await using var sandbox = await SandboxServer.StartAsync();
        await sandbox.OrgAsync(new { });
        Assert.Empty(folder.GetFileSystemInfos());
    }

    private async Task<string> ReadAsync()
    {
        await using var file = new FileStream(File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return await reader.ReadToEndAsync();
    }

    private async Task<List<JsonObject>> LinesAsync() =>
        (await ReadAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
}
