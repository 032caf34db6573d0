using OrderSync.Framework;

namespace OrderSync.Zoho;

/// <summary>Brings customers to Zoho: finds ours, takes over one that is nobody's, or creates it.</summary>
internal sealed class Customers(ContactCalls zoho)
{
    public async Task<Outcome> PushAsync(Customer customer, Steps steps, CancellationToken stop)
    {
        if (customer.ErpNumber is { } id)
        {
            if (await zoho.FindAsync(steps, id, stop) is not { } known)
                return new Outcome.Refused(
                    "customer.unknown", $"Zoho has no customer {id}.",
                    "Correct the customer's ERP number: the digits at the end of its page's address in Zoho.");
            steps.Saw(Shown.Of(known, steps.Connection.Settings<ZohoSettings>()));
            return new Outcome.Done(known.ContactId, null, null);
        }

        var connection = steps.Connection;
        var (theirs, unclaimed) = await LookAsync(customer, steps, stop);
        if (theirs is null && unclaimed.Count > 1)
            return new Outcome.Refused(
                "customer.several",
                $"Zoho has {unclaimed.Count} customers with {ContactMapping.Email(customer)}: {string.Join(", ", unclaimed.Select(contact => contact.ContactName))}.",
                "Enter the ERP number of the right one at the customer, then Retry.");

        if (theirs is not null)
            await steps.FoundAsync("create", theirs);
        else if (unclaimed is [var adopted])
            theirs = await steps.OnceAsync("adopt", () => zoho.ChangeAsync(steps, adopted, ContactMapping.ToMark(customer, adopted, connection), stop));
        else
            theirs = await CreateAsync("create", ContactMapping.Name(customer))
                ?? await CreateAsync("create under another name", ContactMapping.OtherName(customer));
        if (theirs is null)
            return new Outcome.Refused(
                "customer.nameTaken", $"In Zoho others are named {customer.Body.Name} and {ContactMapping.OtherName(customer)}.",
                "Rename one of them there, then Retry.");

        if (customer.Info.Revision > 1)
            theirs = await steps.OnceAsync("change", () => zoho.ChangeAsync(steps, theirs, ContactMapping.ToChange(customer, theirs, connection), stop));
        steps.Saw(Shown.Of(theirs, connection.Settings<ZohoSettings>()));
        return new Outcome.Done(theirs.ContactId, null, null);

        Task<Contact?> CreateAsync(string step, string name) =>
            steps.OnceAsync(step, () => zoho.CreateAsync(steps, ContactMapping.ToContact(customer, name, connection), stop));
    }

    /// <summary>Writes a captured change into a customer that Zoho had before us. Whose it is there stays as it is.</summary>
    public async Task<Outcome> ChangeAsync(Customer customer, Steps steps, CancellationToken stop)
    {
        if (await zoho.FindAsync(steps, customer.ErpNumber!, stop) is not { } known)
            return new Outcome.Refused("customer.unknown", $"Zoho has no customer {customer.ErpNumber}.", "It was deleted there. Make it again in Zoho, or stop this change.");
        var changed = await steps.OnceAsync("change", () => zoho.ChangeAsync(steps, known, ContactMapping.ToKnown(customer, known, steps.Connection), stop));
        steps.Saw(Shown.Of(changed, steps.Connection.Settings<ZohoSettings>()));
        return new Outcome.Done(changed.ContactId, null, null);
    }

    /// <summary>How Zoho shows it now; null when it is not there any more.</summary>
    public async Task<ErpDocument?> ReadAsync(WrittenDocument document, Steps steps, CancellationToken stop) =>
        await zoho.FindAsync(steps, document.ExternalId, stop) is { } contact
            ? Shown.Of(contact, steps.Connection.Settings<ZohoSettings>())
            : throw new OutcomeException(new Outcome.Refused("erp.gone", $"Zoho has no customer {document.ExternalId} any more.", "It was deleted there. Make it again in Zoho, or enter another ERP number at the customer."));

    /// <summary>All contacts that carry the customer's record id, oldest first.</summary>
    public async Task<IReadOnlyList<Found>?> FindAllAsync(Customer customer, Steps steps, CancellationToken stop)
    {
        if (customer.ErpNumber is not null)
            return null;
        var settings = steps.Connection.Settings<ZohoSettings>();
        var sameEmail = ContactMapping.Email(customer) is { } email ? await zoho.FindByEmailAsync(steps, email, stop) : [];
        var sameName = await zoho.FindByNameAsync(steps, ContactMapping.Name(customer), stop);
        var otherName = await zoho.FindByNameAsync(steps, ContactMapping.OtherName(customer), stop);
        // Ids rise with time.
        return [.. sameEmail.Concat(sameName).Concat(otherName).Where(contact => OurMark.Carries(contact.CustomFields, customer.Info.RecordId, settings))
            .DistinctBy(contact => contact.ContactId).OrderBy(contact => contact.ContactId.Length).ThenBy(contact => contact.ContactId, StringComparer.Ordinal)
            .Select(contact => new Found(contact.ContactId, contact.ContactName))];
    }

    // By e-mail address, then by the names we give. Ours carries our record id; one customer with the same address and nobody's id may become ours.
    private async Task<(Contact? Ours, IReadOnlyList<Contact> Unclaimed)> LookAsync(Customer customer, Steps steps, CancellationToken stop)
    {
        var settings = steps.Connection.Settings<ZohoSettings>();
        var sameEmail = ContactMapping.Email(customer) is { } email ? await zoho.FindByEmailAsync(steps, email, stop) : [];
        if (Ours(sameEmail) is { } byEmail)
            return (byEmail, []);
        var sameName = await zoho.FindByNameAsync(steps, ContactMapping.Name(customer), stop);
        var otherName = sameName.Count == 0 ? [] : await zoho.FindByNameAsync(steps, ContactMapping.OtherName(customer), stop);
        return (Ours([.. sameName, .. otherName]), sameEmail.Where(IsNobodys).ToList());

        bool IsNobodys(Contact contact) => contact.ContactType is null or "customer" && OurMark.Of(contact.CustomFields, settings) is null or "";

        Contact? Ours(IReadOnlyList<Contact> contacts) =>
            contacts.FirstOrDefault(contact => OurMark.Carries(contact.CustomFields, customer.Info.RecordId, settings));
    }
}
