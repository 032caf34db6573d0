namespace OrderSync.ErpSandbox.Zoho;

/// <summary>All that one organisation holds, with the look-ups calls need. Used only while <see cref="Gate"/> is held.</summary>
internal sealed class ZohoOrganisation(string id, Journal journal, ZohoIds ids)
{
    private const string OurField = "cf_ordersync_id";
    private readonly ZohoTable<ZohoContact> contacts = new();
    private readonly ZohoIndex contactsByName = new();
    private readonly ZohoIndex contactsByEmail = new();
    private readonly ZohoIndex contactsByOurId = new();
    private readonly ZohoTable<ZohoItem> items = new();
    private readonly ZohoIndex itemsBySku = new();
    private readonly ZohoTable<ZohoTax> taxes = new();
    private readonly ZohoTable<ZohoSalesOrder> orders = new();
    private readonly ZohoIndex ordersByNumber = new();
    private readonly ZohoIndex ordersByReference = new();
    private readonly ZohoIndex ordersByOurId = new();
    private int lastAutoNumber;

    public Lock Gate { get; } = new();
    public string Id => id;
    public string CurrencyId { get; } = "4815000000000097";

    /// <summary>Set when it was deleted: a call that still holds it must not write any more.</summary>
    public bool Deleted { get; set; }

    public ZohoSettings Settings { get; private set; } = new();
    public ZohoCredentials Credentials { get; private set; } = ZohoCredentials.None;
    public ZohoBudget Budget { get; } = new();
    public IReadOnlyList<ZohoCustomField> ContactCustomFields => Defined(Settings.ContactCustomFields, "48150000000011");
    public IReadOnlyList<ZohoCustomField> SalesorderCustomFields => Defined(Settings.SalesorderCustomFields, "48150000000012");

    public IEnumerable<ZohoContact> Contacts => contacts.Rows;
    public IEnumerable<ZohoItem> Items => items.Rows;
    public IReadOnlyList<ZohoTax> Taxes => taxes.Rows.ToList();
    public IEnumerable<ZohoSalesOrder> SalesOrders => orders.Rows;
    public IEnumerable<ZohoSalesOrder> NewestSalesOrders => orders.Newest;

    public string NewId() => ids.New();

    public ZohoContact? Contact(string contactId) => contacts.Find(contactId);
    public ZohoContact? ContactNamed(string name) => contacts.Find(contactsByName[name]).FirstOrDefault();
    public IEnumerable<ZohoContact> ContactsByName(string name) => contacts.Find(contactsByName[name]);
    public IEnumerable<ZohoContact> ContactsByEmail(string email) => contacts.Find(contactsByEmail[email]);
    public ZohoItem? Item(string itemId) => items.Find(itemId);
    public IEnumerable<ZohoItem> ItemsBySku(string sku) => items.Find(itemsBySku[sku]);
    public ZohoTax? Tax(string taxId) => taxes.Find(taxId);
    public ZohoSalesOrder? SalesOrder(string orderId) => orders.Find(orderId);
    public ZohoSalesOrder? SalesOrderNumbered(string number) => orders.Find(ordersByNumber[number]).FirstOrDefault();
    public IEnumerable<ZohoSalesOrder> SalesOrdersByNumber(string number) => orders.Find(ordersByNumber[number]);
    public IEnumerable<ZohoSalesOrder> SalesOrdersByReference(string reference) => orders.Find(ordersByReference[reference]);

    /// <summary>The next number of Zoho's own series that is free.</summary>
    public string NextSalesOrderNumber()
    {
        string number;
        do
        {
            number = $"SO-{++lastAutoNumber:00000}";
        }
        while (SalesOrderNumbered(number) is not null);
        return number;
    }

    /// <summary>Changes and keeps a value; which kind it is follows from its type.</summary>
    public void Put<T>(T value)
        where T : notnull
    {
        Take(value);
        journal.Append(ZohoKinds.Of(value), id, value, ZohoJson.Options);
    }

    /// <summary>Takes a value in without keeping it: it comes from the journal.</summary>
    public void Take(object value)
    {
        switch (value)
        {
            case ZohoSettings settings: Settings = settings; break;
            case ZohoCredentials credentials: Credentials = credentials; break;
            case ZohoTax tax: taxes.Put(tax.TaxId, tax); ids.Seen(tax.TaxId); break;
            case ZohoItem item: itemsBySku.Move(item.ItemId, items.Put(item.ItemId, item)?.Sku, item.Sku); ids.Seen(item.ItemId); break;
            case ZohoContact contact: TakeContact(contact); break;
            case ZohoSalesOrder order: TakeOrder(order); break;
            default: throw new ArgumentException($"An organisation does not hold {value.GetType().Name}.", nameof(value));
        }
    }

    /// <summary>Counts and sums for whoever compares both sides.</summary>
    public ZohoSummary Summary()
    {
        var live = orders.Rows.Where(order => order.Status != "void").ToList();
        return new ZohoSummary(
            live.Count,
            live.Count(order => order.Status == "confirmed"),
            live.Count(order => order.Status == "draft"),
            orders.Count - live.Count,
            contacts.Count,
            items.Count,
            live.Sum(order => order.Total),
            ordersByOurId.Shared.Count(rows => orders.Find(rows).Count(order => order.Status != "void") > 1),
            contactsByOurId.Shared.Count());
    }

    private void TakeContact(ZohoContact contact)
    {
        var before = contacts.Put(contact.ContactId, contact);
        contactsByName.Move(contact.ContactId, before?.ContactName, contact.ContactName);
        contactsByEmail.Move(contact.ContactId, before?.Email, contact.Email);
        contactsByOurId.Move(contact.ContactId, Ours(before?.CustomFields), Ours(contact.CustomFields));
        ids.Seen(contact.ContactId);
        foreach (var person in contact.ContactPersons)
            ids.Seen(person.ContactPersonId);
        foreach (var address in contact.Addresses.Append(contact.BillingAddress).Append(contact.ShippingAddress))
            ids.Seen(address?.AddressId);
    }

    private void TakeOrder(ZohoSalesOrder order)
    {
        var before = orders.Put(order.SalesorderId, order);
        ordersByNumber.Move(order.SalesorderId, before?.SalesorderNumber, order.SalesorderNumber);
        ordersByReference.Move(order.SalesorderId, before?.ReferenceNumber, order.ReferenceNumber);
        ordersByOurId.Move(order.SalesorderId, Ours(before?.CustomFields), Ours(order.CustomFields));
        ids.Seen(order.SalesorderId);
        foreach (var line in order.LineItems)
            ids.Seen(line.LineItemId);
    }

    private static string? Ours(IReadOnlyList<ZohoCustomField>? fields) => fields?.FirstOrDefault(field => field.ApiName == OurField)?.Value;

    private static List<ZohoCustomField> Defined(IReadOnlyList<string> names, string firstDigits) =>
        names.Select((name, i) => new ZohoCustomField($"{firstDigits}{i:00}", name, name.Replace("cf_", "", StringComparison.Ordinal), i + 1, "")).ToList();
}

/// <summary>What the control API tells of an organisation. Sales orders that are void are counted apart.</summary>
internal sealed record ZohoSummary(
    int Salesorders, int Confirmed, int Draft, int Void, int Contacts, int Items, decimal Total, int DuplicatesByCustomField, int DuplicatesContacts);
