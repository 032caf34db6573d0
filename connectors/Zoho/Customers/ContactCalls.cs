using OrderSync.Framework;

namespace OrderSync.Zoho;

/// <summary>Zoho's contacts: find, create, change.</summary>
internal sealed class ContactCalls(ZohoClient zoho)
{
    /// <summary>A contact by its id; null when it is not there.</summary>
    public async Task<Contact?> FindAsync(Steps steps, string id, CancellationToken stop) =>
        (await zoho.GetAsync(steps, $"contacts/{Uri.EscapeDataString(id)}", $"customer {id}", stop, ZohoErrors.IsMissing)).Contact;

    /// <summary>The contacts whose primary person has an e-mail address, complete.</summary>
    public Task<IReadOnlyList<Contact>> FindByEmailAsync(Steps steps, string email, CancellationToken stop) =>
        FindAsync(steps, "email", email, row => row.Email, stop);

    /// <summary>The contacts of a name, suppliers too, complete.</summary>
    public Task<IReadOnlyList<Contact>> FindByNameAsync(Steps steps, string name, CancellationToken stop) =>
        FindAsync(steps, "contact_name", name, row => row.ContactName, stop);

    /// <summary>Creates a customer; null when somebody has the name.</summary>
    public async Task<Contact?> CreateAsync(Steps steps, ContactChange contact, CancellationToken stop)
    {
        var what = $"customer {contact.ContactName}";
        var theirs = (await zoho.CallAsync(steps, HttpMethod.Post, "contacts", contact, what, stop, (_, answer) => answer.Code == ZohoErrors.NameTaken)).Contact;
        if (theirs is not null && contact.CustomFields is [var ours, ..])
            ZohoClient.RequireField(ours, theirs.CustomFields, what);
        return theirs;
    }

    /// <summary>Changes a customer.</summary>
    public async Task<Contact> ChangeAsync(Steps steps, Contact theirs, ContactChange change, CancellationToken stop)
    {
        var what = $"customer {theirs.ContactName}";
        var changed = (await zoho.CallAsync(steps, HttpMethod.Put, $"contacts/{theirs.ContactId}", change, what, stop)).Contact!;
        if (change.CustomFields is [var ours, ..])
            ZohoClient.RequireField(ours, changed.CustomFields, what);
        return changed;
    }

    private async Task<IReadOnlyList<Contact>> FindAsync(Steps steps, string filter, string value, Func<Contact, string?> field, CancellationToken stop)
    {
        var answer = await zoho.GetAsync(steps, $"contacts?{ZohoClient.Search(filter, value)}", $"customer {value}", stop);
        var complete = new List<Contact>();
        foreach (var row in ZohoClient.Matches(answer.Contacts, field, value))
        {
            if (await FindAsync(steps, row.ContactId, stop) is { } contact)
                complete.Add(contact);
        }

        return complete;
    }
}
