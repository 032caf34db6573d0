using OrderSync.Framework;

namespace OrderSync.NetSuite;

/// <summary>Brings customers to NetSuite: finds ours, takes over one that is nobody's, or creates it under our key.</summary>
internal sealed class Customers(CustomerCalls netSuite)
{
    private const string Create = "create";

    public async Task<Outcome> PushAsync(Customer customer, Steps steps, CancellationToken stop)
    {
        var (connection, settings, what) = (steps.Connection, steps.Connection.Settings<NetSuiteSettings>(), What(customer));
        if (customer.ErpNumber is { } number)
            return await netSuite.FindAsync(steps, number, stop) is { } known ? Done(known, steps)
                : new Outcome.Refused("customer.unknown", $"NetSuite has no customer {number}.", "Correct the customer's ERP number: the internal id, which stands behind id= in its page's address in NetSuite.");

        var (id, unclaimed) = await LookAsync(customer, steps, stop);
        if (id is null && unclaimed.Count > 1)
            return new Outcome.Refused(
                "customer.several", $"NetSuite has {unclaimed.Count} customers with {CustomerMapping.Email(customer)}: {string.Join(", ", unclaimed.Select(one => $"id {one.Id}"))}.",
                "Enter the ERP number of the right one at the customer, then Retry.");

        if (id is not null)
            await steps.FoundAsync(Create, id);
        else if (unclaimed is [var adopted])
            id = await steps.OnceAsync("adopt", () => netSuite.ChangeAsync(steps, adopted.Id, new() { ExternalId = OurMark.Of(customer.Info) }, what, stop));
        else
            id = await CreateAsync(Create, null) ?? await CreateAsync("create under another name", CustomerMapping.OtherName(customer, settings));
        if (id is null)
            return new Outcome.Refused(
                "customer.nameTaken", $"In NetSuite others are named {CustomerMapping.Name(customer, settings)} and {CustomerMapping.OtherName(customer, settings)}.", "Rename one of them there, then Retry.");

        if (customer.Info.Revision > 1)
            await steps.OnceAsync("change", () => netSuite.ChangeAsync(steps, id, CustomerMapping.ToChange(customer, connection), what, stop));
        var theirs = await netSuite.FindAsync(steps, id, stop) ?? throw Gone(what);
        return theirs.IsInactive == true
            ? new Outcome.Refused("customer.inactive", $"Customer {theirs.EntityId ?? theirs.CompanyName} is inactive in NetSuite.", "Make the customer active there, then Retry.")
            : Done(theirs, steps);

        Task<string?> CreateAsync(string step, string? entityId) => steps.OnceAsync(
            step, () => netSuite.CreateAsync(steps, OurMark.Of(customer.Info), CustomerMapping.ToCustomer(customer, entityId, connection), what, stop));
    }

    /// <summary>Writes a captured change into a customer that NetSuite had before us. Whose it is there stays as it is.</summary>
    public async Task<Outcome> ChangeAsync(Customer customer, Steps steps, CancellationToken stop)
    {
        if (await netSuite.FindAsync(steps, customer.ErpNumber!, stop) is not { } known)
            return new Outcome.Refused("customer.unknown", $"NetSuite has no customer {customer.ErpNumber}.", "It was deleted there. Make it again in NetSuite, or stop this change.");
        await steps.OnceAsync("change", () => netSuite.ChangeAsync(steps, known.Id, CustomerMapping.ToChange(customer, steps.Connection), What(customer), stop));
        return Done(await netSuite.FindAsync(steps, known.Id, stop) ?? throw Gone(What(customer)), steps);
    }

    /// <summary>How NetSuite shows it now.</summary>
    public async Task<ErpDocument?> ReadAsync(WrittenDocument document, Steps steps, CancellationToken stop) =>
        await netSuite.FindAsync(steps, document.ExternalId, stop) is { } customer
            ? Shown.Of(customer)
            : throw Gone($"customer {document.ExternalId}");

    private static Outcome.Done Done(CustomerRecord theirs, Steps steps)
    {
        steps.Saw(Shown.Of(theirs));
        return new(theirs.Id, null, null);
    }

    // Ours by its external id, or by the id it had where somebody took that off it; one with the same e-mail address and nobody's external id may become ours.
    private async Task<(string? Ours, IReadOnlyList<CustomerRow> Unclaimed)> LookAsync(Customer customer, Steps steps, CancellationToken stop)
    {
        var (email, had) = (CustomerMapping.Email(customer), await steps.ExternalIdAsync(customer.Info.RecordId));
        var found = await netSuite.LookAsync(steps, OurMark.Of(customer.Info), email, What(customer), stop);
        if (found.FirstOrDefault(one => OurMark.Is(one.ExternalId, customer.Info)) is { } ours)
            return (ours.Id, []);
        if (had is { Length: > 0 } && await netSuite.FindAsync(steps, had, stop) is { } known)
            return (known.Id, []);
        return (null, [.. found.Where(one => one.ExternalId is null or "" && string.Equals(one.Email, email, StringComparison.OrdinalIgnoreCase))]);
    }

    private static OutcomeException Gone(string what) => new(new Outcome.Refused("erp.gone", $"NetSuite does not have {what} any more.", "It was merged or deleted there. Enter another ERP number at the customer."));

    private static string What(Customer customer) => $"customer {customer.Body.Name}";
}
