using System.Text.Json.Nodes;
using OrderSync.Contracts.Bus;
using OrderSync.Framework;
using OrderSync.Framework.Mappings;
using OrderSync.Zoho;

namespace OrderSync.Connectors.Tests.Zoho;

/// <summary>What the office mapped decides what stands on Zoho's documents.</summary>
public sealed class ZohoMappedTests(ZohoSandbox sandbox) : IClassFixture<ZohoSandbox>
{
    [Fact]
    public async Task A_mapped_tax_goes_by_its_id_though_others_have_its_rate()
    {
        var (zoho, ledger) = await OrganisationAsync(new { taxes = new[] { new { tax_name = "Standard for goods", tax_percentage = 20m } } });
        var order = Some.Order(Some.Line("A") with { TaxCode = "STD" });
        Assert.Equal("tax.unmapped", Assert.IsType<Outcome.Refused>(await ledger.PushAsync(order)).Code);
        var goods = (await CandidatesAsync(ledger, ZohoMappings.Tax)).Single(one => one.Name == "Standard for goods, 20 %").Id;

        ledger.Mappings[ZohoMappings.Tax] = Map(("STD", goods));
        var done = Done(await ledger.PushAsync(order));

        Assert.Equal(goods, (string)(await Office.ReadOrderAsync(ledger, done.ExternalId))["salesorder"]!["line_items"]![0]!["tax_id"]!);
        Assert.Single(await zoho.SalesOrdersAsync());
    }

    [Fact]
    public async Task A_tax_mapped_to_another_rate_is_held_with_both_rates()
    {
        var (_, ledger) = await OrganisationAsync();
        ledger.Mappings[ZohoMappings.Tax] = Map(("20", (await CandidatesAsync(ledger, ZohoMappings.Tax)).Single(one => one.Name == "Ten, 10 %").Id));

        var refused = Assert.IsType<Outcome.Refused>(await ledger.PushAsync(Some.Order(Some.Line("A"))));

        Assert.Equal(("tax.unmapped", "Line 1: Ten, which is mapped to 20 %, is 10 % in Zoho and 20 % on the order."), (refused.Code, refused.Reason));
    }

    [Theory]
    [InlineData(ZohoProduct.Inventory)]
    [InlineData(ZohoProduct.Books)]
    public async Task Rep_branch_price_list_and_custom_fields_arrive_where_they_are_mapped(ZohoProduct product)
    {
        var (_, ledger) = await OrganisationAsync(new
        {
            salespersons = new[] { "Omar Said", "Ana Ruiz" }, locations = new[] { "Head Office", "Harbour" }, pricebooks = new[] { new { name = "Trade" } },
            salesorder_custom_fields = new[] { "cf_ordersync_id", "cf_route" },
        });
        ledger.Settings = ledger.Settings with { Product = product };
        foreach (var (kind, ours, theirs) in new[] { (ZohoMappings.Salesperson, "ana@reps.example", "Ana Ruiz"), (ZohoMappings.Location, "HB", "Harbour"), (ZohoMappings.PriceList, "trade", "Trade") })
            ledger.Mappings[kind] = Map((ours, (await CandidatesAsync(ledger, kind)).Single(one => one.Name == theirs).Id));
        ledger.Mappings[ZohoMappings.CustomField] = Map(("route", "cf_route"));
        var order = Some.Order(Money.RoundingLevel.Document, body => body with { Notes = "Ring twice", CustomFields = new Dictionary<string, string> { ["route"] = "North 7", ["dock"] = "3" } }, Some.Line("A"));
        order = order with
        {
            Info = order.Info with { Rep = new RepSnapshot(Guid.NewGuid(), "Ana", "ana@reps.example"), Branch = "HB" },
            Customer = order.Customer! with { Body = order.Customer!.Body with { PriceList = "TRADE", PaymentTerms = "30 days net" } },
        };

        var done = Done(await ledger.PushAsync(order));

        var theirs2 = (await Office.ReadOrderAsync(ledger, done.ExternalId))["salesorder"]!;
        Assert.Equal(("Ana Ruiz", "Harbour", "Ring twice\ndock: 3"), ((string)theirs2["salesperson_name"]!, (string)theirs2["location_name"]!, (string)theirs2["notes"]!));
        Assert.Equal("North 7", (string)theirs2["custom_fields"]!.AsArray().Single(field => (string)field!["api_name"]! == "cf_route")!["value"]!);
        var contact = JsonNode.Parse(await Office.ReadAsync(ledger, (string)theirs2["customer_id"]!))!["contact"]!;
        Assert.Equal(("Trade", 30, "30 days net"), ((string)contact["pricebook_name"]!, (int)contact["payment_terms"]!, (string)contact["payment_terms_label"]!));
    }

    [Fact]
    public async Task A_way_of_paying_is_named_as_the_organisation_names_it()
    {
        var (_, ledger) = await OrganisationAsync(new { payment_modes = new[] { "Bargeld", "Karte" } });
        var order = Some.Order(Some.Line("A"));
        Done(await ledger.PushAsync(order));
        var refused = Assert.IsType<Outcome.Refused>(await ledger.TryAsync(Some.Receipt(order, 5)));
        Assert.Equal(["Bargeld", "Karte"], (await CandidatesAsync(ledger, ZohoMappings.PaymentMode)).Select(one => one.Id));

        ledger.Mappings[ZohoMappings.PaymentMode] = Map(("cash", "Bargeld"));
        var paid = Done(await ledger.TryAsync(Some.Receipt(order, 5)));

        Assert.Contains("payment_mode", refused.Reason, StringComparison.Ordinal);
        Assert.Equal("Bargeld", (string)(await Office.GetAsync(ledger, $"customerpayments/{paid.ExternalId}"))["payment"]!["payment_mode"]!);
    }

    [Fact]
    public async Task Who_sells_is_listed_where_the_settings_say_or_nowhere()
    {
        var (_, ledger) = await OrganisationAsync(new { salespersons = new[] { "Ana Ruiz" }, salespersons_are_listed = false });
        var refused = await Assert.ThrowsAsync<OutcomeException>(() => CandidatesAsync(ledger, ZohoMappings.Salesperson));
        ledger.Settings = ledger.Settings with { SalespersonList = SalespersonList.Users };

        var users = await CandidatesAsync(ledger, ZohoMappings.Salesperson);

        Assert.Equal("erp.missing", Assert.IsType<Outcome.Refused>(refused.Outcome).Code);
        Assert.Equal(["Ana Ruiz"], users.Select(one => one.Name));
        var kinds = ZohoMappings.All.Where(kind => kind.Listed).ToDictionary(kind => kind.Name);
        Assert.All(kinds.Values, kind => Assert.True(ledger.Settings.Lists(kind), kind.Name));
        Assert.False((ledger.Settings with { SalespersonList = SalespersonList.None }).Lists(kinds[ZohoMappings.Salesperson]));
        Assert.False((ledger.Settings with { ListsPaymentModes = false }).Lists(kinds[ZohoMappings.PaymentMode]));
    }

    private async Task<(ZohoOrganisation Zoho, MemoryLedger Ledger)> OrganisationAsync(object? more = null)
    {
        var zoho = await sandbox.OrganisationAsync(more);
        return (zoho, new MemoryLedger(zoho.Settings));
    }

    private static Task<IReadOnlyList<Candidate>> CandidatesAsync(MemoryLedger ledger, string kind) =>
        ledger.Connector.CandidatesAsync(kind, ledger.StepsOf(Some.Customer().Info), default);

    private static Dictionary<string, string> Map(params (string Ours, string Theirs)[] entries) =>
        entries.ToDictionary(entry => entry.Ours, entry => entry.Theirs, StringComparer.OrdinalIgnoreCase);

    private static Outcome.Done Done(Outcome outcome) => Assert.IsType<Outcome.Done>(outcome);
}
