namespace OrderSync.ErpSandbox.Zoho;

/// <summary>Turns a body into a document with lines: what is checked, what is dropped. rules.md, "Documents".</summary>
internal static class ZohoDocumentReading
{
    private const int NameMost = 200;

    /// <summary>Reads a new document or the changes to one, and works out its figures.</summary>
    public static T Read<T>(ZohoCall call, ZohoFields fields, T before, IReadOnlyList<ZohoCustomField> customFields)
        where T : ZohoDocument
    {
        var organisation = call.Organisation;
        var settings = organisation.Settings;
        var customer = organisation.Contact(fields.Id("customer_id") ?? Or(before.CustomerId) ?? throw ZohoRefusal.Missing("customer_id"))
            ?? throw ZohoRefusal.NoSuch("Customer");
        if (customer.ContactType != "customer")
            throw fields.Invalid("customer_id");
        if (customer.Status != "active" && before.CustomerId != customer.ContactId)
            throw fields.Invalid("customer_id");
        if (fields.Id("template_id") is not null)
            throw ZohoRefusal.NoSuch("template_id");
        if (settings.InlineAddress == Unplaced.Refuse && (fields.Has("billing_address") || fields.Has("shipping_address")))
            throw fields.Invalid(fields.Has("billing_address") ? "billing_address" : "shipping_address");

        var billing = Address(customer, fields.Id("billing_address_id")) ?? Kept(before, customer, before.BillingAddress) ?? customer.BillingAddress;
        var shipping = Address(customer, fields.Id("shipping_address_id")) ?? Kept(before, customer, before.ShippingAddress) ?? customer.ShippingAddress;
        var location = fields.Id("location_id") is { } locationId ? organisation.Location(locationId) ?? throw ZohoRefusal.NoSuch("location_id") : null;
        var salesperson = Salesperson(call, fields);
        ZohoDocument read = before with
        {
            ReferenceNumber = fields.Text("reference_number", settings.ReferenceMaxLength) ?? before.ReferenceNumber,
            Date = fields.Date("date") ?? Or(before.Date) ?? call.Now.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            CustomerId = customer.ContactId,
            CustomerName = customer.ContactName,
            CurrencyId = organisation.CurrencyId,
            CurrencyCode = settings.CurrencyCode,
            SalespersonId = salesperson?.SalespersonId ?? before.SalespersonId,
            SalespersonName = salesperson?.SalespersonName ?? before.SalespersonName,
            LocationId = location?.LocationId ?? before.LocationId,
            LocationName = location?.LocationName ?? before.LocationName,
            PricebookId = fields.Id("pricebook_id") is { } pricebook
                ? (organisation.Pricebook(pricebook) ?? throw ZohoRefusal.NoSuch("pricebook_id")).PricebookId : before.PricebookId,
            Notes = fields.Text("notes", settings.NotesMaxLength) ?? before.Notes,
            Terms = fields.Text("terms", settings.NotesMaxLength) ?? before.Terms,
            ContactPersonsAssociated = Persons(customer, fields) ?? before.ContactPersonsAssociated,
            BillingAddressId = billing?.AddressId ?? "",
            ShippingAddressId = shipping?.AddressId ?? "",
            BillingAddress = billing,
            ShippingAddress = shipping,
            DiscountType = fields.OneOf("discount_type", "entity_level", "item_level") ?? before.DiscountType,
            Discount = fields.Discount("discount")?.ToString() ?? before.Discount,
            IsDiscountBeforeTax = fields.Flag("is_discount_before_tax") ?? before.IsDiscountBeforeTax,
            IsInclusiveTax = fields.Flag("is_inclusive_tax") ?? before.IsInclusiveTax,
            ShippingCharge = Money(fields, "shipping_charge", settings) ?? before.ShippingCharge,
            Adjustment = Money(fields, "adjustment", settings) ?? before.Adjustment,
            AdjustmentDescription = fields.Text("adjustment_description", settings.NotesMaxLength) ?? before.AdjustmentDescription,
            CustomFields = ZohoReading.CustomFields(fields, customFields, before.CustomFields),
            LineItems = ZohoLineReading.Read(organisation, fields, before.LineItems) ?? before.LineItems,
            LastModifiedTime = call.Now,
        };
        if (read.ShippingCharge < 0)
            throw fields.Invalid("shipping_charge");
        return (T)ZohoDocumentFigures.Apply(read, organisation, fields);
    }

    /// <summary>Null for an empty text.</summary>
    public static string? Or(string text) => text.Length > 0 ? text : null;

    private static decimal? Money(ZohoFields fields, string name, ZohoSettings settings) => fields.Number(name) is { } value
        ? ZohoReading.Fit(value, settings.PricePrecision, settings, fields, name)
        : null;

    private static ZohoAddress? Address(ZohoContact customer, string? id) =>
        id is null ? null : customer.Address(id) ?? throw ZohoRefusal.NoSuch("Address");

    private static ZohoAddress? Kept(ZohoDocument before, ZohoContact customer, ZohoAddress? address) =>
        before.CustomerId == customer.ContactId ? address : null;

    // Books takes the name of a salesperson too, and makes one of a name it does not know.
    private static ZohoSalesperson? Salesperson(ZohoCall call, ZohoFields fields)
    {
        var organisation = call.Organisation;
        if (fields.Id("salesperson_id") is { } id)
            return organisation.Salespersons.FirstOrDefault(person => person.SalespersonId == id) ?? throw ZohoRefusal.NoSuch("salesperson_id");
        if (call.Flavour != ZohoFlavour.Books || fields.Text("salesperson_name", NameMost)?.Trim() is not { Length: > 0 } name)
            return null;
        if (organisation.Salespersons.FirstOrDefault(person => person.SalespersonName == name) is { } known)
            return known;
        var added = new ZohoSalesperson(organisation.NewId(), name, "", "active");
        organisation.Put(added);
        return added;
    }

    private static List<string>? Persons(ZohoContact customer, ZohoFields fields)
    {
        if (fields.Objects("contact_persons_associated") is not { } rows)
            return null;
        var ids = rows.Select(row => row.Id("contact_person_id") ?? "").ToList();
        return ids.TrueForAll(id => customer.ContactPersons.Any(person => person.ContactPersonId == id)) ? ids : throw ZohoRefusal.NoSuch("Contact person");
    }
}
