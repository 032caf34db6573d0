using OrderSync.Framework;

namespace OrderSync.QuickBooks;

/// <summary>Brings customers to QuickBooks: finds ours, takes over one that is nobody's, or creates it.</summary>
internal sealed class Customers(CustomerCalls quickBooks)
{
    public async Task<Outcome> PushAsync(Customer customer, Steps steps, CancellationToken stop)
    {
        var settings = steps.Connection.Settings<QuickBooksSettings>();
        if (customer.ErpNumber is { } id)
        {
            if (await quickBooks.FindAsync(steps, id, stop) is not { } known)
                return new Outcome.Refused(
                    "customer.unknown", $"QuickBooks has no customer {id}.", "Correct the customer's ERP number: the digits at the end of its page's address in QuickBooks.");
            steps.Saw(Shown.Of(known, settings));
            return new Outcome.Done(known.Id, null, null);
        }

        var (theirs, unclaimed) = await LookAsync(customer, steps, stop);
        if (theirs is null && unclaimed.Count > 1)
            return new Outcome.Refused(
                "customer.several", $"QuickBooks has {unclaimed.Count} customers with {CustomerMapping.Email(customer)}: {string.Join(", ", unclaimed.Select(one => one.DisplayName))}.",
                "Enter the ERP number of the right one at the customer, then Retry.");

        if (theirs is not null)
            await steps.FoundAsync("create", theirs);
        else if (unclaimed is [var adopted])
            theirs = await steps.OnceAsync("adopt", () => quickBooks.ChangeAsync(steps, steps.KeyOf("adopt"), adopted, CustomerMapping.ToMark(customer, adopted), stop));
        else
            // A supplier or an employee may have the name, whom no look finds.
            theirs = await CreateAsync("create", CustomerMapping.Name(customer))
                ?? await CreateAsync("create under another name", CustomerMapping.OtherName(customer));
        if (theirs is null)
            return new Outcome.Refused(
                "customer.nameTaken", $"In QuickBooks others are named {CustomerMapping.Name(customer)} and {CustomerMapping.OtherName(customer)}.", "Rename one of them there, then Retry.");
        if (theirs.Active == false)
            return new Outcome.Refused("customer.inactive", $"Customer {theirs.DisplayName} is inactive in QuickBooks.", "Make the customer active there, then Retry.");

        if (customer.Info.Revision > 1)
            theirs = await steps.OnceAsync("change", () => quickBooks.ChangeAsync(steps, steps.KeyOf("change"), theirs, CustomerMapping.ToChange(customer, theirs), stop));
        steps.Saw(Shown.Of(theirs, settings));
        return new Outcome.Done(theirs.Id, null, null);

        Task<CustomerRow?> CreateAsync(string step, string name) =>
            steps.OnceAsync(step, () => quickBooks.CreateAsync(steps, steps.KeyOf(step), CustomerMapping.ToCustomer(customer, name), stop));
    }

    /// <summary>How QuickBooks shows it now.</summary>
    public async Task<ErpDocument?> ReadAsync(WrittenDocument document, Steps steps, CancellationToken stop) =>
        await quickBooks.FindAsync(steps, document.ExternalId, stop) is { } customer
            ? Shown.Of(customer, steps.Connection.Settings<QuickBooksSettings>())
            : throw new OutcomeException(new Outcome.Refused("erp.gone", $"QuickBooks has no customer {document.ExternalId} any more.", "It was merged or deleted there. Enter another ERP number at the customer."));

    // By e-mail address, then by the names we give. Ours carries our record id; one active customer with the same address and nobody's id may become ours.
    private async Task<(CustomerRow? Ours, IReadOnlyList<CustomerRow> Unclaimed)> LookAsync(Customer customer, Steps steps, CancellationToken stop)
    {
        var sameEmail = CustomerMapping.Email(customer) is { } email ? await quickBooks.FindByEmailAsync(steps, email, stop) : [];
        if (Ours(sameEmail) is { } byEmail)
            return (byEmail, []);
        var sameName = await quickBooks.FindByNameAsync(steps, CustomerMapping.Name(customer), stop);
        // Where no customer has our name it may be a supplier's: then ours was made under the other one.
        var otherName = Ours(sameName) is null ? await quickBooks.FindByNameAsync(steps, CustomerMapping.OtherName(customer), stop) : [];
        return (Ours([.. sameName, .. otherName]), sameEmail.Where(one => one.Active != false && OurMark.Of(one.Notes) is null).ToList());

        CustomerRow? Ours(IReadOnlyList<CustomerRow> customers) => customers.FirstOrDefault(one => OurMark.Carries(one.Notes, customer.Info.RecordId));
    }
}
