namespace OrderSync.ErpSandbox.Zoho;

/// <summary>Turns a body into a sales order: what is checked, what is dropped. rules.md, "Sales orders".</summary>
internal static class ZohoOrderReading
{
    // Fields that name a thing by id which an organisation of the sandbox does not have.
    private static readonly string[] NothingThere = ["pricebook_id", "salesperson_id", "location_id", "template_id"];

    /// <summary>Reads a new order or the changes to one, and works out its figures.</summary>
    public static ZohoSalesOrder Read(ZohoCall call, ZohoFields fields, ZohoSalesOrder before)
    {
        var organisation = call.Organisation;
        var settings = organisation.Settings;
        var customer = organisation.Contact(fields.Id("customer_id") ?? Or(before.CustomerId) ?? throw ZohoRefusal.Missing("customer_id"))
            ?? throw ZohoRefusal.NoSuch("Customer");
        foreach (var name in NothingThere)
        {
            if (fields.Id(name) is not null)
                throw ZohoRefusal.NoSuch(name);
        }

        if (settings.InlineAddress == Unplaced.Refuse && (fields.Has("billing_address") || fields.Has("shipping_address")))
            throw fields.Invalid(fields.Has("billing_address") ? "billing_address" : "shipping_address");

        var billing = Address(customer, fields.Id("billing_address_id") ?? Or(before.BillingAddressId)) ?? customer.BillingAddress;
        var shipping = Address(customer, fields.Id("shipping_address_id") ?? Or(before.ShippingAddressId)) ?? customer.ShippingAddress;
        var read = before with
        {
            SalesorderNumber = Number(call, fields, before),
            ReferenceNumber = fields.Text("reference_number", settings.ReferenceMaxLength) ?? before.ReferenceNumber,
            Date = fields.Date("date") ?? Or(before.Date) ?? call.Now.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            ShipmentDate = fields.Date("shipment_date") ?? before.ShipmentDate,
            CustomerId = customer.ContactId,
            CustomerName = customer.ContactName,
            CurrencyId = organisation.CurrencyId,
            CurrencyCode = settings.CurrencyCode,
            DeliveryMethod = fields.Text("delivery_method", 100) ?? before.DeliveryMethod,
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
            CustomFields = ZohoReading.CustomFields(fields, organisation.SalesorderCustomFields, before.CustomFields),
            LastModifiedTime = call.Now,
        };
        if (read.ShippingCharge < 0)
            throw fields.Invalid("shipping_charge");
        return ZohoOrderFigures.Apply(read with { LineItems = ZohoLineReading.Read(organisation, fields) ?? before.LineItems }, organisation, fields);
    }

    private static string? Or(string text) => text.Length > 0 ? text : null;

    private static decimal? Money(ZohoFields fields, string name, ZohoSettings settings) => fields.Number(name) is { } value
        ? ZohoReading.Fit(value, settings.PricePrecision, settings, fields, name)
        : null;

    private static ZohoAddress? Address(ZohoContact customer, string? id) =>
        id is null ? null : customer.Address(id) ?? throw ZohoRefusal.NoSuch("Address");

    private static List<string>? Persons(ZohoContact customer, ZohoFields fields)
    {
        if (fields.Objects("contact_persons_associated") is not { } rows)
            return null;
        var ids = rows.Select(row => row.Id("contact_person_id") ?? "").ToList();
        return ids.TrueForAll(id => customer.ContactPersons.Any(person => person.ContactPersonId == id)) ? ids : throw ZohoRefusal.NoSuch("Contact person");
    }

    // A number of one's own needs ignore_auto_number_generation=true; numbers are unique for ever, those of void orders too.
    private static string Number(ZohoCall call, ZohoFields fields, ZohoSalesOrder before)
    {
        var organisation = call.Organisation;
        var own = call.Request.Query["ignore_auto_number_generation"] == "true";
        var wanted = fields.Text("salesorder_number", organisation.Settings.NumberMaxLength)?.Trim();
        if (string.IsNullOrEmpty(wanted))
        {
            return before.SalesorderNumber.Length > 0 ? before.SalesorderNumber
                : own ? throw ZohoRefusal.Missing("salesorder_number")
                : organisation.NextSalesOrderNumber();
        }

        if (!own && wanted != before.SalesorderNumber)
            throw fields.Invalid("salesorder_number");
        if (organisation.SalesOrderNumbered(wanted) is { } other && other.SalesorderId != before.SalesorderId)
            throw new ZohoRefusal(400, organisation.Settings.DuplicateNumberCode, $"This sales order number already exists: {wanted}");
        return wanted;
    }
}
