namespace OrderSync.ErpSandbox.Zoho;

/// <summary>Contacts: find, create, change, addresses. rules.md, "Contacts".</summary>
internal static class ZohoContacts
{
    private const int NameMost = 200;

    /// <summary>GET /contacts</summary>
    public static ErpAnswer Find(ZohoCall call)
    {
        var (search, organisation) = (call.Search, call.Organisation);
        IEnumerable<ZohoContact> rows =
            search["email"] is { } email ? organisation.ContactsByEmail(email)
            : search["contact_name"] is { } name ? organisation.ContactsByName(name)
            : organisation.Contacts;
        rows = rows.Where(contact =>
            search.Passes("email", contact.Email) && search.Passes("contact_name", contact.ContactName)
            && search.Passes("phone", contact.Phone) && search.PassesSearchText(contact.ContactName, contact.Notes));
        return ZohoAnswer.List("contacts", search.Page(rows, contact => contact.Row()));
    }

    /// <summary>GET /contacts/{id}</summary>
    public static ErpAnswer Get(ZohoCall call) => ZohoAnswer.Ok("success", "contact", Existing(call));

    /// <summary>POST /contacts</summary>
    public static ErpAnswer Create(ZohoCall call)
    {
        var fields = ZohoFields.Parse(call.Request);
        var organisation = call.Organisation;
        var contact = Read(call, fields, new ZohoContact
        {
            ContactId = organisation.NewId(),
            ContactName = "",
            CurrencyId = organisation.CurrencyId,
            CurrencyCode = organisation.Settings.CurrencyCode,
            CreatedTime = call.Now,
        });
        organisation.Put(contact);
        return ZohoAnswer.Ok("The contact has been added.", "contact", contact, 201);
    }

    /// <summary>PUT /contacts/{id}: persons that are not sent again are gone.</summary>
    public static ErpAnswer Update(ZohoCall call)
    {
        var fields = ZohoFields.Parse(call.Request);
        var before = Existing(call);
        var contact = Read(call, fields, before);
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

    private static ZohoContact Read(ZohoCall call, ZohoFields fields, ZohoContact before)
    {
        var organisation = call.Organisation;
        var name = (fields.Text("contact_name", NameMost) ?? before.ContactName).Trim();
        if (name.Length == 0)
            throw ZohoRefusal.Missing("contact_name");
        if (organisation.ContactNamed(name) is { } other && other.ContactId != before.ContactId)
            throw new ZohoRefusal(400, 3062, $"The contact '{name}' already exists. Specify a different name.");
        if (fields.Id("currency_id") is { } currency && currency != organisation.CurrencyId)
            throw ZohoRefusal.NoSuch("Currency");
        if (fields.Id("pricebook_id") is not null)
            throw ZohoRefusal.NoSuch("Price list");

        return before with
        {
            ContactName = name,
            CompanyName = fields.Text("company_name", NameMost) ?? before.CompanyName,
            ContactType = fields.OneOf("contact_type", "customer", "vendor") ?? before.ContactType,
            PaymentTerms = fields.Integer("payment_terms") ?? before.PaymentTerms,
            PaymentTermsLabel = fields.Text("payment_terms_label", NameMost) ?? before.PaymentTermsLabel,
            Notes = fields.Text("notes", int.MaxValue) ?? before.Notes,
            ContactPersons = Persons(organisation, fields, before) ?? (organisation.Settings.UpdateWithoutPersonsClearsThem ? [] : before.ContactPersons),
            BillingAddress = Address(organisation, fields, "billing_address", before.BillingAddress),
            ShippingAddress = Address(organisation, fields, "shipping_address", before.ShippingAddress),
            CustomFields = ZohoReading.CustomFields(fields, organisation.ContactCustomFields, before.CustomFields),
            LastModifiedTime = call.Now,
        };
    }

    private static ZohoAddress? Address(ZohoOrganisation organisation, ZohoFields fields, string name, ZohoAddress? before) =>
        fields.Object(name) is { } address ? ZohoReading.Address(address, before?.AddressId ?? organisation.NewId()) : before;

    private static List<ZohoContactPerson>? Persons(ZohoOrganisation organisation, ZohoFields fields, ZohoContact before)
    {
        if (fields.Objects("contact_persons") is not { } rows)
            return null;
        var persons = rows.Select(row => new ZohoContactPerson(
            PersonId(row, before) ?? organisation.NewId(),
            row.Text("salutation", 25) ?? "",
            row.Text("first_name", 100) ?? "",
            row.Text("last_name", 100) ?? "",
            row.Text("email", 100) ?? "",
            row.Text("phone", 50) ?? "",
            row.Text("mobile", 50) ?? "",
            row.Text("designation", 100) ?? "",
            row.Text("department", 50) ?? "",
            row.Flag("is_primary_contact") is not { } primary ? false : primary ? true : throw row.Invalid("is_primary_contact"))).ToList();

        if (persons.Count(person => person.IsPrimaryContact) > 1)
            throw fields.Invalid("contact_persons.is_primary_contact");
        if (persons.Count > 0 && !persons.Exists(person => person.IsPrimaryContact))
            persons[0] = persons[0] with { IsPrimaryContact = true };
        return persons;
    }

    private static string? PersonId(ZohoFields row, ZohoContact before) => row.Id("contact_person_id") is not { } id ? null
        : before.ContactPersons.Any(person => person.ContactPersonId == id) ? id
        : throw ZohoRefusal.NoSuch("Contact person");
}
