using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.Tests.Zoho;

/// <summary>An organisation with a customer and an item of 4.99 taxed at 8 %, for tests of one kind of document.</summary>
public abstract class ZohoShop(SharedSandbox shared) : IClassFixture<SharedSandbox>, IAsyncLifetime
{
    protected SharedSandbox Shared => shared;
    protected SandboxServer Sandbox => shared.Server;
    protected ZohoOrg Org { get; private set; } = null!;
    protected ZohoOrg Books => Org.Books;
    protected string Customer { get; private set; } = null!;
    protected string Item { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Sandbox.ResetAsync();
        Org = await Sandbox.OrgAsync(new
        {
            taxes = new[] { new { tax_name = "VAT", tax_percentage = 8m } },
            items = new object[] { new { sku = "SKU-1", name = "Bottle", rate = 4.99m, unit = "pcs", tax_percentage = 8m } },
        });
        Customer = await Org.ContactAsync();
        Item = await Org.ItemIdAsync("SKU-1");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>A body with two bottles: 9.98, tax 0.80, total 10.78.</summary>
    protected JsonObject Body(string? numberField = null, string number = "X-1")
    {
        var body = new JsonObject
        {
            ["customer_id"] = Customer,
            ["reference_number"] = "PO-1",
            ["date"] = "2026-11-21",
            ["line_items"] = new JsonArray(new JsonObject { ["item_id"] = Item, ["quantity"] = 2, ["rate"] = 4.99m, ["tax_id"] = Org.TaxId() }),
            ["custom_fields"] = new JsonArray(new JsonObject { ["api_name"] = "cf_ordersync_id", ["value"] = "rec-" + number }),
        };
        if (numberField is not null)
            body[numberField] = number;
        return body;
    }

    /// <summary>A sales order FS-1 and the id of its line.</summary>
    protected async Task<(string Id, string Line)> OrderAsync(string number = "FS-1")
    {
        var order = (await Org.OrderAsync(Body("salesorder_number", number)))["salesorder"];
        return ((string)order["salesorder_id"]!, (string)order["line_items"]![0]!["line_item_id"]!);
    }

    protected async Task<JsonNode> ReadAsync(string list, string id, string entity) => (await Org.GetAsync($"{list}/{id}"))[entity];

    protected static string? OurId(JsonNode document) => (string?)document["custom_fields"]!.AsArray().SingleOrDefault()?["value"];
}
