using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using OrderSync.Testing;

namespace OrderSync.ErpSandbox.Tests.Journal;

public sealed class JournalTests : IDisposable
{
    private static readonly object SetUp = new
    {
        name = "Falcon",
        tax_level = "line",
        taxes = new[] { new { tax_name = "VAT", tax_percentage = 8m } },
        locations = new[] { "Main", "Van 1" },
        salespersons = new[] { "Ann" },
        items = new[] { new { sku = "SKU-1", name = "Bottle", rate = 4.99m, tax_percentage = 8m, category = "Water", group = "Bottles", stock = new Dictionary<string, int> { ["Main"] = 10 } } },
        pricebooks = new[] { new { name = "Dealers", items = new[] { new { sku = "SKU-1", rate = 4.5m } } } },
    };

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ordersync-sandbox-");

    private string File => Path.Combine(folder.FullName, "erp-sandbox.jsonl");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Everything_acknowledged_is_there_after_a_restart()
    {
        JsonNode before;
        string? token;
        await using (var sandbox = await SandboxServer.StartAsync(state: folder.FullName))
        {
            var org = await sandbox.OrgAsync(SetUp);
            token = org.Token;
            await FillAsync(org, "FS-1");
            await FillMoreAsync(org);
            await org.PostAsync($"contacts/{await org.ContactAsync("Eagle", "e@example.org")}/address", new { city = "Dubai" });
            before = await EverythingAsync(org);
        }

        await using var again = await SandboxServer.StartAsync(state: folder.FullName);
        // Not the whole set-up: it would put the stock back to what it was before an invoice took some.
        var same = await again.OrgAsync(new { });
        Assert.True(JsonNode.DeepEquals(before, await EverythingAsync(same)));
        same.Token = token;
        Assert.Equal(200, (await same.GetAsync("contacts")).Status);
        Assert.Equal(13011, (await OrderAsync(same, "FS-1")).Code);
        Assert.Equal(3062, (await same.PostAsync("contacts", new { contact_name = "falcon" })).Code);
        var known = before.ToJsonString();
        var id = (string)(await OrderAsync(same, "FS-2"))["salesorder"]["salesorder_id"]!;
        Assert.DoesNotContain(id, known, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refresh_token_that_someone_consented_to_is_good_after_a_restart_and_a_revoked_one_is_not()
    {
        string kept, revoked;
        await using (var sandbox = await SandboxServer.StartAsync(state: folder.FullName))
        {
            var org = await sandbox.OrgAsync(new { client_id = "1000.APP", client_secret = "s" });
            (kept, revoked) = (await ConsentAsync(sandbox, org), await ConsentAsync(sandbox, org));
            await sandbox.Http.PostAsync($"/zoho/oauth/v2/token/revoke?token={revoked}", null);
        }

        await using var again = await SandboxServer.StartAsync(state: folder.FullName);
        var same = await again.OrgAsync(new { });
        Assert.Null((await same.RefreshAsync(kept))["error"]);
        Assert.Equal("invalid_code", (string?)(await same.RefreshAsync(revoked))["error"]);
    }

    [Fact]
    public async Task An_answer_leaves_only_when_its_write_is_in_the_file()
    {
        await using var sandbox = await SandboxServer.StartAsync(state: folder.FullName);
        var org = await sandbox.OrgAsync(SetUp);
        for (var i = 0; i < 20; i++)
        {
            await org.ContactAsync($"Falcon {i}");
            Assert.Contains($"Falcon {i}\"", await ReadAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Everything_acknowledged_is_there_after_kill_9_in_the_middle_of_writing()
    {
        var settings = new Dictionary<string, string> { ["Sandbox__Profile"] = "unlimited", ["Sandbox__State"] = folder.FullName };
        await using var process = await ServiceProcess.StartAsync("services/ErpSandbox", settings);
        var org = await new SandboxClient(process.Url).OrgAsync(SetUp);
        var acknowledged = new ConcurrentBag<string>();
        var writers = Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; ; i++)
            {
                await org.ContactAsync($"Falcon {writer}-{i}");
                acknowledged.Add($"Falcon {writer}-{i}");
            }
        })).ToArray();
        await Eventually.TrueAsync(() => acknowledged.Count > 200, "two hundred contacts");
        await process.KillAsync();
        foreach (var writer in writers)
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => writer);

        await process.StartAsync();
        foreach (var name in acknowledged)
            Assert.Single((await org.GetAsync("contacts?contact_name=" + Uri.EscapeDataString(name)))["contacts"].AsArray());
    }

    [Fact]
    public async Task A_last_line_cut_short_by_a_crash_is_dropped_and_the_rest_stays()
    {
        await using (var sandbox = await SandboxServer.StartAsync(state: folder.FullName))
            await FillAsync(await sandbox.OrgAsync(SetUp), "FS-1");
        var whole = new FileInfo(File).Length;
        await System.IO.File.AppendAllTextAsync(File, """{"Kind":"zoho.salesorder","Scope":"60001","Value":{"salesorder_id":"48""");

        await using (var again = await SandboxServer.StartAsync(state: folder.FullName))
        {
            Assert.Equal(whole, new FileInfo(File).Length);
            var org = await again.OrgAsync(SetUp);
            Assert.Equal(1, (int)(await org.SummaryAsync())["salesorders"]!);
            Assert.Equal(201, (await OrderAsync(org, "FS-2")).Status);
        }

        await using var third = await SandboxServer.StartAsync(state: folder.FullName);
        Assert.Equal(2, (int)(await (await third.OrgAsync(SetUp)).SummaryAsync())["salesorders"]!);
    }

    [Fact]
    public async Task A_damaged_line_in_the_middle_stops_the_start_and_names_the_line()
    {
        await System.IO.File.WriteAllTextAsync(File, "{\"Kind\":\"zoho.dam\naged\"}\n");
        var trouble = await Assert.ThrowsAsync<InvalidDataException>(() => SandboxServer.StartAsync(state: folder.FullName));
        Assert.Contains("Line 1", trouble.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_sandboxes_cannot_share_a_journal()
    {
        await using var sandbox = await SandboxServer.StartAsync(state: folder.FullName);
        await Assert.ThrowsAsync<IOException>(() => SandboxServer.StartAsync(state: folder.FullName));
    }

    [Fact]
    public async Task A_deleted_organisation_stays_deleted()
    {
        await using (var sandbox = await SandboxServer.StartAsync(state: folder.FullName))
        {
            await FillAsync(await sandbox.OrgAsync(SetUp), "FS-1");
            await sandbox.Http.DeleteAsync("/_control/zoho/orgs/60001");
        }

        await using var again = await SandboxServer.StartAsync(state: folder.FullName);
        var org = await again.OrgAsync(new { });
        Assert.Equal((0, 0), ((int)(await org.SummaryAsync())["salesorders"]!, (int)(await org.SummaryAsync())["items"]!));
    }

    [Fact]
    public async Task Without_a_state_folder_a_restart_forgets()
    {
        await using (var sandbox = await SandboxServer.StartAsync())
            await FillAsync(await sandbox.OrgAsync(SetUp), "FS-1");
        await using var again = await SandboxServer.StartAsync();
        Assert.Equal(404, (int)(await again.Http.GetAsync("/_control/zoho/orgs/60001/summary")).StatusCode);
    }

    [Fact]
    public async Task Setting_an_organisation_up_the_same_way_again_writes_nothing()
    {
        await using var sandbox = await SandboxServer.StartAsync(state: folder.FullName);
        await sandbox.OrgAsync(SetUp);
        var before = (await ReadAsync()).Split('\n').Count(line => !line.Contains("zoho.token", StringComparison.Ordinal));
        await sandbox.OrgAsync(SetUp);
        Assert.Equal(before, (await ReadAsync()).Split('\n').Count(line => !line.Contains("zoho.token", StringComparison.Ordinal)));
    }

    private static async Task<string> ConsentAsync(SandboxServer sandbox, ZohoOrg org)
    {
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = sandbox.Http.BaseAddress };
        var asked = new Dictionary<string, string>
        {
            ["response_type"] = "code", ["client_id"] = "1000.APP", ["scope"] = "ZohoInventory.FullAccess.all", ["redirect_uri"] = "http://127.0.0.1:1/",
            ["access_type"] = "offline", ["prompt"] = "consent", ["organization_id"] = org.Id, ["decision"] = "accept",
        };
        using var back = await browser.PostAsync("/zoho/oauth/v2/auth", new FormUrlEncodedContent(asked));
        var code = System.Web.HttpUtility.ParseQueryString(back.Headers.Location!.Query)["code"]!;
        using var tokens = await browser.PostAsync("/zoho/oauth/v2/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = "http://127.0.0.1:1/", ["client_id"] = "1000.APP", ["client_secret"] = "s",
        }));
        return (string)JsonNode.Parse(await tokens.Content.ReadAsStringAsync())!["refresh_token"]!;
    }

    private async Task<string> ReadAsync()
    {
        await using var stream = new FileStream(File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    private static async Task FillAsync(ZohoOrg org, string number)
    {
        await org.ContactAsync("Falcon", "f@example.org");
        var created = await OrderAsync(org, number);
        await org.PostAsync($"salesorders/{(string?)created["salesorder"]["salesorder_id"]}/status/confirmed");
    }

    // One of every other kind, changed after it was made, and some deleted.
    private static async Task FillMoreAsync(ZohoOrg org)
    {
        var customer = (string?)(await org.GetAsync("contacts?email=f@example.org"))["contacts"][0]!["contact_id"];
        var order = (await org.GetAsync("salesorders"))["salesorders"][0]!["salesorder_id"];
        var invoice = (await org.Books.PostAsync("invoices/fromsalesorder?salesorder_id=" + order))["invoice"]["invoice_id"];
        await org.PostAsync("customerpayments", new { customer_id = customer, payment_mode = "cash", amount = 5, invoices = new[] { new { invoice_id = (string?)invoice, amount_applied = 4 } } });
        var lines = new[] { new { name = "A", rate = 1 } };
        var estimate = (await org.Books.PostAsync("estimates", new { customer_id = customer, line_items = lines }))["estimate"]["estimate_id"];
        await org.Books.PostAsync($"estimates/{estimate}/status/sent");
        await org.Books.PostAsync("salesreceipts", new { customer_id = customer, payment_mode = "cash", line_items = lines });
        var gone = (await org.OrderAsync(new { customer_id = customer, salesorder_number = "GONE", line_items = lines }))["salesorder"]["salesorder_id"];
        await org.DeleteAsync("salesorders/" + gone);
        await org.DeleteAsync("contacts/" + await org.ContactAsync("Gone", "g@example.org"));
    }

    private static async Task<ZohoReply> OrderAsync(ZohoOrg org, string number) => await org.OrderAsync(new
    {
        customer_id = (string?)(await org.GetAsync("contacts?email=f@example.org"))["contacts"][0]!["contact_id"],
        salesorder_number = number,
        line_items = new[] { new { item_id = await org.ItemIdAsync("SKU-1"), quantity = 3, tax_id = org.TaxId() } },
    });

    private static async Task<JsonNode> EverythingAsync(ZohoOrg org)
    {
        var all = new JsonArray(org.SetUp.DeepClone());
        all[0]!.AsObject().Remove("api_domain");
        all[0]!.AsObject().Remove("accounts_server");
        foreach (var list in new[] { "items", "contacts", "salesorders" })
        {
            foreach (var row in (await org.GetAsync(list))[list].AsArray())
                all.Add((await org.GetAsync($"{list}/{(string?)row![list[..^1] + "_id"]}")).Body);
        }

        foreach (var (list, name, id) in new[] { ("invoices", "invoices", "invoice_id"), ("customerpayments", "customerpayments", "payment_id"), ("estimates", "estimates", "estimate_id"), ("salesreceipts", "sales_receipts", "sales_receipt_id") })
        {
            foreach (var row in (await org.Books.GetAsync(list))[name].AsArray())
                all.Add((await org.Books.GetAsync($"{list}/{(string?)row![id]}")).Body);
        }

        foreach (var list in new[] { "pricebooks", "locations", "salespersons", "categories", "itemgroups" })
            all.Add((await org.GetAsync(list)).Body);
        all.Add(await org.SummaryAsync());
        return all;
    }
}
