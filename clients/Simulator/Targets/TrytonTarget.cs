using System.Globalization;
using System.Text.Json.Nodes;
using OrderSync.AppHost.Local.Servers;
using OrderSync.Money;
using OrderSync.Simulator.Fleet;
using OrderSync.Simulator.Office;
using OrderSync.Simulator.Sales;

namespace OrderSync.Simulator.Targets;

/// <summary>The real Tryton that <c>up --with-tryton</c> starts, by its own RPC as its administrator.</summary>
internal sealed class TrytonTarget(Uri server, string password, Patience patience) : IReplayTarget
{
    private const string Database = "erp";
    private const string User = "ordersync";
    private const int RowsInACall = 200;

    private readonly TrytonRpc _tryton = new(server, Database);

    public string Connector => "tryton";

    // Tryton knows no other.
    public Tie Tie => Tie.HalfEven;

    public Task<TargetOrganisation> SetUpAsync(Goods goods, CancellationToken stop) => AskAsync(async again =>
    {
        var company = (await RowsAsync("company.company", [], again, "currency.code"))[0]!;
        if ((string)company["currency."]!["code"]! is var currency && currency != goods.Currency)
            throw new CannotReplay($"The company in Tryton keeps its books in {currency}, and the file is in {goods.Currency}. Say --currency {currency}.");
        var configuration = (await _tryton.FindAsync("account.configuration", [], again))!.Value;
        await _tryton.CallAsync("account.configuration.write", [new JsonArray(configuration), new JsonObject { ["tax_rounding"] = Level(goods) }], again);
        await ItemsAsync(goods, (int)company["id"]!, again);
        return new TargetOrganisation($"company {company["id"]} of the real Tryton at {server}", new Dictionary<string, object>
        {
            ["url"] = server.ToString(),
            ["database"] = Database,
            ["user"] = User,
            ["password"] = password,
            ["taxLevel"] = Level(goods),
            // Tryton takes tax of a line before it is rounded, so that now and then a cent is left, which stands in a line of its own.
            ["onDifference"] = "adjust",
        });
    }, stop);

    public Task<IReadOnlyList<HeldOrder>> OrdersAsync(CancellationToken stop) => AskAsync<IReadOnlyList<HeldOrder>>(async again =>
    [
        .. (await RowsAsync("sale.sale", [], again, "description", "state", "total_amount")).Select(sale => new HeldOrder(
            RecordId((string?)sale!["description"]), decimal.Parse((string)sale["total_amount"]!["decimal"]!, CultureInfo.InvariantCulture),
            Final: (string)sale["state"]! is "processing" or "done", Void: (string)sale["state"]! == "cancelled")),
    ], stop);

    public void Dispose() => _tryton.Dispose();

    private async Task ItemsAsync(Goods goods, int company, CancellationToken stop)
    {
        var known = (await RowsAsync("product.product", [new JsonArray("active", "in", new JsonArray(true, false))], stop, "code")).Select(row => (string?)row!["code"]).ToHashSet();
        var missing = goods.Items.Where(item => !known.Contains(item.Sku)).ToList();
        if (missing.Count == 0)
            return;
        var piece = (await _tryton.FindAsync("product.uom", [new JsonArray("name", "=", "Piece")], stop))!.Value;
        var categories = new Dictionary<string, int>();
        foreach (var tax in goods.Taxes)
            categories[tax.Code] = await CategoryAsync(tax, company, stop);
        foreach (var some in missing.Chunk(RowsInACall))
        {
            var rows = some.Select(item => (JsonNode)new JsonObject
            {
                ["name"] = item.Name, ["type"] = "goods", ["default_uom"] = piece, ["sale_uom"] = piece, ["salable"] = true, ["list_price"] = TrytonRpc.Amount(item.Price),
                ["account_category"] = categories[item.TaxCode], ["products"] = Create(new JsonObject { ["suffix_code"] = item.Sku, ["cost_price"] = TrytonRpc.Amount(0) }),
            });
            await _tryton.CallAsync("product.template.create", [new JsonArray([.. rows])], stop);
        }
    }

    /// <summary>The category of what carries this tax; it and the tax are made where they are missing.</summary>
    private async Task<int> CategoryAsync(Tax tax, int company, CancellationToken stop)
    {
        var name = FormattableString.Invariant($"Sold at {tax.Rate:0.###} %");
        if (await _tryton.FindAsync("product.category", [new JsonArray("name", "=", name)], stop) is { } there)
            return there;
        var like = (await RowsAsync("product.category", [new JsonArray("accounting", "=", true)], stop, "account_revenue", "account_expense"))[0]!;
        return await _tryton.CreateAsync("product.category", new()
        {
            ["name"] = name, ["accounting"] = true, ["account_revenue"] = (int)like["account_revenue"]!, ["account_expense"] = (int)like["account_expense"]!,
            ["customer_taxes"] = tax.Rate == 0 ? [] : new JsonArray(new JsonArray("add", new JsonArray(await TaxAsync(tax, company, stop)))),
        }, stop);
    }

    private async Task<int> TaxAsync(Tax tax, int company, CancellationToken stop)
    {
        var rate = TrytonRpc.Amount(tax.Rate / 100);
        if (await _tryton.FindAsync("account.tax", [new JsonArray("rate", "=", rate.DeepClone())], stop) is { } there)
            return there;
        var like = (await RowsAsync("account.tax", [new JsonArray("type", "=", "percentage")], stop, "invoice_account"))[0]!;
        return await _tryton.CreateAsync("account.tax", new()
        {
            ["name"] = tax.Code, ["description"] = tax.Name, ["type"] = "percentage", ["rate"] = rate, ["company"] = company,
            ["invoice_account"] = (int)like["invoice_account"]!, ["credit_note_account"] = (int)like["invoice_account"]!,
        }, stop);
    }

    private async Task<JsonArray> RowsAsync(string model, JsonArray domain, CancellationToken stop, params string[] fields) => (JsonArray)(await _tryton.CallAsync(
        $"{model}.search_read", [domain, 0, null, new JsonArray(new JsonArray("id", "ASC")), new JsonArray([.. fields.Select(field => JsonValue.Create(field))])], stop))!;

    // What is done may be done again: only what is missing is made.
    private Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> calls, CancellationToken stop) => patience.AskAsync(
        async again =>
        {
            try
            {
                await _tryton.SignInAsync("admin", password, again);
                return await calls(again);
            }
            catch (HttpRequestException away)
            {
                throw new NoAnswer($"Tryton: no answer from {server} ({away.GetBaseException().Message}).");
            }
            catch (InvalidOperationException no)
            {
                throw new CannotReplay($"{no.Message} The replay goes into a Tryton that ./ordersync up --with-tryton has set up.");
            }
        },
        stop);

    private static string Level(Goods goods) => goods.Level == RoundingLevel.Line ? "line" : "document";

    private static JsonArray Create(JsonObject row) => [new JsonArray("create", new JsonArray(row))];

    private static Guid? RecordId(string? mark) => mark?.StartsWith("OrderSync order ", StringComparison.Ordinal) == true && Guid.TryParse(mark.Split(' ')[^1], out var id) ? id : null;
}
