using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>Pages for people: which organisations there are, and what is in one, kind by kind.</summary>
internal static class ZohoPages
{
    private const int Latest = 50;

    private static readonly IReadOnlyList<ZohoTab> Tabs =
    [
        new("salesorders", "Sales orders", one => one.SalesOrders.Count, (one, find) => Cards(one, one.SalesOrders, find)),
        new("invoices", "Invoices", one => one.Invoices.Count, (one, find) => Cards(one, one.Invoices, find)),
        new("customerpayments", "Payments", one => one.Payments.Count, (one, find) => Cards(one, one.Payments, find)),
        new("estimates", "Estimates", one => one.Estimates.Count, (one, find) => Cards(one, one.Estimates, find)),
        new("salesreceipts", "Sales receipts", one => one.SalesReceipts.Count, (one, find) => Cards(one, one.SalesReceipts, find)),
        new("contacts", "Contacts", one => one.Contacts.Count(), (one, find) => one.Contacts.Reverse()
            .Where(contact => Has(find, contact.ContactName, contact.Email, contact.CustomField("cf_ordersync_id"))).Select(ZohoCards.Contact)),
        new("items", "Items", one => one.Items.Count(), (one, find) => one.Items
            .Where(item => Has(find, item.Sku, item.Name, item.CategoryName)).Select(item => ZohoCards.Item(one, item))),
        new("pricebooks", "Price lists", one => one.Pricebooks.Count, (one, find) => one.Pricebooks
            .Where(book => Has(find, book.Name)).Select(book => ZohoCards.Pricebook(one, book))),
    ];

    /// <summary>Maps <c>/</c> and <c>/zoho/{organisation}</c>.</summary>
    public static void MapZohoPages(this WebApplication app)
    {
        app.MapGet("/", async (ZohoOrganisations all, Journal journal) =>
        {
            var page = SandboxPage.Of("ERP sandbox", Home(all));
            await journal.DurableAsync();
            return page;
        });
        app.MapGet("/zoho/{organisation}", async (string organisation, string? show, string? find, ZohoOrganisations all, Journal journal) =>
        {
            if (all.Find(organisation) is not { } found)
                return Results.NotFound();
            IResult page;
            lock (found.Gate)
                page = SandboxPage.Of($"Zoho · {found.Settings.Name}", One(found, Tabs.FirstOrDefault(tab => tab.Path == show) ?? Tabs[0], find ?? ""));
            await journal.DurableAsync();
            return page;
        });
    }

    private static string Home(ZohoOrganisations all)
    {
        var html = new StringBuilder("<h1>ERP sandbox</h1><p>Local stand-ins for ERP systems. Nothing here leaves this machine.</p><h2>Zoho Inventory and Books</h2>");
        if (all.All.Count == 0)
            html.Append("<p>No organisation yet. Create one with <code>PUT /_control/zoho/orgs/{id}</code>.</p>");
        foreach (var one in all.All)
        {
            lock (one.Gate)
                html.Append(CultureInfo.InvariantCulture, $"<a class=card href=\"/zoho/{Text(one.Id)}\"><b>{Text(one.Settings.Name)}</b> <small>{Text(one.Id)}</small><br>{Counts(one)}</a>");
        }

        return html.ToString();
    }

    private static string One(ZohoOrganisation one, ZohoTab shown, string find)
    {
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"<p><a href=\"/\">All organisations</a></p><h1>{Text(one.Settings.Name)}</h1><p>{Counts(one)}</p><nav aria-label=Kinds>");
        foreach (var tab in Tabs)
        {
            html.Append(CultureInfo.InvariantCulture,
                $"<a href=\"?show={tab.Path}\"{(tab == shown ? " aria-current=page" : "")}>{tab.Title} {tab.Count(one):N0}</a>");
        }

        html.Append(CultureInfo.InvariantCulture, $"</nav><form class=find><input type=hidden name=show value={shown.Path}>")
            .Append(CultureInfo.InvariantCulture, $"<input type=search name=find value=\"{Text(find)}\" aria-label=\"Find\" placeholder=\"Number, name or reference\"><button>Find</button></form>");
        var rows = shown.Rows(one, find).Take(Latest + 1).ToList();
        html.AppendJoin("", rows.Take(Latest));
        if (rows.Count == 0)
            html.Append(find.Length > 0 ? "<p>Nothing found.</p>" : "<p>None yet.</p>");
        if (rows.Count > Latest)
            html.Append(CultureInfo.InvariantCulture, $"<p class=soft>The first {Latest} are shown.</p>");
        return html.ToString();
    }

    private static IEnumerable<string> Cards<T>(ZohoOrganisation one, ZohoDocuments<T> documents, string find)
        where T : class, IZohoDocument =>
        documents.Newest.Where(row => Has(find, row.Number, row.ReferenceNumber, row.CustomerName, row.CustomField("cf_ordersync_id"))).Select(row => ZohoCards.Document(one, row));

    private static bool Has(string find, params ReadOnlySpan<string?> texts)
    {
        foreach (var text in texts)
        {
            if (text?.Contains(find.Trim(), StringComparison.OrdinalIgnoreCase) == true)
                return true;
        }

        return find.Length == 0;
    }

    private static string Counts(ZohoOrganisation one)
    {
        var summary = one.Summary();
        return string.Create(CultureInfo.InvariantCulture,
            $"{summary.Salesorders:N0} sales orders ({summary.Confirmed:N0} confirmed, {summary.Draft:N0} draft, {summary.Void:N0} void) · {summary.Contacts:N0} contacts · {summary.Items:N0} items · ")
            + $"{summary.Total.ToString($"N{one.Settings.PricePrecision}", CultureInfo.InvariantCulture)} {Text(one.Settings.CurrencyCode)}";
    }

    private static string Text(string value) => HtmlEncoder.Default.Encode(value);

    private sealed record ZohoTab(string Path, string Title, Func<ZohoOrganisation, int> Count, Func<ZohoOrganisation, string, IEnumerable<string>> Rows);
}
