namespace OrderSync.ErpSandbox.Zoho;

/// <summary>The contacts of an organisation with the look-ups calls need.</summary>
internal sealed class ZohoContactBook(ZohoIds ids)
{
    private readonly ZohoTable<ZohoContact> table = new();
    private readonly ZohoIndex byName = new();
    private readonly ZohoIndex byEmail = new();
    private readonly ZohoIndex byOurId = new();

    public int Count => table.Count;
    public int Doubles => byOurId.Shared.Count();
    public IEnumerable<ZohoContact> Rows => table.Rows;

    public ZohoContact? Find(string id) => table.Find(id);
    public IEnumerable<ZohoContact> ByName(string name) => table.Find(byName[name]);
    public IEnumerable<ZohoContact> ByEmail(string email) => table.Find(byEmail[email]);

    public void Put(ZohoContact contact)
    {
        Index(table.Put(contact.ContactId, contact), contact, contact.ContactId);
        ids.Seen(contact.ContactId);
        foreach (var person in contact.ContactPersons)
            ids.Seen(person.ContactPersonId);
        foreach (var address in contact.Addresses.Append(contact.BillingAddress).Append(contact.ShippingAddress))
            ids.Seen(address?.AddressId);
    }

    public void Remove(string id) => Index(table.Remove(id), null, id);

    private void Index(ZohoContact? before, ZohoContact? after, string id)
    {
        byName.Move(id, before?.ContactName, after?.ContactName);
        byEmail.Move(id, before?.Email, after?.Email);
        byOurId.Move(id, before?.CustomField("cf_ordersync_id"), after?.CustomField("cf_ordersync_id"));
    }
}
