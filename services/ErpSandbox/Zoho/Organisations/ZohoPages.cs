using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>Pages for people: which organisations there are, and what came last into one.</summary>
internal static class ZohoPages
{
    private const int Latest = 50;

    /// <summary>Maps <c>/</c> and <c>/zoho/{organisation}</c>.</summary>
    public static void MapZohoPages(this WebApplication app)
    {
        app.MapGet("/", async (ZohoOrganisations all, Journal journal) =>
        {
            var page = SandboxPage.Of("ERP sandbox", Home(all));
            await journal.DurableAsync();
            return page;
        });
        app.MapGet("/zoho/{organisation}", async (string organisation, ZohoOrganisations all, Journal journal) =>
        {
            if (all.Find(organisation) is not { } found)
                return Results.NotFound();
            IResult page;
            lock (found.Gate)
                page = SandboxPage.Of($"Zoho Inventory · {found.Settings.Name}", One(found));
            await journal.DurableAsync();
            return page;
        });
    }

    private static string Home(ZohoOrganisations all)
    {
        var html = new StringBuilder("<h1>ERP sandbox</h1><p>Local stand-ins for ERP systems. Nothing here leaves this machine.</p><h2>Zoho Inventory</h2>");
        if (all.All.Count == 0)
            html.Append("<p>No organisation yet. Create one with <code>PUT /_control/zoho/orgs/{id}</code>.</p>");
        foreach (var one in all.All)
        {
            ZohoSummary summary;
            lock (one.Gate)
                summary = one.Summary();
            html.Append(CultureInfo.InvariantCulture,
                $"<a class=card href=\"/zoho/{Text(one.Id)}\"><b>{Text(one.Settings.Name)}</b> <small>{Text(one.Id)}</small><br>{Counts(summary, one)}</a>");
        }

        return html.ToString();
    }

    private static string One(ZohoOrganisation one)
    {
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"<p><a href=\"/\">All organisations</a></p><h1>{Text(one.Settings.Name)}</h1>");
        html.Append(CultureInfo.InvariantCulture, $"<p>{Counts(one.Summary(), one)}</p>");
        html.Append(CultureInfo.InvariantCulture, $"<h2>Latest {Latest} sales orders</h2>");
        foreach (var order in one.SalesOrders.Newest.Take(Latest))
        {
            html.Append(CultureInfo.InvariantCulture, $"<details class=card><summary><b>{Text(order.SalesorderNumber)}</b> {Text(order.CustomerName)} ")
                .Append(CultureInfo.InvariantCulture, $"<span class=end>{Money(order.Total, order)} {Text(order.CurrencyCode)} · {Text(order.Status)}</span></summary><ul>");
            foreach (var line in order.LineItems)
                html.Append(CultureInfo.InvariantCulture, $"<li>{line.Quantity:0.######} × {Text(line.Name)} <span class=end>{Money(line.ItemTotal, order)}</span></li>");
            html.Append(CultureInfo.InvariantCulture, $"<li>Tax <span class=end>{Money(order.TaxTotal, order)}</span></li></ul>")
                .Append(CultureInfo.InvariantCulture, $"<small>{Text(((IZohoDocument)order).CustomField("cf_ordersync_id") ?? "no cf_ordersync_id")}</small></details>");
        }

        return html.ToString();
    }

    private static string Counts(ZohoSummary summary, ZohoOrganisation one) => string.Create(CultureInfo.InvariantCulture,
        $"{summary.Salesorders:N0} sales orders ({summary.Confirmed:N0} confirmed, {summary.Draft:N0} draft, {summary.Void:N0} void) · ")
        + string.Create(CultureInfo.InvariantCulture, $"{summary.Contacts:N0} contacts · {summary.Items:N0} items · ")
        + $"{summary.Total.ToString($"N{one.Settings.PricePrecision}", CultureInfo.InvariantCulture)} {Text(one.Settings.CurrencyCode)}";

    private static string Money(decimal amount, ZohoSalesOrder order) => amount.ToString($"N{order.PricePrecision}", CultureInfo.InvariantCulture);

    private static string Text(string value) => HtmlEncoder.Default.Encode(value);
}
