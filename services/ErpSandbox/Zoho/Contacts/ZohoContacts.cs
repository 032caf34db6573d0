namespace OrderSync.ErpSandbox.Zoho;

/// <summary>Contacts: find, create, change, addresses. rules.md, "Contacts".</summary>
internal static class ZohoContacts
{
    /// <summary>GET /contacts</summary>
    public static ErpAnswer Find(ZohoCall call)
    {
        var (search, organisation) = (call.Search, call.Organisation);
        IEnumerable<ZohoContact> rows =
            search["email"] is { } email ? organisation.ContactsByEmail(email)
            : search["contact_name"] is { } name ? organisation.ContactsByName(name)
            : organisation.Contacts;
        rows = rows.Where(contact =>
            (call.Flavour == ZohoFlavour.Inventory || search.Passes("contact_type", contact.ContactType))
            && search.Passes("email", contact.Email) && search.Passes("contact_name", contact.ContactName)
            && search.Passes("phone", contact.Phone) && search.PassesSearchText(contact.ContactName, contact.Notes));
        return ZohoAnswer.List("contacts", search.Page(rows, contact => contact.Row()));
    }

    /// <summary>GET /contacts/{id}</summary>
    public static ErpAnswer Get(ZohoCall call) => ZohoAnswer.Ok("success", "contact", Existing(call));

    /// <summary>POST /contacts</summary>
    public static ErpAnswer Create(ZohoCall call) => Create(call, ZohoFields.Parse(call.Request));

    /// <summary>PUT /contacts, Books only: the one whose unique custom field has a value, or with X-Upsert a new one.</summary>
    public static ErpAnswer Upsert(ZohoCall call)
    {
        var (key, value) = ZohoUpsert.Key(call);
        var fields = ZohoFields.Parse(call.Request);
        return call.Organisation.Contacts.Where(one => ZohoUpsert.Is(one.CustomField(key), value)).ToList() switch
        {
            [var one] => Update(call, fields, one),
            [] when ZohoUpsert.MayCreate(call) => Create(call, fields, made => made with
            {
                CustomFields = ZohoUpsert.With(made.CustomFields, call.Organisation.ContactCustomFields, key, value),
            }),
            [] => throw ZohoRefusal.NoSuch("Contact", 404),
            _ => throw ZohoRefusal.Invalid(key),
        };
    }

    /// <summary>POST /contacts/{id}/active and …/inactive</summary>
    public static ErpAnswer SetStatus(ZohoCall call)
    {
        var (before, status) = (Existing(call), call.Request.Path.EndsWith("/inactive", StringComparison.Ordinal) ? "inactive" : "active");
        call.Organisation.Put(before with { Status = status, LastModifiedTime = call.Now });
        return ZohoAnswer.Ok($"The contact has been marked as {status}.");
    }

    /// <summary>DELETE /contacts/{id}: not while documents name it.</summary>
    public static ErpAnswer Delete(ZohoCall call)
    {
        var contact = Existing(call);
        var organisation = call.Organisation;
        IEnumerable<IZohoDocument> documents = [
            .. organisation.SalesOrders.Rows, .. organisation.Invoices.Rows, .. organisation.Payments.Rows, .. organisation.Estimates.Rows,
            .. organisation.SalesReceipts.Rows];
        if (documents.Any(one => one.CustomerId == contact.ContactId))
            throw new ZohoRefusal(400, 2, "A contact that has transactions cannot be deleted. Mark it as inactive.");
        organisation.Remove(contact);
        return ZohoAnswer.Ok("The contact has been deleted.");
    }

    private static ErpAnswer Create(ZohoCall call, ZohoFields fields, Func<ZohoContact, ZohoContact>? also = null)
    {
        var organisation = call.Organisation;
        var contact = ZohoContactReading.Read(call, fields, new ZohoContact
        {
            ContactId = organisation.NewId(),
            ContactName = "",
            CurrencyId = organisation.CurrencyId,
            CurrencyCode = organisation.Settings.CurrencyCode,
            CreatedTime = call.Now,
        });
        contact = also is null ? contact : also(contact);
        organisation.Put(contact);
        return ZohoAnswer.Ok("The contact has been added.", "contact", contact, 201);
    }

    /// <summary>PUT /contacts/{id}: persons that are not sent again are gone.</summary>
    public static ErpAnswer Update(ZohoCall call) => Update(call, ZohoFields.Parse(call.Request), Existing(call));

    private static ErpAnswer Update(ZohoCall call, ZohoFields fields, ZohoContact before)
    {
        var contact = ZohoContactReading.Read(call, fields, before);
        call.Organisation.Put(contact);
        return ZohoAnswer.Ok("The contact has been updated.", "contact", contact);
    }

    /// <summary>GET /contacts/{id}/address</summary>
    public static ErpAnswer Addresses(ZohoCall call)
    {
        var contact = Existing(call);
        return ZohoAnswer.Ok("success", "addresses",
            contact.Addresses.Prepend(contact.ShippingAddress).Prepend(contact.BillingAddress).Where(address => address is not null).ToList());
    }

    /// <summary>POST /contacts/{id}/address</summary>
    public static ErpAnswer AddAddress(ZohoCall call)
    {
        var fields = ZohoFields.Parse(call.Request);
        var contact = Existing(call);
        var address = ZohoReading.Address(fields, call.Organisation.NewId());
        call.Organisation.Put(contact with { Addresses = [.. contact.Addresses, address], LastModifiedTime = call.Now });
        return ZohoAnswer.Ok("The address has been added.", "address_info", address, 201);
    }

    private static ZohoContact Existing(ZohoCall call) =>
        call.Organisation.Contact(call.Id) ?? throw ZohoRefusal.NoSuch("Contact", 404);
}
