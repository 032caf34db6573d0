using static OrderSync.ErpSandbox.Zoho.ZohoFlavour;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>The list of all that the stand-in for Zoho answers.</summary>
internal static class ZohoOperations
{
    private static readonly ZohoSalesOrders Orders = ZohoSalesOrders.Calls;
    private static readonly ZohoInvoices Bills = ZohoInvoices.Calls;
    private static readonly ZohoEstimates Quotes = ZohoEstimates.Calls;

    public static readonly IReadOnlyList<ZohoRoute> All =
    [
        new("GET", "/organizations", "settings.READ", ZohoLists.Organisations, NeedsOrganisation: false),
        new("GET", "/settings/taxes", "settings.READ", ZohoLists.Taxes),
        new("GET", "/settings/currencies", "settings.READ", ZohoLists.Currencies),
        new("GET", "/locations", "settings.READ", ZohoLists.Locations),
        new("GET", "/users", "settings.READ", ZohoLists.Users),
        new("GET", "/salespersons", "settings.READ", ZohoLists.Salespersons),
        new("GET", "/pricebooks", "settings.READ", ZohoLists.Pricebooks),
        new("GET", "/meta/paymentmodes", "settings.READ", ZohoPayments.Modes),

        new("GET", "/items", "items.READ", ZohoItems.Find),
        new("GET", "/items/{id}", "items.READ", ZohoItems.Get),
        new("DELETE", "/items/{id}", "items.DELETE", ZohoItems.Delete),
        new("POST", "/items/{id}/active", "items.CREATE", ZohoItems.SetStatus),
        new("POST", "/items/{id}/inactive", "items.CREATE", ZohoItems.SetStatus),
        new("GET", "/itemdetails", "items.READ", ZohoItems.Details, Inventory),
        new("GET", "/categories", "items.READ", ZohoLists.Categories, Inventory),
        new("GET", "/itemgroups", "items.READ", ZohoLists.ItemGroups, Inventory),

        new("GET", "/contacts", "contacts.READ", ZohoContacts.Find),
        new("POST", "/contacts", "contacts.CREATE", ZohoContacts.Create),
        new("PUT", "/contacts", "contacts.UPDATE", ZohoContacts.Upsert, Books),
        new("GET", "/contacts/{id}", "contacts.READ", ZohoContacts.Get),
        new("PUT", "/contacts/{id}", "contacts.UPDATE", ZohoContacts.Update),
        new("DELETE", "/contacts/{id}", "contacts.DELETE", ZohoContacts.Delete),
        new("POST", "/contacts/{id}/active", "contacts.CREATE", ZohoContacts.SetStatus),
        new("POST", "/contacts/{id}/inactive", "contacts.CREATE", ZohoContacts.SetStatus),
        new("GET", "/contacts/{id}/address", "contacts.READ", ZohoContacts.Addresses),
        new("POST", "/contacts/{id}/address", "contacts.CREATE", ZohoContacts.AddAddress),

        .. Documents("salesorders", "salesorder", "salesorders", Orders),
        new("POST", "/salesorders/status/confirmed", "salesorders.CREATE", Orders.ConfirmMany, Inventory),
        new("POST", "/salesorders/{id}/status/confirmed", "salesorders.CREATE", Orders.Confirm, Inventory),
        new("POST", "/salesorders/{id}/status/open", "salesorders.CREATE", Orders.Confirm, Books),
        new("POST", "/salesorders/{id}/status/void", "salesorders.CREATE", Orders.Void),
        new("POST", "/salesorders/{id}/submit", "salesorders.UPDATE", Orders.Submit),
        new("POST", "/salesorders/{id}/approve", "salesorders.UPDATE", Orders.Approve),
        new("PUT", "/salesorders/{id}/address/shipping", "salesorders.UPDATE", Orders.Address, Books),
        new("PUT", "/salesorders/{id}/address/billing", "salesorders.UPDATE", Orders.Address, Books),

        .. Documents("invoices", "invoice", "invoices", Bills),
        new("POST", "/invoices/fromsalesorder", "invoices.CREATE", Bills.FromSalesOrder, Books),
        new("POST", "/invoices/{id}/status/sent", "invoices.CREATE", Bills.Send),
        new("POST", "/invoices/{id}/status/void", "invoices.CREATE", Bills.Void),
        new("POST", "/invoices/{id}/status/draft", "invoices.CREATE", Bills.Draft),

        .. Documents("customerpayments", "customerpayment", "customerpayments", ZohoPayments.Calls),

        .. Documents("estimates", "estimate", "estimates", Quotes, Books),
        new("POST", "/estimates/{id}/status/sent", "estimates.CREATE", Quotes.SetStatus, Books),
        new("POST", "/estimates/{id}/status/accepted", "estimates.CREATE", Quotes.SetStatus, Books),
        new("POST", "/estimates/{id}/status/declined", "estimates.CREATE", Quotes.SetStatus, Books),

        .. Documents("salesreceipts", "salesreceipt", "invoices", ZohoSalesReceipts.Calls, Books).Where(route => route.Path != "/salesreceipts" || route.Method != "PUT"),
    ];

    // The path of the custom fields is singular; finding by a unique field is for Books.
    private static IEnumerable<ZohoRoute> Documents<T>(string list, string one, string scope, ZohoDocumentCalls<T> calls, ZohoFlavour? only = null)
        where T : class, IZohoDocument =>
    [
        new("GET", $"/{list}", $"{scope}.READ", calls.Find, only),
        new("POST", $"/{list}", $"{scope}.CREATE", calls.Create, only),
        new("PUT", $"/{list}", $"{scope}.UPDATE", calls.Upsert, Books),
        new("GET", $"/{list}/{{id}}", $"{scope}.READ", calls.Get, only),
        new("PUT", $"/{list}/{{id}}", $"{scope}.UPDATE", calls.Update, only),
        new("DELETE", $"/{list}/{{id}}", $"{scope}.DELETE", calls.Delete, only),
        new("PUT", $"/{one}/{{id}}/customfields", $"{scope}.UPDATE", calls.UpdateCustomFields, only),
    ];
}
