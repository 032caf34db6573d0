using System.Security.Cryptography;
using System.Text.Json;
using OrderSync.Contracts.Records;
using OrderSync.Framework;

namespace OrderSync.Zoho;

/// <summary>Writes customers and sales orders into Zoho Inventory.</summary>
internal sealed class ZohoConnector(ZohoClient zoho, ZohoCatalogue catalogue) : IConnector
{
    private const string Draft = "draft";
    private const string Void = "void";

    // What comes after a draft that needs nobody's approval any more.
    private static readonly string[] Confirmed = ["confirmed", "closed", "fulfilled", "onhold"];

    public static ConnectorInfo Info { get; } = new(
        "zoho", "Zoho Inventory", [Kinds.Customer, Kinds.Order], typeof(ZohoSettings), AmbiguityWindow: TimeSpan.FromMinutes(2), MaxConcurrent: 4,
        // Zoho allows 100 and blocks an organisation for an hour; others call it too. What it takes in a day goes by plan: ZohoSettings.
        new Budget(PerMinute: 90));

    public static void AddServices(IHostApplicationBuilder builder)
    {
        builder.Services.AddHttpClient(ZohoClient.Name);
        builder.Services.AddSingleton<ZohoClient>().AddSingleton<ZohoCatalogue>();
    }

    public Task<Tokens> RefreshAsync(Connection connection, string refreshToken, CancellationToken stop) =>
        zoho.RefreshAsync(connection, refreshToken, stop);

    public async Task<string> TestAsync(Steps steps, CancellationToken stop)
    {
        var taxes = await zoho.ListTaxesAsync(steps, stop);
        return $"Zoho answers for organisation {steps.Connection.Settings<ZohoSettings>().OrganizationId}, which has {taxes.Count} taxes.";
    }

    // An order cannot be there twice: its number is unique. A contact can, under its other name.
    public async Task<IReadOnlyList<Found>?> FindAllAsync(Customer customer, Steps steps, CancellationToken stop)
    {
        if (customer.ErpNumber is not null)
            return null;
        var settings = steps.Connection.Settings<ZohoSettings>();
        var sameEmail = ContactMapping.Email(customer) is { } email ? await zoho.FindContactsByEmailAsync(steps, email, stop) : [];
        var sameName = await zoho.FindContactsByNameAsync(steps, ContactMapping.Name(customer), stop);
        var otherName = await zoho.FindContactsByNameAsync(steps, ContactMapping.OtherName(customer), stop);
        // Ids rise with time.
        return [.. sameEmail.Concat(sameName).Concat(otherName).Where(contact => Carries(contact.CustomFields, customer.Info.RecordId, settings))
            .DistinctBy(contact => contact.ContactId).OrderBy(contact => contact.ContactId.Length).ThenBy(contact => contact.ContactId, StringComparer.Ordinal)
            .Select(contact => new Found(contact.ContactId, contact.ContactName))];
    }

    public async Task<Outcome> PushCustomerAsync(Customer customer, Steps steps, CancellationToken stop)
    {
        if (customer.ErpNumber is { } id)
        {
            return await zoho.FindContactAsync(steps, id, stop) is { } known
                ? new Outcome.Done(known.ContactId, null, null)
                : new Outcome.Refused(
                    "customer.unknown", $"Zoho has no customer {id}.",
                    "Correct the customer's ERP number: the digits at the end of its page's address in Zoho.");
        }

        var settings = steps.Connection.Settings<ZohoSettings>();
        var (theirs, unclaimed) = await LookAsync(customer, steps, stop);
        if (theirs is null && unclaimed.Count > 1)
            return new Outcome.Refused(
                "customer.several",
                $"Zoho has {unclaimed.Count} customers with {ContactMapping.Email(customer)}: {string.Join(", ", unclaimed.Select(contact => contact.ContactName))}.",
                "Enter the ERP number of the right one at the customer, then Retry.");

        if (theirs is not null)
            await steps.FoundAsync("create", theirs);
        else if (unclaimed is [var adopted])
            theirs = await steps.OnceAsync(
                "adopt", () => zoho.ChangeContactAsync(steps, adopted, ContactMapping.ToMark(customer, adopted, settings), stop));
        else
            theirs = await CreateAsync("create", ContactMapping.Name(customer))
                ?? await CreateAsync("create under another name", ContactMapping.OtherName(customer));
        if (theirs is null)
            return new Outcome.Refused(
                "customer.nameTaken", $"In Zoho others are named {customer.Body.Name} and {ContactMapping.OtherName(customer)}.",
                "Rename one of them there, then Retry.");

        if (customer.Info.Revision > 1)
            theirs = await steps.OnceAsync(
                "change", () => zoho.ChangeContactAsync(steps, theirs, ContactMapping.ToChange(customer, theirs, settings), stop));
        return new Outcome.Done(theirs.ContactId, null, null);

        Task<Contact?> CreateAsync(string step, string name) =>
            steps.OnceAsync(step, () => zoho.CreateContactAsync(steps, ContactMapping.ToContact(customer, name, settings), stop));
    }

    public async Task<Outcome> PushOrderAsync(Order order, Steps steps, CancellationToken stop)
    {
        var settings = steps.Connection.Settings<ZohoSettings>();
        var known = await catalogue.ReadAsync(steps, ZohoMapping.Skus(order.Body, settings), ZohoMapping.Rates(order.Body), stop);
        if (ZohoMapping.WhyNot(order, known, settings) is { } unmapped)
            return unmapped;
        if (await steps.ExternalIdAsync(order.Customer!.Id) is not { } customerId)
            return new Outcome.Later($"{order.Customer.Body.Name} is not in Zoho yet.");
        var plan = ZohoMapping.ToSalesOrder(order, customerId, known, settings);
        var number = plan.Payload.SalesorderNumber;

        // Zoho has no idempotency header. Its numbers are unique, but not ours alone: the custom field says whose the order is.
        var theirs = await zoho.FindSalesOrderAsync(steps, number, stop);
        if (theirs is not null && !Carries(theirs.CustomFields, order.Info.RecordId, settings))
            return new Outcome.Refused(
                "erp.numberTaken", $"Zoho already has another order {number}.",
                "Rename that order in Zoho, or give the number series another start; then Retry.");
        if (theirs is null or { Status: Draft } && ZohoMoney.WhyHold(order.Body, plan, settings) is { } held)
            return held;

        if (theirs is null)
        {
            theirs = await steps.OnceAsync("create", () => zoho.CreateSalesOrderAsync(steps, plan.Payload, stop));
        }
        else
        {
            await steps.FoundAsync("create", theirs);
            // A draft from before the office changed a setting gets what we would send today; voiding it instead would use up its number.
            if (theirs.Status == Draft && !ZohoMoney.IsAsForetold(order.Body, plan, theirs))
                theirs = await steps.OnceAsync(
                    $"correct {Fingerprint(plan.Payload)}", () => zoho.CorrectSalesOrderAsync(steps, theirs.SalesorderId, plan.Payload, stop));
        }

        if (theirs.Status == Draft && ZohoMoney.WhyNotConfirm(order.Body, plan, theirs, settings) is { } different)
            return different;
        if (theirs.Status == Draft)
        {
            await steps.OnceAsync("confirm", () => zoho.ConfirmAsync(steps, theirs.SalesorderId, number, stop));
            theirs = await zoho.ReadSalesOrderAsync(steps, theirs.SalesorderId, number, stop);
        }

        return theirs.Status switch
        {
            Void => new Outcome.Refused(
                "erp.void", $"Order {number} is void in Zoho.", "It was voided there. Stop it here too, or capture it again under a new number."),
            var status when !Confirmed.Contains(status) => new Outcome.Refused(
                "erp.notConfirmed", $"Zoho took order {number} but holds it as {status}, not confirmed.", "Approve it in Zoho, then Retry."),
            _ when ZohoMoney.Remark(order.Body, plan, theirs) is { } remark =>
                new Outcome.Done(theirs.SalesorderId, theirs.SalesorderNumber, theirs.Total, "amountDiffers", remark),
            _ => new Outcome.Done(theirs.SalesorderId, theirs.SalesorderNumber, theirs.Total),
        };
    }

    // By e-mail address, then by the names we give. Ours carries our record id; one customer with the same address and nobody's id may become ours.
    private async Task<(Contact? Ours, IReadOnlyList<Contact> Unclaimed)> LookAsync(Customer customer, Steps steps, CancellationToken stop)
    {
        var settings = steps.Connection.Settings<ZohoSettings>();
        var sameEmail = ContactMapping.Email(customer) is { } email ? await zoho.FindContactsByEmailAsync(steps, email, stop) : [];
        if (Ours(sameEmail) is { } byEmail)
            return (byEmail, []);
        var sameName = await zoho.FindContactsByNameAsync(steps, ContactMapping.Name(customer), stop);
        var otherName = sameName.Count == 0 ? [] : await zoho.FindContactsByNameAsync(steps, ContactMapping.OtherName(customer), stop);
        return (Ours([.. sameName, .. otherName]), sameEmail.Where(IsNobodys).ToList());

        bool IsNobodys(Contact contact) => contact.ContactType is null or "customer" && Field(contact.CustomFields, settings) is null or "";

        Contact? Ours(IReadOnlyList<Contact> contacts) =>
            contacts.FirstOrDefault(contact => Carries(contact.CustomFields, customer.Info.RecordId, settings));
    }

    private static string? Field(IReadOnlyList<CustomField>? fields, ZohoSettings settings) =>
        fields?.FirstOrDefault(field => field.ApiName == settings.CustomFieldApiName)?.Value;

    private static bool Carries(IReadOnlyList<CustomField>? fields, Guid recordId, ZohoSettings settings) =>
        Guid.TryParse(Field(fields, settings), out var id) && id == recordId;

    private static string Fingerprint(NewSalesOrder order) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(order, ZohoWire.Json)))[..12];
}
