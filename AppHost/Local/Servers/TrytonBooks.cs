using System.Text.Json.Nodes;

namespace OrderSync.AppHost.Local.Servers;

/// <summary>Makes an empty Tryton database ready to sell: a company with its chart of accounts, years, taxes, units, a payment method, and a user of ours. All by its own RPC.</summary>
internal sealed class TrytonBooks(TrytonRpc tryton)
{
    /// <summary>Name of the user that connections sign in with.</summary>
    public const string User = "ordersync";

    /// <summary>Rises with each change below: a database made by an older one is made again.</summary>
    public const int Version = 4;

    /// <summary>The company's currency, until a database is made for another.</summary>
    public const string Currency = "EUR";

    private const int FirstYear = 2021;

    private static readonly (string Name, decimal Rate)[] Taxes = [("Reduced", 0.08m), ("Ten", 0.10m), ("Standard", 0.20m)];

    // Processing a sale is the administrators' button; books are for receipts on account.
    private static readonly (string Module, string Group)[] Groups =
        [("sale", "group_sale"), ("sale", "group_sale_admin"), ("account", "group_account"), ("stock", "group_stock"), ("product", "group_product_admin"), ("party", "group_party_admin")];

    /// <summary>Does all of it, as the user admin.</summary>
    public async Task MakeAsync(string password, CancellationToken stop)
    {
        await tryton.SignInAsync("admin", password, stop);
        var currency = await CurrencyAsync(stop);
        var country = await tryton.CreateAsync("country.country", new() { ["name"] = "Ireland", ["code"] = "IE", ["code3"] = "IRL", ["code_numeric"] = "372" }, stop);
        var company = await CompanyAsync(currency, country, stop);
        await ChartAsync(company, stop);
        foreach (var year in Enumerable.Range(FirstYear, DateTime.UtcNow.Year + 2 - FirstYear))
            await YearAsync(company, year, stop);
        await TermsAsync(company, stop);
        await UnitAsync(stop);
        await UserAsync(company, password, stop);
    }

    private async Task<int> CurrencyAsync(CancellationToken stop)
    {
        var id = await tryton.CreateAsync("currency.currency", new()
        {
            ["name"] = Currency, ["symbol"] = Currency, ["code"] = Currency, ["rounding"] = TrytonRpc.Amount(0.01m), ["digits"] = 2,
        }, stop);
        await tryton.CreateAsync("currency.currency.rate", new() { ["currency"] = id, ["date"] = TrytonRpc.Date(2000, 1, 1), ["rate"] = TrytonRpc.Amount(1) }, stop);
        return id;
    }

    private async Task<int> CompanyAsync(int currency, int country, CancellationToken stop)
    {
        var party = await tryton.CreateAsync("party.party", new()
        {
            ["name"] = "Demo Company",
            ["addresses"] = Rows(new JsonObject { ["street"] = "1 Harbour Road", ["city"] = "Cork", ["postal_code"] = "T12", ["country"] = country }),
        }, stop);
        await tryton.WizardAsync("company.company.config", stop,
            ("company", []), ("add", new() { ["company"] = new JsonObject { ["party"] = party, ["currency"] = currency } }));
        await tryton.ReadContextAsync(stop);
        return (await tryton.FindAsync("company.company", [], stop))!.Value;
    }

    private async Task ChartAsync(int company, CancellationToken stop)
    {
        var template = await IdOfAsync("account", "account_template_root_en", stop);
        // What a wizard's state showed as proposed is what a person would leave there.
        await tryton.WizardAsync("account.create_chart", stop,
            ("account", []), ("create_account", new() { ["account"] = new JsonObject { ["company"] = company, ["account_template"] = template } }));
        async Task<int> AccountAsync(string kind) => (await tryton.FindAsync("account.account", [And($"type.{kind}", "=", true), And("company", "=", company)], stop))!.Value;
        var (receivable, payable, revenue, expense) = (await AccountAsync("receivable"), await AccountAsync("payable"), await AccountAsync("revenue"), await AccountAsync("expense"));
        var taxAccount = (await tryton.FindAsync("account.account", [And("name", "=", "Main Tax"), And("company", "=", company)], stop))!.Value;
        await tryton.CreateAsync("account.configuration", new()
        {
            ["default_account_receivable"] = receivable, ["default_account_payable"] = payable,
            // Lines without a product, such as discounts, are booked on these.
            ["default_category_account_revenue"] = revenue, ["default_category_account_expense"] = expense,
        }, stop);
        foreach (var (name, rate) in Taxes)
        {
            var tax = await tryton.CreateAsync("account.tax", new()
            {
                ["name"] = name, ["description"] = name, ["type"] = "percentage", ["rate"] = TrytonRpc.Amount(rate), ["company"] = company,
                ["invoice_account"] = taxAccount, ["credit_note_account"] = taxAccount,
            }, stop);
            await tryton.CreateAsync("product.category", new()
            {
                ["name"] = $"Goods, {name}", ["accounting"] = true, ["account_expense"] = expense, ["account_revenue"] = revenue,
                ["customer_taxes"] = new JsonArray(new JsonArray("add", new JsonArray(tax))),
            }, stop);
        }
    }

    private async Task YearAsync(int company, int year, CancellationToken stop)
    {
        var moves = await tryton.CreateAsync("ir.sequence", new() { ["name"] = $"Moves {year}", ["sequence_type"] = await SequenceTypeAsync("Account Move", stop), ["company"] = company }, stop);
        var invoices = await tryton.CreateAsync("ir.sequence.strict", new() { ["name"] = $"Invoices {year}", ["sequence_type"] = await SequenceTypeAsync("Invoice", stop), ["company"] = company }, stop);
        var id = await tryton.CreateAsync("account.fiscalyear", new()
        {
            ["name"] = $"{year}", ["company"] = company, ["start_date"] = TrytonRpc.Date(year, 1, 1), ["end_date"] = TrytonRpc.Date(year, 12, 31), ["post_move_sequence"] = moves,
            ["invoice_sequences"] = Rows(new JsonObject
            {
                ["company"] = company, ["out_invoice_sequence"] = invoices, ["in_invoice_sequence"] = invoices, ["out_credit_note_sequence"] = invoices, ["in_credit_note_sequence"] = invoices,
            }),
        }, stop);
        await tryton.CallAsync("account.fiscalyear.create_period", [new JsonArray(id)], stop);
    }

    private async Task TermsAsync(int company, CancellationToken stop)
    {
        var term = await tryton.CreateAsync("account.invoice.payment_term", new() { ["name"] = "Direct", ["lines"] = Rows(new JsonObject { ["type"] = "remainder" }) }, stop);
        var configuration = (await tryton.FindAsync("account.configuration", [], stop))!.Value;
        await tryton.CallAsync("account.configuration.write", [new JsonArray(configuration), new JsonObject { ["default_customer_payment_term"] = term }], stop);
        var journal = (await tryton.FindAsync("account.journal", [And("type", "=", "cash")], stop))!.Value;
        var cash = (await tryton.FindAsync("account.account", [And("name", "=", "Main Cash"), And("company", "=", company)], stop))!.Value;
        await tryton.CreateAsync("account.invoice.payment.method", new()
        {
            ["name"] = "Cash", ["company"] = company, ["journal"] = journal, ["credit_account"] = cash, ["debit_account"] = cash,
        }, stop);
    }

    // Tryton's own unit is sold whole only; ours has the decimals that a record may have.
    private async Task UnitAsync(CancellationToken stop)
    {
        var category = await tryton.CreateAsync("product.uom.category", new() { ["name"] = "Pieces" }, stop);
        await tryton.CreateAsync("product.uom", new()
        {
            ["name"] = "Piece", ["symbol"] = "pc", ["category"] = category, ["rate"] = 1, ["factor"] = 1, ["rounding"] = 0.001, ["digits"] = 3,
        }, stop);
    }

    private async Task UserAsync(int company, string password, CancellationToken stop)
    {
        var groups = new JsonArray();
        foreach (var (module, group) in Groups)
            groups.Add(await IdOfAsync(module, group, stop));
        await tryton.CreateAsync("res.user", new()
        {
            ["name"] = "OrderSync", ["login"] = User, ["password"] = password, ["groups"] = new JsonArray(new JsonArray("add", groups)),
            ["companies"] = new JsonArray(new JsonArray("add", new JsonArray(company))), ["company"] = company,
        }, stop);
    }

    private async Task<int> IdOfAsync(string module, string name, CancellationToken stop) =>
        (int)((JsonArray)(await tryton.CallAsync("ir.model.data.search_read", [new JsonArray(And("module", "=", module), And("fs_id", "=", name)), 0, 1, null, new JsonArray("db_id")], stop))!)[0]!["db_id"]!;

    private async Task<int> SequenceTypeAsync(string name, CancellationToken stop) => (await tryton.FindAsync("ir.sequence.type", [And("name", "=", name)], stop))!.Value;

    private static JsonArray And(string field, string compare, JsonNode value) => [field, compare, value];

    private static JsonArray Rows(JsonObject row) => [new JsonArray("create", new JsonArray(row))];
}
