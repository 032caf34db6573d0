using System.Text.Json.Nodes;
using OrderSync.Testing;

namespace OrderSync.ErpSandbox.Tests.Zoho;

/// <summary>rules.md, "Contacts" and "Items".</summary>
public sealed class ZohoContactsTests(SharedSandbox shared) : IClassFixture<SharedSandbox>, IAsyncLifetime
{
    private readonly SandboxServer sandbox = shared.Server;
    private ZohoOrg org = null!;

    public async Task InitializeAsync()
    {
        await sandbox.ResetAsync();
        org = await sandbox.OrgAsync(new
        {
            taxes = new[] { new { tax_name = "VAT", tax_percentage = 8m } },
            items = new[] { new { sku = "SKU-1", name = "Bottle", rate = 4.99m, tax_percentage = 8m }, new { sku = "SKU-10", name = "Cage", rate = 9.99m, tax_percentage = 8m } },
        });
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_contact_is_kept_as_sent_with_its_persons_addresses_and_our_field()
    {
        var created = await org.PostAsync("contacts", new
        {
            contact_name = " Zoë & Søn 商店 ",
            company_name = "Zoë LLC",
            email = "ignored@at.top",
            contact_persons = new[] { new { first_name = "Zoë", email = "zoe@example.org", mobile = "+9715", is_primary_contact = true } },
            billing_address = new { address = "12 Market St", city = "Sharjah", country = "U.A.E" },
            custom_fields = new object[] { new { api_name = "cf_ordersync_id", value = "rec-1" }, new { api_name = "cf_unknown", value = "x" } },
        });
        Assert.Equal((201, 0), (created.Status, created.Code));
        var id = (string)created["contact"]["contact_id"]!;
        Assert.Matches("^[0-9]{16,19}$", id);
        var read = await org.GetAsync("contacts/" + id);
        Assert.True(JsonNode.DeepEquals(created["contact"], read["contact"]));
        Assert.Equal("Zoë & Søn 商店", (string?)read["contact"]["contact_name"]);
        Assert.Equal("zoe@example.org", (string?)read["contact"]["email"]);
        Assert.Equal("Sharjah", (string?)read["contact"]["billing_address"]!["city"]);
        Assert.Equal("rec-1", (string?)read["contact"]["custom_fields"]!.AsArray().Single()!["value"]);
    }

    [Fact]
    public async Task Two_contacts_cannot_share_a_name_when_created_or_renamed()
    {
        await org.ContactAsync("Falcon", "a@example.org");
        var other = await org.ContactAsync("Falcon (b@example.org)", "b@example.org");
        Assert.Equal((400, 3062), Outcome(await org.PostAsync("contacts", new { contact_name = " FALCON " })));
        Assert.Equal((400, 3062), Outcome(await org.PutAsync("contacts/" + other, new { contact_name = "Falcon" })));
        Assert.Equal(2, (int)(await org.SummaryAsync())["contacts"]!);
    }

    [Fact]
    public async Task A_contact_is_found_by_the_email_of_its_primary_person_only()
    {
        await org.PostAsync("contacts", new
        {
            contact_name = "Falcon",
            contact_persons = new object[] { new { email = "second@example.org" }, new { email = "first@example.org", is_primary_contact = true } },
        });
        Assert.Single(await NamesAsync("contacts?email=FIRST@example.org"));
        Assert.Empty(await NamesAsync("contacts?email=second@example.org"));
        Assert.Single(await NamesAsync("contacts?email_startswith=first@"));
        Assert.Single(await NamesAsync("contacts?email_contains=example"));
    }

    [Fact]
    public async Task A_name_is_searched_exactly_by_beginning_or_by_part()
    {
        await org.ContactAsync("Falcon", "a@example.org");
        await org.ContactAsync("Falcon East", "b@example.org");
        Assert.Equal(["Falcon"], await NamesAsync("contacts?contact_name=Falcon"));
        Assert.Equal(["Falcon", "Falcon East"], await NamesAsync("contacts?contact_name_startswith=Falc"));
        Assert.Equal(["Falcon East"], await NamesAsync("contacts?contact_name_contains=East"));
        Assert.Empty(await NamesAsync("contacts?contact_name=Falcon&email=b@example.org"));
        Assert.Equal((400, 2), Outcome(await org.GetAsync("contacts?contact_name=" + new string('x', 101))));
    }

    [Theory]
    [InlineData("cf_ordersync_id=rec-1")]
    [InlineData("emial=a@example.org")]
    [InlineData("last_modified_time=2999-01-01T00:00:00+0000")] // a plus sign that is not encoded arrives as a space
    public async Task A_filter_that_is_unknown_or_unreadable_is_ignored_without_a_word(string filter)
    {
        await org.ContactAsync("Falcon", "a@example.org");
        await org.ContactAsync("Eagle", "b@example.org");
        Assert.Equal(2, (await NamesAsync("contacts?" + filter)).Count);
    }

    [Fact]
    public async Task A_list_shows_neither_custom_fields_nor_addresses()
    {
        await org.ContactAsync();
        var row = (await org.GetAsync("contacts"))["contacts"][0]!.AsObject();
        Assert.False(row.ContainsKey("custom_fields"));
        Assert.False(row.ContainsKey("billing_address"));
    }

    [Fact]
    public async Task Persons_that_are_not_sent_again_are_gone_and_other_fields_stay()
    {
        var id = await org.ContactAsync("Falcon", "a@example.org", "rec-1");
        var updated = await org.PutAsync("contacts/" + id, new { notes = "Back door" });
        Assert.Equal((200, 0), Outcome(updated));
        Assert.Empty(updated["contact"]["contact_persons"]!.AsArray());
        Assert.Equal("Falcon", (string?)updated["contact"]["contact_name"]);
        Assert.Equal("rec-1", (string?)updated["contact"]["custom_fields"]![0]!["value"]);
        Assert.Empty(await NamesAsync("contacts?email=a@example.org"));
    }

    [Theory]
    [InlineData("{}", 4)]
    [InlineData("""{"contact_name":"  "}""", 4)]
    [InlineData("""{"contact_name":5}""", 2)]
    [InlineData("""{"contact_name":"A","contact_type":"friend"}""", 2)]
    [InlineData("""{"contact_name":"A","contact_persons":[{"is_primary_contact":false}]}""", 2)]
    [InlineData("""{"contact_name":"A","contact_persons":{}}""", 2)]
    [InlineData("""{"contact_name":"A","currency_id":"1"}""", 1002)]
    [InlineData("""{"contact_name":"A","pricebook_id":"1"}""", 1002)]
    [InlineData("""{"contact_name":"{201}"}""", 2)]
    [InlineData("""{"contact_name":"A","billing_address":{"city":"{201}"}}""", 2)]
    [InlineData("""{"contact_name":"A","contact_persons":[{"email":"{201}"}]}""", 2)]
    public async Task A_contact_that_breaks_the_documented_form_is_refused(string body, int code)
    {
        using var content = new StringContent(body.Replace("{201}", new string('x', 201), StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json");
        var reply = await org.SendAsync(HttpMethod.Post, "contacts?organization_id=" + org.Id, "Zoho-oauthtoken " + org.Token, content);
        Assert.Equal((400, code), Outcome(reply));
        Assert.Equal(0, (int)(await org.SummaryAsync())["contacts"]!);
    }

    [Fact]
    public async Task What_does_not_exist_is_404_with_code_1002()
    {
        Assert.Equal((404, 1002), Outcome(await org.GetAsync("contacts/1")));
        Assert.Equal((404, 1002), Outcome(await org.PutAsync("contacts/1", new { notes = "" })));
        Assert.Equal((404, 1002), Outcome(await org.GetAsync("items/1")));
        Assert.Equal((404, 1002), Outcome(await org.GetAsync("salesorders/1")));
        Assert.Equal((400, 1002), Outcome(await org.GetAsync("itemdetails?item_ids=1")));
    }

    [Fact]
    public async Task An_item_is_found_by_its_SKU_and_shows_its_tax()
    {
        var reply = await org.GetAsync("items?sku=SKU-1");
        var item = reply["items"].AsArray().Single()!;
        Assert.Equal(("Bottle", 4.99m, org.TaxId()), ((string?)item["name"], (decimal)item["rate"]!, (string?)item["tax_id"]));
        Assert.Equal(2, (await org.GetAsync("items?sku_startswith=SKU-1"))["items"].AsArray().Count);
        Assert.Equal(2, (await org.GetAsync("items?colour=red"))["items"].AsArray().Count);
        var details = await org.GetAsync($"itemdetails?item_ids={await org.ItemIdAsync("SKU-10")},{await org.ItemIdAsync("SKU-1")}");
        Assert.Equal(["Cage", "Bottle"], details["items"].AsArray().Select(one => (string?)one!["name"]));
        Assert.Equal((400, 2), Outcome(await org.GetAsync("itemdetails?item_ids=" + string.Join(',', Enumerable.Range(1, 101)))));
    }

    [Fact]
    public async Task Lists_come_in_pages_of_at_most_200()
    {
        await sandbox.OrgAsync(new { items = Enumerable.Range(100, 399).Select(i => new { sku = $"P-{i}", name = $"Part {i}", rate = 1m }) });
        var first = await org.GetAsync("items?per_page=500");
        Assert.Equal(200, first["items"].AsArray().Count);
        Assert.Equal((1, 200, true), Context(first));
        var third = await org.GetAsync("items?page=3");
        Assert.Single(third["items"].AsArray());
        Assert.Equal((3, 200, false), Context(third));
        Assert.Equal((2, 200, true), Context(await org.GetAsync("items?page=2")));
    }

    [Fact]
    public async Task Rows_changed_since_a_time_are_found_and_can_be_sorted_by_it()
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 11, 21, 10, 0, 0, TimeSpan.Zero));
        await using var own = await SandboxServer.StartAsync(clock: clock);
        var items = new[] { new { sku = "A", name = "A", rate = 1m }, new { sku = "B", name = "B", rate = 1m } };
        var other = await own.OrgAsync(new { items });
        clock.Advance(TimeSpan.FromMinutes(5));
        await own.OrgAsync(new { items = new[] { new { sku = "A", name = "A", rate = 2m }, new { sku = "B", name = "B", rate = 1m } } });
        Assert.Equal(["A"], Skus(await other.GetAsync("items?last_modified_time=2026-11-21T10:05:00%2B0000")));
        Assert.Equal(["A", "B"], Skus(await other.GetAsync("items?last_modified_time=2026-11-21T10:00:00Z")));
        Assert.Equal(["B", "A"], Skus(await other.GetAsync("items?sort_column=last_modified_time&sort_order=A")));
    }

    private static IEnumerable<string?> Skus(ZohoReply reply) => reply["items"].AsArray().Select(item => (string?)item!["sku"]);

    private async Task<List<string?>> NamesAsync(string path) =>
        (await org.GetAsync(path))["contacts"].AsArray().Select(row => (string?)row!["contact_name"]).ToList();

    private static (int, int, bool) Context(ZohoReply reply) =>
        ((int)reply["page_context"]["page"]!, (int)reply["page_context"]["per_page"]!, (bool)reply["page_context"]["has_more_page"]!);

    private static (int Status, int Code) Outcome(ZohoReply reply) => (reply.Status, reply.Code);
}
