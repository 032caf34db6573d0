namespace OrderSync.ErpSandbox.Zoho;

/// <summary>Turns a body into a contact: what is checked, what is dropped. rules.md, "Contacts".</summary>
internal static class ZohoContactReading
{
    private const int NameMost = 200;

    /// <summary>Reads a new contact or the changes to one.</summary>
    public static ZohoContact Read(ZohoCall call, ZohoFields fields, ZohoContact before)
    {
        var organisation = call.Organisation;
        var name = (fields.Text("contact_name", NameMost) ?? before.ContactName).Trim();
        if (name.Length == 0)
            throw ZohoRefusal.Missing("contact_name");
        if (organisation.ContactNamed(name) is { } other && other.ContactId != before.ContactId)
            throw new ZohoRefusal(400, 3062, $"The contact '{name}' already exists. Specify a different name.");
        if (fields.Id("currency_id") is { } currency && currency != organisation.CurrencyId)
            throw ZohoRefusal.NoSuch("Currency");
        var pricebook = fields.Id("pricebook_id") is { } id ? organisation.Pricebook(id) ?? throw ZohoRefusal.NoSuch("Price list") : null;
        var books = call.Flavour == ZohoFlavour.Books;

        return before with
        {
            ContactName = name,
            CompanyName = fields.Text("company_name", NameMost) ?? before.CompanyName,
            ContactType = fields.OneOf("contact_type", "customer", "vendor") ?? before.ContactType,
            PaymentTerms = fields.Integer("payment_terms") ?? before.PaymentTerms,
            PaymentTermsLabel = fields.Text("payment_terms_label", NameMost) ?? before.PaymentTermsLabel,
            ContactNumber = (books ? fields.Text("contact_number", NameMost) : null) ?? before.ContactNumber,
            CustomerSubType = (books ? fields.OneOf("customer_sub_type", "individual", "business") : null) ?? before.CustomerSubType,
            CreditLimit = (books ? fields.Number("credit_limit") : null) ?? before.CreditLimit,
            PricebookId = pricebook?.PricebookId ?? before.PricebookId,
            PricebookName = pricebook?.Name ?? before.PricebookName,
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
