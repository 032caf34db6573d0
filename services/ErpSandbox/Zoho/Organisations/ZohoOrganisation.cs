namespace OrderSync.ErpSandbox.Zoho;

/// <summary>All that one organisation holds, with the look-ups calls need. Used only while <see cref="Gate"/> is held.</summary>
internal sealed class ZohoOrganisation(string id, Journal journal, ZohoIds ids)
{
    private readonly ZohoContactBook contacts = new(ids);
    private readonly ZohoCatalogue catalogue = new(ids);
    private readonly ZohoPromised promised = new();
    private readonly ZohoGrants grants = new();

    public Lock Gate { get; } = new();
    public string Id => id;
    public string CurrencyId { get; } = "4815000000000097";

    /// <summary>Set when it was deleted: a call that still holds it must not write any more.</summary>
    public bool Deleted { get; set; }

    public ZohoSettings Settings { get; private set; } = new();
    public ZohoCredentials Credentials { get; private set; } = ZohoCredentials.None;
    public ZohoBudget Budget { get; } = new();
    public IReadOnlyList<ZohoCustomField> ContactCustomFields => Defined(Settings.ContactCustomFields, 11);
    public IReadOnlyList<ZohoCustomField> SalesorderCustomFields => Defined(Settings.SalesorderCustomFields, 12);
    public IReadOnlyList<ZohoCustomField> EstimateCustomFields => Defined(Settings.EstimateCustomFields, 13);
    public IReadOnlyList<ZohoCustomField> InvoiceCustomFields => Defined(Settings.InvoiceCustomFields, 14);
    public IReadOnlyList<ZohoCustomField> CustomerpaymentCustomFields => Defined(Settings.CustomerpaymentCustomFields, 15);
    public IReadOnlyList<ZohoCustomField> SalesreceiptCustomFields => Defined(Settings.SalesreceiptCustomFields, 16);
    public IReadOnlyList<ZohoCustomField> ItemCustomFields => Defined(Settings.ItemCustomFields, 17);

    public ZohoDocuments<ZohoSalesOrder> SalesOrders { get; } = new(ids);
    public ZohoDocuments<ZohoEstimate> Estimates { get; } = new(ids);
    public ZohoDocuments<ZohoInvoice> Invoices { get; } = new(ids);
    public ZohoDocuments<ZohoPayment> Payments { get; } = new(ids);
    public ZohoDocuments<ZohoSalesReceipt> SalesReceipts { get; } = new(ids);

    public IEnumerable<ZohoContact> Contacts => contacts.Rows;
    public IEnumerable<ZohoItem> Items => catalogue.Items.Rows;
    public IReadOnlyList<ZohoTax> Taxes => catalogue.Taxes.Rows.ToList();
    public IReadOnlyList<ZohoCategory> Categories => catalogue.Categories.Rows.ToList();
    public IReadOnlyList<ZohoItemGroup> ItemGroups => catalogue.Groups.Rows.ToList();
    public IReadOnlyList<ZohoLocation> Locations => catalogue.Locations.Rows.ToList();
    public IReadOnlyList<ZohoSalesperson> Salespersons => catalogue.Salespersons.Rows.ToList();
    public IReadOnlyList<ZohoPricebook> Pricebooks => catalogue.Pricebooks.Rows.ToList();

    public string NewId() => ids.New();

    /// <summary>What a refresh token of an app is good for; null if it is not, or no longer, one of this organisation.</summary>
    public string? ScopesOf(string refreshToken, string client) => refreshToken.Length == 0 ? null
        : Credentials.ClientId == client && Credentials.RefreshToken == refreshToken ? Settings.Scopes
        : grants.Find(refreshToken) is { } grant && grant.ClientId == client ? grant.Scopes : null;

    public bool HasRefreshToken(string refreshToken) =>
        refreshToken.Length > 0 && (Credentials.RefreshToken == refreshToken || grants.Find(refreshToken) is not null);

    public bool HasGrantFor(string client) => grants.Of(client).Any();

    /// <summary>Adds a refresh token; those of the same app beyond the limit die without a word, the oldest first.</summary>
    public IReadOnlyList<string> Grant(ZohoGrant added)
    {
        Put(added);
        List<string> live = [.. Credentials is { RefreshToken.Length: > 0 } first && first.ClientId == added.ClientId ? [first.RefreshToken] : Array.Empty<string>(),
            .. grants.Of(added.ClientId).Select(one => one.RefreshToken)];
        var dead = live.Take(live.Count - Settings.LiveRefreshTokens).ToList();
        dead.ForEach(EndRefreshToken);
        return dead;
    }

    public void EndRefreshToken(string refreshToken)
    {
        if (Credentials.RefreshToken == refreshToken)
            Put(Credentials with { RefreshToken = "" });
        else if (grants.Find(refreshToken) is not null)
            Put(new ZohoRemoved(ZohoKinds.Of<ZohoGrant>(), refreshToken));
    }

    /// <summary>Ends a refresh token and gives one that takes its place.</summary>
    public string ReplaceRefreshToken(string refreshToken)
    {
        var next = ZohoCredentials.NewSecret();
        if (Credentials.RefreshToken == refreshToken)
        {
            Put(Credentials with { RefreshToken = next });
            return next;
        }

        var grant = grants.Find(refreshToken)!;
        EndRefreshToken(refreshToken);
        Put(grant with { RefreshToken = next });
        return next;
    }

    public ZohoContact? Contact(string contactId) => contacts.Find(contactId);
    public ZohoContact? ContactNamed(string name) => contacts.ByName(name).FirstOrDefault();
    public IEnumerable<ZohoContact> ContactsByName(string name) => contacts.ByName(name);
    public IEnumerable<ZohoContact> ContactsByEmail(string email) => contacts.ByEmail(email);
    public ZohoItem? Item(string itemId) => catalogue.Items.Find(itemId);
    public IEnumerable<ZohoItem> ItemsBySku(string sku) => catalogue.BySku(sku);
    public ZohoTax? Tax(string taxId) => catalogue.Taxes.Find(taxId);
    public ZohoLocation? Location(string locationId) => catalogue.Locations.Find(locationId);
    public ZohoPricebook? Pricebook(string pricebookId) => catalogue.Pricebooks.Find(pricebookId);
    public ZohoSalesOrder? SalesOrderOfLine(string lineId) => promised.OrderOf(lineId) is { } order ? SalesOrders.Find(order) : null;

    /// <summary>What orders have taken of an item at a location; what names no location counts at the primary one.</summary>
    public decimal Committed(string itemId, string locationId, bool isPrimary) =>
        promised.Of(itemId, locationId) + (isPrimary ? promised.Of(itemId, "") : 0);

    /// <summary>Changes and keeps a value; which kind it is follows from its type.</summary>
    public void Put<T>(T value)
        where T : notnull
    {
        Take(value);
        journal.Append(ZohoKinds.Of(value), id, value, ZohoJson.Options);
    }

    /// <summary>Takes a value out for good.</summary>
    public void Remove(IZohoRow row) => Put(new ZohoRemoved(ZohoKinds.Of(row), row.Id));

    /// <summary>Takes a value in without keeping it: it comes from the journal.</summary>
    public void Take(object value)
    {
        switch (value)
        {
            case ZohoSettings settings: Settings = settings; break;
            case ZohoCredentials credentials: Credentials = credentials; break;
            case ZohoGrant grant: grants.Put(grant); break;
            case ZohoContact contact: contacts.Put(contact); break;
            case ZohoSalesOrder order: promised.Change(SalesOrders.Find(order.Id), order); SalesOrders.Put(order); break;
            case ZohoEstimate estimate: Estimates.Put(estimate); break;
            case ZohoInvoice invoice: Invoices.Put(invoice); break;
            case ZohoPayment payment: Payments.Put(payment); break;
            case ZohoSalesReceipt receipt: SalesReceipts.Put(receipt); break;
            case ZohoRemoved removed: Take(removed); break;
            default: catalogue.Put(value); break;
        }
    }

    /// <summary>Counts and sums for whoever compares both sides.</summary>
    public ZohoSummary Summary()
    {
        var live = SalesOrders.Rows.Where(order => order.Status != "void").ToList();
        return new ZohoSummary(
            live.Count,
            live.Count(order => order.Status is not ("draft" or "pending_approval" or "approved")),
            live.Count(order => order.Status is "draft" or "pending_approval" or "approved"),
            SalesOrders.Count - live.Count,
            contacts.Count,
            catalogue.Items.Count,
            live.Sum(order => order.Total),
            SalesOrders.Doubles(order => order.Status != "void"),
            contacts.Doubles,
            Estimates.Count,
            Invoices.Count,
            Payments.Count,
            SalesReceipts.Count,
            Estimates.Doubles(_ => true) + Invoices.Doubles(one => one.Status != "void") + Payments.Doubles(_ => true) + SalesReceipts.Doubles(_ => true));
    }

    private void Take(ZohoRemoved removed)
    {
        if (removed.Kind == ZohoKinds.Of<ZohoSalesOrder>())
        {
            promised.Change(SalesOrders.Find(removed.Id), null);
            SalesOrders.Remove(removed.Id);
        }
        else if (removed.Kind == ZohoKinds.Of<ZohoEstimate>())
            Estimates.Remove(removed.Id);
        else if (removed.Kind == ZohoKinds.Of<ZohoInvoice>())
            Invoices.Remove(removed.Id);
        else if (removed.Kind == ZohoKinds.Of<ZohoPayment>())
            Payments.Remove(removed.Id);
        else if (removed.Kind == ZohoKinds.Of<ZohoSalesReceipt>())
            SalesReceipts.Remove(removed.Id);
        else if (removed.Kind == ZohoKinds.Of<ZohoGrant>())
            grants.Remove(removed.Id);
        else if (removed.Kind == ZohoKinds.Of<ZohoContact>())
            contacts.Remove(removed.Id);
        else
            catalogue.Remove(removed);
    }

    private static List<ZohoCustomField> Defined(IReadOnlyList<string> names, int kind) =>
        names.Select((name, i) => new ZohoCustomField($"481500000000{kind}{i:00}", name, name.Replace("cf_", "", StringComparison.Ordinal), i + 1, "")).ToList();
}

/// <summary>What the control API tells of an organisation. Sales orders that are void are counted apart.</summary>
internal sealed record ZohoSummary(
    int Salesorders, int Confirmed, int Draft, int Void, int Contacts, int Items, decimal Total, int DuplicatesByCustomField, int DuplicatesContacts,
    int Estimates, int Invoices, int Customerpayments, int SalesReceipts, int DuplicatesOthers);

/// <summary>A row that was deleted, as the journal keeps it.</summary>
internal sealed record ZohoRemoved(string Kind, string Id);
