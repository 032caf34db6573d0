using OrderSync.Framework;
using OrderSync.Zoho;

namespace OrderSync.Connectors.Tests.Zoho;

public sealed class ZohoCustomerTests(ZohoSandbox sandbox) : IClassFixture<ZohoSandbox>
{
    [Fact]
    public async Task Customers_who_share_a_name_are_two_contacts_and_each_is_found_again()
    {
        var zoho = await sandbox.OrganisationAsync();
        var customers = new[]
        {
            Some.Customer("Hailey Campbell", "hailey49@shop.example"), Some.Customer("Hailey Campbell", "hailey50@shop.example"),
            Some.Customer("hailey campbell ", null), Some.Customer("Hailey Campbell", null),
        };

        var first = await PushAll(new MemoryLedger(zoho.Settings), customers);
        var again = await PushAll(new MemoryLedger(zoho.Settings), customers);

        Assert.Equal(4, first.Distinct().Count());
        Assert.Equal(first, again);
        Assert.Equal(4, (int)(await zoho.SummaryAsync())["contacts"]!);
    }

    [Fact]
    public async Task A_contact_with_the_same_e_mail_and_nobody_s_id_becomes_ours_and_keeps_its_data()
    {
        var zoho = await sandbox.OrganisationAsync();
        var ledger = new MemoryLedger(zoho.Settings);
        var office = await Office.CreateAsync(ledger, new
        {
            contact_name = "Al Noor LLC", contact_type = "customer",
            contact_persons = new object[] { new { first_name = "Omar", email = "Omar@AlNoor.example", is_primary_contact = true }, new { first_name = "Sara", email = "sara@alnoor.example" } },
        });

        var done = Assert.IsType<Outcome.Done>(await ledger.PushAsync(() => ledger.TryAsync(Some.Customer("Al Noor Grocery", "omar@alnoor.example"))));

        Assert.Equal(office, done.ExternalId);
        var contact = await Office.ReadAsync(ledger, office);
        Assert.Contains("Al Noor LLC", contact, StringComparison.Ordinal);
        Assert.Contains("sara@alnoor.example", contact, StringComparison.Ordinal);
        Assert.Equal(1, (int)(await zoho.SummaryAsync())["contacts"]!);
    }

    [Fact]
    public async Task A_contact_found_by_name_alone_is_never_adopted()
    {
        var zoho = await sandbox.OrganisationAsync();
        var ledger = new MemoryLedger(zoho.Settings);
        var office = await Office.CreateAsync(ledger, new { contact_name = "Al Noor Grocery", contact_type = "customer" });

        var done = Assert.IsType<Outcome.Done>(await ledger.PushAsync(() => ledger.TryAsync(Some.Customer("Al Noor Grocery"))));

        Assert.NotEqual(office, done.ExternalId);
        Assert.Contains("Al Noor Grocery (omar@alnoor.example)", await Office.ReadAsync(ledger, done.ExternalId), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_contact_that_is_another_record_s_is_not_shared()
    {
        var zoho = await sandbox.OrganisationAsync();
        var ledger = new MemoryLedger(zoho.Settings);

        var results = await PushAll(ledger, Some.Customer("Branch north", "info@chain.example"), Some.Customer("Branch south", "info@chain.example"));

        Assert.Equal(2, results.Distinct().Count());
    }

    [Fact]
    public async Task Several_contacts_with_the_e_mail_are_left_to_a_person()
    {
        var zoho = await sandbox.OrganisationAsync();
        var ledger = new MemoryLedger(zoho.Settings);
        foreach (var name in new[] { "North", "South" })
            await Office.CreateAsync(ledger, new { contact_name = name, contact_persons = new[] { new { email = "info@chain.example", is_primary_contact = true } } });

        var refused = Assert.IsType<Outcome.Refused>(await ledger.TryAsync(Some.Customer("Chain", "info@chain.example")));

        Assert.Equal(("customer.several", "Zoho has 2 customers with info@chain.example: North, South."), (refused.Code, refused.Reason));
    }

    [Fact]
    public async Task F073_Company_contact_e_mail_phone_both_addresses_price_list_and_terms_arrive_in_the_contact()
    {
        var zoho = await sandbox.OrganisationAsync(new { pricebooks = new[] { new { name = "Trade" } } });
        var ledger = new MemoryLedger(zoho.Settings);
        var lists = await ((IConnector)ledger.Connector).CandidatesAsync(ZohoMappings.PriceList, ledger.StepsOf(Some.Customer().Info), default);
        ledger.Mappings[ZohoMappings.PriceList] = new Dictionary<string, string> { ["trade"] = lists.Single(one => one.Name == "Trade").Id };
        var customer = Some.Customer("Ñandú Bikes", "ana@bikes.example");
        customer = customer with
        {
            Body = customer.Body with
            {
                Company = "Ñandú Bikes S.A.", Contact = "Ana", Phone = "+54 11 5555", PriceList = "trade", PaymentTerms = "30 days",
                Billing = new(null, "Main 1", null, "Springfield", null, "B1", "US"), Shipping = new("Dock", "Dock 2", null, "Shelbyville", null, "S2", "US"),
            },
        };

        var done = Assert.IsType<Outcome.Done>(await ledger.TryAsync(customer));

        var contact = System.Text.Json.Nodes.JsonNode.Parse(await Office.ReadAsync(ledger, done.ExternalId))!["contact"]!;
        Assert.Equal(("Ñandú Bikes S.A.", "Trade", 30, "30 days"),
            ((string)contact["company_name"]!, (string)contact["pricebook_name"]!, (int)contact["payment_terms"]!, (string)contact["payment_terms_label"]!));
        var person = contact["contact_persons"]![0]!;
        Assert.Equal(("Ana", "ana@bikes.example", "+54 11 5555"), ((string)person["first_name"]!, (string)person["email"]!, (string)person["phone"]!));
        Assert.Equal(("Main 1", "B1", "Dock 2", "S2"), (
            (string)contact["billing_address"]!["address"]!, (string)contact["billing_address"]!["zip"]!, (string)contact["shipping_address"]!["address"]!, (string)contact["shipping_address"]!["zip"]!));
    }

    [Fact]
    public async Task A_captured_change_of_a_customer_that_Zoho_had_before_is_written_into_it_and_whose_it_is_stays()
    {
        var zoho = await sandbox.OrganisationAsync();
        var ledger = new MemoryLedger(zoho.Settings);
        var office = await Office.CreateAsync(ledger, new
        {
            contact_name = "Al Noor LLC", notes = "Ring twice", contact_persons = new object[] { new { first_name = "Omar", email = "omar@alnoor.example", phone = "1", is_primary_contact = true }, new { first_name = "Sara" } },
        });
        var changed = Some.Customer("Al Noor LLC", "omar@alnoor.example", revision: 3, erpNumber: office);
        changed = changed with { Body = changed.Body with { Phone = "2", Contact = "Omar" } };

        var done = Assert.IsType<Outcome.Done>(await ((IConnector)ledger.Connector).ChangeCustomerAsync(changed, ledger.StepsOf(changed.Info), default));

        Assert.Equal(office, done.ExternalId);
        var contact = System.Text.Json.Nodes.JsonNode.Parse(await Office.ReadAsync(ledger, office))!["contact"]!;
        Assert.Equal(("2", 2, "Ring twice"), ((string)contact["contact_persons"]![0]!["phone"]!, contact["contact_persons"]!.AsArray().Count, (string)contact["notes"]!));
        Assert.DoesNotContain(changed.Info.RecordId.ToString(), contact.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(1, (int)(await zoho.SummaryAsync())["contacts"]!);
    }

    [Fact]
    public async Task A_customer_with_an_ERP_number_is_found_by_it_and_never_created()
    {
        var zoho = await sandbox.OrganisationAsync();
        var ledger = new MemoryLedger(zoho.Settings);
        var office = await Office.CreateAsync(ledger, new { contact_name = "Al Noor LLC" });

        var done = Assert.IsType<Outcome.Done>(await ledger.TryAsync(Some.Customer(erpNumber: office)));
        var refused = Assert.IsType<Outcome.Refused>(await ledger.TryAsync(Some.Customer(erpNumber: "4815000000000001")));

        Assert.Equal((office, "customer.unknown"), (done.ExternalId, refused.Code));
        Assert.Equal(1, (int)(await zoho.SummaryAsync())["contacts"]!);
    }

    [Fact]
    public async Task A_later_revision_changes_the_contact_and_keeps_its_name_and_other_persons()
    {
        var zoho = await sandbox.OrganisationAsync();
        var ledger = new MemoryLedger(zoho.Settings);
        var id = Guid.NewGuid();
        var created = Assert.IsType<Outcome.Done>(await ledger.TryAsync(Some.Customer("Ünal Börek", "old@unal.example", id: id)));

        var changed = Some.Customer("Ünal Börek", "new@unal.example", revision: 2, id: id);
        var done = Assert.IsType<Outcome.Done>(await new MemoryLedger(zoho.Settings).TryAsync(changed with { Body = changed.Body with { Phone = "+90 1" } }));

        Assert.Equal(created.ExternalId, done.ExternalId);
        var contact = await Office.ReadAsync(ledger, done.ExternalId);
        Assert.Contains("new@unal.example", contact, StringComparison.Ordinal);
        Assert.Contains("+90 1", contact, StringComparison.Ordinal);
        Assert.DoesNotContain("old@unal.example", contact, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_custom_field_the_office_is_told_to_make_it_and_all_goes_on_after_that()
    {
        var zoho = await sandbox.OrganisationAsync(new { contact_custom_fields = Array.Empty<string>() });
        var ledger = new MemoryLedger(zoho.Settings);
        var customer = Some.Customer();

        var refused = Assert.IsType<Outcome.Refused>(await ledger.TryAsync(customer));
        Assert.Equal("connection.customField", refused.Code);
        Assert.Contains("cf_ordersync_id", refused.Fix, StringComparison.Ordinal);
        await zoho.ChangeAsync(new { contact_custom_fields = new[] { "cf_ordersync_id" } });

        Assert.IsType<Outcome.Done>(await ledger.TryAsync(customer));
        Assert.Equal(1, (int)(await zoho.SummaryAsync())["contacts"]!);
    }

    [Fact]
    public async Task A_name_longer_than_Zoho_searches_for_is_found_again()
    {
        var zoho = await sandbox.OrganisationAsync();
        var customer = Some.Customer(string.Concat(Enumerable.Repeat("Very long name ", 12)), null);

        var first = await PushAll(new MemoryLedger(zoho.Settings), customer);
        var again = await PushAll(new MemoryLedger(zoho.Settings), customer);

        Assert.Equal(first, again);
    }

    private static async Task<List<string>> PushAll(MemoryLedger ledger, params Customer[] customers)
    {
        var ids = new List<string>();
        foreach (var customer in customers)
            ids.Add(Assert.IsType<Outcome.Done>(await ledger.PushAsync(() => ledger.TryAsync(customer))).ExternalId);
        return ids;
    }
}
