using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.Tests.Zoho;

/// <summary>rules.md, "Invoices" and "Customer payments".</summary>
public sealed class ZohoInvoicesTests(SharedSandbox shared) : ZohoShop(shared)
{
    [Fact]
    public async Task An_invoice_of_an_order_marks_the_order_and_no_more_is_invoiced_than_was_ordered()
    {
        var (order, line) = await OrderAsync();
        var first = await InvoiceAsync(line, 1);
        Assert.Equal((201, "draft", "FS-1", 5.39m), (first.Status, (string?)first["invoice"]["status"], (string?)first["invoice"]["salesorder_number"], (decimal)first["invoice"]["balance"]!));
        var read = await ReadAsync("salesorders", order, "salesorder");
        Assert.Equal(("confirmed", "partially_invoiced", 1m), ((string?)read["status"], (string?)read["invoiced_status"], (decimal)read["line_items"]![0]!["quantity_invoiced"]!));
        Assert.Equal("partially_invoiced", (string?)(await Books.GetAsync("salesorders/" + order))["salesorder"]["status"]);

        Assert.Equal((400, 2), (await InvoiceAsync(line, 2)).Outcome);
        Assert.Equal(201, (await InvoiceAsync(line, 1)).Status);
        read = await ReadAsync("salesorders", order, "salesorder");
        Assert.Equal(("invoiced", 2, "unpaid"), ((string?)read["invoiced_status"], read["invoices"]!.AsArray().Count, (string?)read["paid_status"]));
        Assert.Equal((400, 1002), (await InvoiceAsync("1", 1)).Outcome);
    }

    [Fact]
    public async Task Books_invoices_what_is_left_of_an_order_in_one_call()
    {
        var (order, line) = await OrderAsync();
        await InvoiceAsync(line, 0.5m);
        var rest = await Books.PostAsync("invoices/fromsalesorder?salesorder_id=" + order);
        Assert.Equal((201, 1.5m, 8.09m), (rest.Status, (decimal)rest["invoice"]["line_items"]![0]!["quantity"]!, (decimal)rest["invoice"]["total"]!));
        Assert.Equal((400, 4), (await Books.PostAsync("invoices/fromsalesorder?salesorder_id=" + order)).Outcome);
        Assert.Equal((400, 1002), (await Books.PostAsync("invoices/fromsalesorder?salesorder_id=1")).Outcome);
    }

    [Fact]
    public async Task An_invoiced_order_keeps_its_lines_and_is_neither_voided_nor_deleted_until_the_invoice_is_void()
    {
        var (order, line) = await OrderAsync();
        var invoice = Id(await InvoiceAsync(line, 2));
        Assert.Equal((400, 2), (await Org.PutAsync("salesorders/" + order, Body())).Outcome);
        Assert.Equal((200, 0), (await Org.PutAsync("salesorders/" + order, new { notes = "x" })).Outcome);
        Assert.Equal((400, 2), (await Org.PostAsync($"salesorders/{order}/status/void")).Outcome);
        Assert.Equal((400, 2), (await Org.DeleteAsync("salesorders/" + order)).Outcome);
        await Org.PostAsync($"invoices/{invoice}/status/void");
        var read = await ReadAsync("salesorders", order, "salesorder");
        Assert.Equal(("", 0m), ((string?)read["invoiced_status"], (decimal)read["line_items"]![0]!["quantity_invoiced"]!));
        Assert.Equal((200, 0), (await Org.PostAsync($"salesorders/{order}/status/void", new { reason = "Changed their mind" })).Outcome);
        Assert.Equal("Changed their mind", (string?)(await ReadAsync("salesorders", order, "salesorder"))["reason_for_void"]);
        Assert.Equal((400, 2), (await Org.PutAsync("invoices/" + invoice, new { notes = "x" })).Outcome);
    }

    [Fact]
    public async Task F105_Payments_pay_an_invoice_and_its_order_and_are_taken_off_again()
    {
        var (order, line) = await OrderAsync();
        var invoice = Id(await InvoiceAsync(line, 2));
        var payment = await PayAsync(10m, (invoice, 4m));
        Assert.Equal((201, 6m, "RCPT-1"), (payment.Status, (decimal)payment["payment"]["unused_amount"]!, (string?)payment["payment"]["reference_number"]));
        Assert.Equal(("partially_paid", 6.78m, "partially_paid"), await StateAsync(invoice, order));
        var id = (string?)payment["payment"]["payment_id"];
        Assert.Equal((400, 2), (await Org.DeleteAsync("invoices/" + invoice)).Outcome);

        await Org.PutAsync("customerpayments/" + id, new { amount = 10.78m, invoices = new[] { new { invoice_id = invoice, amount_applied = 10.78m } } });
        Assert.Equal(("paid", 0m, "paid"), await StateAsync(invoice, order));
        Assert.Equal(2, (await PayAsync(1m, (invoice, 1m))).Code);
        await Org.DeleteAsync("customerpayments/" + id);
        Assert.Equal(("sent", 10.78m, "unpaid"), await StateAsync(invoice, order));
        Assert.Equal((200, 0), (await Org.DeleteAsync("invoices/" + invoice)).Outcome);
        Assert.Empty((await ReadAsync("salesorders", order, "salesorder"))["invoices"]!.AsArray());
    }

    [Fact]
    public async Task What_was_paid_for_a_void_invoice_is_the_customers_credit()
    {
        var (_, line) = await OrderAsync();
        var invoice = Id(await InvoiceAsync(line, 2));
        var payment = (string?)(await PayAsync(10.78m, (invoice, 10.78m)))["payment"]["payment_id"];
        await Org.PostAsync($"invoices/{invoice}/status/void");
        Assert.Equal(10.78m, (decimal)(await Org.GetAsync("customerpayments/" + payment))["payment"]["unused_amount"]!);
        Assert.Equal("void", (string?)(await ReadAsync("invoices", invoice, "invoice"))["status"]);
        await Org.PostAsync($"invoices/{invoice}/status/draft");
        var read = await ReadAsync("invoices", invoice, "invoice");
        Assert.Equal(("draft", 10.78m), ((string?)read["status"], (decimal)read["balance"]!));
    }

    [Fact]
    public async Task A_payment_is_found_by_its_reference_which_nothing_keeps_unique()
    {
        await PayAsync(1m);
        await PayAsync(2m);
        var found = (await Org.GetAsync("customerpayments?reference_number=RCPT-1"))["customerpayments"].AsArray();
        Assert.Equal([1m, 2m], found.Select(row => (decimal)row!["amount"]!));
        Assert.Equal("rec-RCPT-1", OurId((await Org.GetAsync("customerpayments/" + found[0]!["payment_id"]))["payment"]));
        Assert.Equal(1, (int)(await Org.SummaryAsync())["duplicates_others"]!);
    }

    [Fact]
    public async Task Whether_a_payment_may_stand_without_an_invoice_is_a_setting_since_the_sources_differ()
    {
        await Sandbox.OrgAsync(new { payment_without_invoices = "refuse" });
        Assert.Equal((400, 4), (await PayAsync(1m)).Outcome);
    }

    [Theory]
    [InlineData("customer_id", "null", 4)]
    [InlineData("customer_id", "\"1\"", 1002)]
    [InlineData("amount", "0", 2)]
    [InlineData("amount", "null", 4)]
    [InlineData("payment_mode", "null", 4)]
    [InlineData("payment_mode", "\"Barzahlung\"", 2)]
    [InlineData("account_id", "\"1\"", 1002)]
    [InlineData("invoices", "[{\"invoice_id\":\"1\",\"amount_applied\":1}]", 1002)]
    [InlineData("invoices", "[{\"amount_applied\":1}]", 4)]
    public async Task A_payment_that_breaks_the_documented_form_is_refused(string field, string value, int code)
    {
        var body = Payment(5m);
        body[field] = JsonNode.Parse(value);
        Assert.Equal((400, code), (await Org.PostAsync("customerpayments", body)).Outcome);
        Assert.Equal(0, (int)(await Org.SummaryAsync())["customerpayments"]!);
    }

    [Fact]
    public async Task Books_wants_a_date_on_a_payment_and_payment_modes_may_be_in_another_language()
    {
        var body = Payment(5m);
        body.Remove("date");
        Assert.Equal((400, 4), (await Books.PostAsync("customerpayments", body)).Outcome);
        Assert.Equal(201, (await Org.PostAsync("customerpayments", body)).Status);
        await Sandbox.OrgAsync(new { payment_modes = new[] { "Barzahlung" } });
        Assert.Equal((400, 2), (await Org.PostAsync("customerpayments", body)).Outcome);
        Assert.Equal("Barzahlung", (string?)(await Org.GetAsync("meta/paymentmodes"))["paymentmodes"].AsArray().Single()!["payment_mode"]);
    }

    private Task<ZohoReply> InvoiceAsync(string line, decimal quantity)
    {
        var body = Body();
        body["line_items"]![0]!["quantity"] = quantity;
        body["line_items"]![0]!["salesorder_item_id"] = line;
        return Org.PostAsync("invoices", body);
    }

    private JsonObject Payment(decimal amount) => new()
    {
        ["customer_id"] = Customer, ["payment_mode"] = "cash", ["amount"] = amount, ["date"] = "2026-11-21", ["reference_number"] = "RCPT-1",
        ["custom_fields"] = new JsonArray(new JsonObject { ["label"] = "ordersync_id", ["value"] = "rec-RCPT-1" }),
    };

    private Task<ZohoReply> PayAsync(decimal amount, params (string Invoice, decimal Part)[] parts)
    {
        var body = Payment(amount);
        if (parts.Length > 0)
            body["invoices"] = new JsonArray([.. parts.Select(part => new JsonObject { ["invoice_id"] = part.Invoice, ["amount_applied"] = part.Part })]);
        return Org.PostAsync("customerpayments", body);
    }

    private async Task<(string?, decimal, string?)> StateAsync(string invoice, string order)
    {
        var (bill, sale) = (await ReadAsync("invoices", invoice, "invoice"), await ReadAsync("salesorders", order, "salesorder"));
        return ((string?)bill["status"], (decimal)bill["balance"]!, (string?)sale["paid_status"]);
    }

    private static string Id(ZohoReply reply) => (string)reply["invoice"]["invoice_id"]!;
}
