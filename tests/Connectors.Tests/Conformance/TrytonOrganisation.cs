using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.AppHost.Local.Servers;
using OrderSync.Money;
using OrderSync.Tryton;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>A database of the real Tryton as a case sees it: what came into it since the case began.</summary>
internal sealed class TrytonOrganisation(TrytonOffice office, Uri line, RoundingPolicy rounding, OrderState state) : IErpOrganisation
{
    private const string StrangersQuote = "a quote of somebody else";
    private int lastSale;
    private int lastParty;
    private int lastMove;

    public string Id => office.Database;

    public IReadOnlyList<string> Secrets => [office.Password];

    public async Task BeginAsync()
    {
        await office.CallAsync("account.configuration.write", new JsonArray(1), new JsonObject { ["tax_rounding"] = rounding.Level == RoundingLevel.Line ? "line" : "document" });
        foreach (var (sku, name, price) in new[] { ("A", "Olive oil 5 l", 29.99m), ("B", "Water", 1m), ("C", "Bread", 3.35m) })
            await office.PutProductAsync(sku, name, price);
        await office.EndSessionsAsync();
        (lastSale, lastParty, lastMove) = (await office.LastAsync("sale_sale"), await office.LastAsync("party_party"), await office.LastAsync("account_move"));
    }

    public JsonObject Settings(string onDifference = "hold", RoundingPolicy? says = null) => new()
    {
        ["url"] = line.ToString(),
        ["database"] = office.Database,
        ["user"] = office.User,
        ["password"] = office.Password,
        ["pullMinutes"] = 0,
        ["onDifference"] = onDifference,
        ["taxLevel"] = JsonNamingPolicy.CamelCase.ConvertName((says ?? rounding).Level.ToString()),
        ["orderState"] = JsonNamingPolicy.CamelCase.ConvertName(state.ToString()),
        // Tryton has no limit of its own: this is how a company keeps notes to what its papers hold.
        ["notesLength"] = 5000,
    };

    public async Task<IReadOnlyList<ErpDocument>> OrdersAsync() => [.. (await SalesAsync()).Where(sale => !IsQuote(sale)).Select(sale => Sale(sale, state))];

    public async Task<IReadOnlyList<ErpDocument>> QuotesAsync() => [.. (await SalesAsync()).Where(IsQuote).Select(sale => Sale(sale, OrderState.Quotation))];

    public async Task<IReadOnlyList<ErpDocument>> ReceiptsAsync() =>
    [
        .. (await office.SearchAsync("account.move", [new JsonArray("id", ">", lastMove)], "description", "state", "lines.description", "lines.credit", "lines.party"))
            // What an invoice is booked by owes the customer nothing.
            .Select(move => (Move: move!, Line: move!["lines."]!.AsArray().SingleOrDefault(one => one!["party"] is not null && TrytonOffice.Figure(one["credit"]!) > 0)!))
            .Where(one => one.Line is not null)
            .Select(one => new ErpDocument($"{one.Move["id"]}", RecordId(one.Move["description"]), (string?)one.Line["description"], TrytonOffice.Figure(one.Line["credit"]!), (string)one.Move["state"]! == "posted", "")),
    ];

    public async Task<IReadOnlyList<ErpDocument>> CustomersAsync() =>
    [
        .. (await office.SearchAsync("party.party", [new JsonArray("id", ">", lastParty)], "code", "name"))
            .Select(party => new ErpDocument($"{party!["id"]}", (string?)party["code"] is { Length: 35 } code && Guid.TryParse(code[3..], out var ours) ? ours : null, null, null, true, (string)party["name"]!)),
    ];

    public Task EndAccessTokensAsync() => office.EndSessionsAsync();

    public Task RevokeAsync() => office.ChangePasswordAsync();

    // The password that nobody knew is the one that is entered now.
    public Task ApproveAsync() => office.EndSessionsAsync();

    public Task TakeNumberAsync(string number) => office.SellAsync(number, "");

    public Task TakeQuoteNumberAsync(string number) => office.SellAsync(number, StrangersQuote);

    public Task TakeReferenceAsync(string reference) => EnterMoneyAsync(null, reference, 1);

    public Task TakeNameAsync(string name) => office.CreateAsync("party.party", new() { ["name"] = name });

    // Tryton's own guard keeps two parties of one code from being there: somebody took it away.
    public async Task DoubleCustomerAsync(Guid recordId)
    {
        await office.ExecuteAsync("alter table party_party drop constraint if exists party_party_code_uniq");
        var first = (await CustomersAsync()).First(one => one.RecordId == recordId);
        var twin = await office.CreateAsync("party.party", new() { ["name"] = first.Text });
        await office.ExecuteAsync($"update party_party set code = (select code from party_party where id = {first.Id}) where id = {twin}");
    }

    public async Task DoubleReceiptAsync(Guid recordId)
    {
        var first = (await ReceiptsAsync()).First(one => one.RecordId == recordId);
        await EnterMoneyAsync($"OrderSync receipt {recordId:D}", first.Number!, first.Total!.Value);
    }

    public Task AddItemAsync(string sku) => office.PutProductAsync(sku, $"Item {sku}", 1);

    public Task RenameItemAsync(string sku, string name) => office.PutProductAsync(sku, name, 1);

    public Task DeleteItemAsync(string sku) => office.DeleteProductAsync(sku);

    /// <summary>Somebody posts the invoice of an order.</summary>
    public async Task PostInvoiceAsync(Guid order) => await office.CallAsync("account.invoice.post", new JsonArray((int)(await InvoiceOfAsync(order))["id"]!));

    /// <summary>The invoice of an order: its state, and what is still to be paid.</summary>
    public async Task<(string State, decimal ToPay)> InvoiceAsync(Guid order) =>
        await InvoiceOfAsync(order) is var invoice ? ((string)invoice["state"]!, TrytonOffice.Figure(invoice["amount_to_pay"]!)) : default;

    private async Task<JsonNode> InvoiceOfAsync(Guid order) =>
        (await office.SearchAsync("account.invoice", [new JsonArray("sales.description", "=", $"OrderSync order {order:D}")], "state", "amount_to_pay")).Single()!;

    private Task<JsonArray> SalesAsync() => office.SearchAsync("sale.sale", [new JsonArray("id", ">", lastSale)], "number", "state", "description", "comment", "total_amount");

    private static bool IsQuote(JsonNode? sale) => ((string?)sale!["description"])?.StartsWith("OrderSync quote ", StringComparison.Ordinal) == true || (string?)sale["comment"] == StrangersQuote;

    private static ErpDocument Sale(JsonNode? sale, OrderState final) => new(
        $"{sale!["id"]}", RecordId(sale["description"]), (string?)sale["number"], TrytonOffice.Figure(sale["total_amount"]!),
        (string)sale["state"]! is var stands && (final == OrderState.Quotation ? stands == "quotation" : stands is "processing" or "done"), (string?)sale["comment"] ?? "", stands == "cancelled");

    private static Guid? RecordId(JsonNode? mark) => (string?)mark is { } text && text.StartsWith("OrderSync ", StringComparison.Ordinal) && Guid.TryParse(text.Split(' ')[^1], out var id) ? id : null;

    // Cash of somebody, written down by hand.
    private async Task EnterMoneyAsync(string? description, string reference, decimal amount)
    {
        var party = await office.CreateAsync("party.party", new() { ["name"] = $"Walk-in {reference}" });
        var period = (await office.SearchAsync("account.period", [new JsonArray("start_date", "<=", TrytonRpc.Date(2026, 3, 3)), new JsonArray("end_date", ">=", TrytonRpc.Date(2026, 3, 3))], "id"))[0]!;
        var receivable = (await office.SearchAsync("account.account", [new JsonArray("type.receivable", "=", true)], "id"))[0]!;
        await office.CreateAsync("account.move", new()
        {
            ["journal"] = await office.IdAsync("account.journal", "type", "cash"), ["period"] = (int)period["id"]!, ["date"] = TrytonRpc.Date(2026, 3, 3), ["description"] = description,
            ["lines"] = new JsonArray(new JsonArray("create", new JsonArray(
                new JsonObject { ["account"] = await office.IdAsync("account.account", "name", "Main Cash"), ["debit"] = TrytonRpc.Amount(amount), ["credit"] = TrytonRpc.Amount(0) },
                new JsonObject
                {
                    ["account"] = (int)receivable["id"]!, ["debit"] = TrytonRpc.Amount(0), ["credit"] = TrytonRpc.Amount(amount), ["party"] = party, ["description"] = reference,
                }))),
        });
    }
}
