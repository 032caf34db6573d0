using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.Tests.NetSuite;

/// <summary>The states of orders, what is made of them, and money received.</summary>
public sealed class NetSuiteSalesTests(SharedSandbox sandbox) : IClassFixture<SharedSandbox>
{
    [Fact]
    public async Task An_order_that_is_approved_can_be_invoiced_once_and_is_billed_then()
    {
        var suite = await Suite.OpenAsync(sandbox.Server, clock: sandbox.Clock);
        var id = (await suite.PutAsync("salesOrder/eid:O-1", await suite.OrderAsync(("B", 2, 10m)))).Id;
        var early = await suite.PostAsync($"salesOrder/{id}/!transform/invoice", new { });
        await suite.PatchAsync($"salesOrder/{id}", new { orderStatus = new { id = "B" } });
        await suite.ControlAsync(HttpMethod.Post, $"/records/salesOrder/{id}/fulfil");
        var fulfilled = await StateAsync(suite, id);

        var invoice = await suite.PostAsync($"salesOrder/{id}/!transform/invoice", new { externalId = "I-1" });

        Assert.Equal(("USER_ERROR", "Pending Billing", "Billed"), (early.Code, fulfilled, await StateAsync(suite, id)));
        var theirs = (await suite.GetAsync($"invoice/{invoice.Id}")).Body;
        Assert.Equal((24m, 24m, id), ((decimal)theirs["total"]!, (decimal)theirs["amountRemaining"]!, (string?)theirs["createdFrom"]!["id"]));
        Assert.Equal("USER_ERROR", (await suite.PostAsync($"salesOrder/{id}/!transform/cashSale", new { })).Code);
        Assert.Equal("48", (string?)(await suite.RowsAsync("SELECT quantityonhand FROM inventoryitemlocations"))[0]!["quantityonhand"]);
    }

    [Fact]
    public async Task An_order_whose_lines_are_all_closed_is_closed()
    {
        var suite = await Suite.OpenAsync(sandbox.Server, clock: sandbox.Clock);
        var id = (await suite.PutAsync("salesOrder/eid:O-1", await suite.OrderAsync(("A", 1, 10m), ("F", 1, 1m)))).Id;

        await suite.PatchAsync($"salesOrder/{id}", new { item = new { items = new[] { new { line = 1, isClosed = true }, new { line = 2, isClosed = true } } } });

        Assert.Equal("Closed", await StateAsync(suite, id));
        Assert.Equal(12m, (decimal)(await suite.GetAsync($"salesOrder/{id}"))["total"]);
    }

    [Fact]
    public async Task A_payment_pays_what_it_names_and_no_more_than_is_open_and_gives_it_back_when_it_goes()
    {
        var suite = await Suite.OpenAsync(sandbox.Server, clock: sandbox.Clock);
        var invoice = (await suite.PutAsync("invoice/eid:I-1", await suite.OrderAsync(("F", 1, 10m)))).Id;
        object Payment(decimal payment, decimal amount) => new { customer = new { externalId = "C-1" }, payment, undepFunds = true, autoApply = false, apply = new { items = new[] { new { doc = new { id = invoice }, apply = true, amount } } } };
        var over = await suite.PutAsync("customerPayment/eid:R-1", Payment(20, 10.01m));
        var paid = await suite.PutAsync("customerPayment/eid:R-1?replace=apply", Payment(15, 10m));
        await suite.PutAsync("customerPayment/eid:R-1?replace=apply", Payment(15, 10m));

        Assert.Equal("apply.items[0].amount", over.Path);
        Assert.Equal(5m, (decimal)(await suite.GetAsync($"customerPayment/{paid.Id}"))["unapplied"]);
        Assert.Equal("Paid In Full", (string?)(await suite.GetAsync($"invoice/{invoice}"))["status"]["refName"]);
        Assert.Equal("USER_ERROR", (await suite.DeleteAsync($"invoice/{invoice}")).Code);
        await suite.DeleteAsync($"customerPayment/{paid.Id}");
        Assert.Equal(10m, (decimal)(await suite.GetAsync($"invoice/{invoice}"))["amountRemaining"]);
    }

    [Fact]
    public async Task A_payment_made_of_a_customer_is_spread_over_the_oldest_invoices()
    {
        var suite = await Suite.OpenAsync(sandbox.Server, clock: sandbox.Clock);
        var invoice = await suite.OrderAsync(("F", 1, 10m));
        invoice["tranDate"] = "2026-11-02";
        var later = (await suite.PutAsync("invoice/eid:I-1", invoice)).Id;
        invoice["tranDate"] = "2026-11-01";
        var earlier = (await suite.PutAsync("invoice/eid:I-2", invoice)).Id;
        var customer = await suite.CustomerAsync();

        await suite.PostAsync($"customer/{customer}/!transform/customerPayment", new { payment = 12, autoApply = true });

        Assert.Equal((0m, 8m), ((decimal)(await suite.GetAsync($"invoice/{earlier}"))["amountRemaining"], (decimal)(await suite.GetAsync($"invoice/{later}"))["amountRemaining"]));
    }

    [Fact]
    public async Task A_deposit_belongs_to_an_order_of_its_customer_and_spells_undepFunds_as_the_account_does()
    {
        var suite = await Suite.OpenAsync(sandbox.Server, clock: sandbox.Clock);
        var order = (await suite.PutAsync("salesOrder/eid:O-1", await suite.OrderAsync(("A", 1, 10m)))).Id;
        await suite.CustomerAsync("C-2");
        object Deposit(string customer, object undepFunds) => new { customer = new { externalId = customer }, salesOrder = new { id = order }, payment = 38.5m, undepFunds };

        var strange = await suite.PutAsync("customerDeposit/eid:R-1", Deposit("C-2", true));
        var good = await suite.PutAsync("customerDeposit/eid:R-1", Deposit("C-1", true));
        var other = await suite.PutAsync("customerDeposit/eid:R-2", Deposit("C-1", new { id = "T" }));
        await suite.ControlAsync(HttpMethod.Put, "", new { undepFunds = "reference" });

        Assert.Equal(("salesOrder", 204, "undepFunds"), (strange.Path, good.Status, other.Path));
        Assert.Equal(204, (await suite.PutAsync("customerDeposit/eid:R-2", Deposit("C-1", new { id = "T" }))).Status);
        Assert.Equal("USER_ERROR", (await suite.DeleteAsync($"salesOrder/{order}")).Code);
    }

    [Fact]
    public async Task A_document_keeps_its_number_or_gets_one_and_a_number_may_be_refused_that_is_there()
    {
        var suite = await Suite.OpenAsync(sandbox.Server, new { uniqueTranIds = true }, sandbox.Clock);
        var order = await suite.OrderAsync(("A", 1, 10m));
        order["tranId"] = "FS-1";
        await suite.PutAsync("salesOrder/eid:O-1", order);
        var twin = await suite.PutAsync("salesOrder/eid:O-2", order);
        await suite.ControlAsync(HttpMethod.Put, "", new { uniqueTranIds = false, tranIdOverride = false });

        var theirs = await suite.WrittenAsync(order, "salesOrder/eid:O-2");

        Assert.Equal(("tranId", "SO2"), (twin.Path, (string?)theirs["tranId"]));
    }

    private static async Task<string?> StateAsync(Suite suite, string order) => (string?)(await suite.GetAsync($"salesOrder/{order}"))["status"]["refName"];
}
