using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>Sets organisations up and tells what is in them. Not part of Zoho.</summary>
internal static partial class ZohoControl
{
    private const string One = "/_control/zoho/orgs/{id}";

    /// <summary>Maps <c>/_control/zoho/orgs/{id}</c> and what is below it.</summary>
    public static void MapZohoControl(this WebApplication app)
    {
        app.MapGet("/_control/zoho/orgs", (ZohoOrganisations all) => Json(all.All.Select(one => new { OrganizationId = one.Id, one.Settings.Name })));
        app.MapPut(One, Put);
        app.MapGet(One, (string id, HttpRequest request, ZohoOrganisations all) => With(all, id, one => Json(Show(one, request))));
        app.MapDelete(One, async (string id, ZohoOrganisations all, Journal journal) =>
        {
            var deleted = all.Delete(id);
            await journal.DurableAsync();
            return deleted ? Results.NoContent() : Results.NotFound();
        });
        app.MapDelete(One + "/tokens", (string id, ZohoOrganisations all, ZohoTokens tokens) => With(all, id, one =>
        {
            tokens.Forget(one.Id);
            return Results.NoContent();
        }));
        app.MapGet(One + "/summary", (string id, ZohoOrganisations all) => With(all, id, one => Json(one.Summary())));
        MapRows(app, ZohoSalesOrders.Calls);
        MapRows(app, ZohoEstimates.Calls);
        MapRows(app, ZohoInvoices.Calls);
        MapRows(app, ZohoPayments.Calls);
        MapRows(app, ZohoSalesReceipts.Calls);
        app.MapZohoOffice(One);
    }

    private static void MapRows<T>(WebApplication app, ZohoDocumentCalls<T> calls)
        where T : class, IZohoDocument =>
        app.MapGet($"{One}/{calls.Path}", (string id, ZohoOrganisations all) => With(all, id, one =>
        {
            // The rows are immutable: a copy of the list under the lock, then streamed without it.
            var rows = calls.In(one).Rows.ToArray();
            return Json(rows.Select(row => new Dictionary<string, object?>
            {
                [calls.IdField] = row.Id, ["number"] = row.Number, ["reference_number"] = row.ReferenceNumber, ["total"] = row.Total, ["status"] = row.Status,
                ["cf_ordersync_id"] = row.CustomField("cf_ordersync_id"), ["customer_name"] = row.CustomerName,
            }));
        }));

    private static async Task<IResult> Put(string id, HttpRequest request, ZohoOrganisations all, Journal journal, TimeProvider clock)
    {
        if (!GoodId().IsMatch(id))
            return ControlProblem.Of("organisation.id", "An organisation id has 1 to 50 letters, digits, - or _.");
        try
        {
            var body = await JsonSerializer.DeserializeAsync<JsonObject>(request.Body, cancellationToken: request.HttpContext.RequestAborted) ?? [];
            var setup = ZohoSetup.Take(body);
            object shown;
            lock (all.Setup)
            {
                var before = all.Find(id);
                var (settings, changed) = Overlay(before?.Settings ?? new ZohoSettings(), body);
                if ((settings.Problem() ?? setup.Problem(before)) is { } problem)
                    return ControlProblem.Of("organisation.invalid", problem);
                var organisation = all.FindOrAdd(id);
                using var held = organisation.Gate.EnterScope();
                if (changed || before is null)
                    organisation.Put(settings);
                setup.Apply(organisation, ZohoTime.Now(clock));
                shown = Show(organisation, request);
            }

            await journal.DurableAsync();
            return Json(shown);
        }
        catch (JsonException unreadable)
        {
            return ControlProblem.Of("organisation.invalid", unreadable.Message);
        }
    }

    // What the body does not name stays as it is.
    private static (ZohoSettings Settings, bool Changed) Overlay(ZohoSettings before, JsonObject body)
    {
        var whole = JsonSerializer.SerializeToNode(before, ZohoJson.Options)!.AsObject();
        var unchanged = whole.DeepClone();
        foreach (var (name, value) in body)
            whole[name] = value?.DeepClone();
        return (whole.Deserialize<ZohoSettings>(ZohoJson.Strict)!, !JsonNode.DeepEquals(whole, unchanged));
    }

    private static object Show(ZohoOrganisation one, HttpRequest request) => new
    {
        OrganizationId = one.Id,
        one.Credentials.RefreshToken,
        one.Credentials.ClientId,
        one.Credentials.ClientSecret,
        AccountsServer = $"{request.Scheme}://{request.Host}/zoho",
        ApiDomain = $"{request.Scheme}://{request.Host}/zoho",
        one.Taxes,
        one.Locations,
        one.Salespersons,
        Pricebooks = one.Pricebooks.Select(book => new { book.PricebookId, book.Name }),
        one.Settings,
    };

    private static IResult With(ZohoOrganisations all, string id, Func<ZohoOrganisation, IResult> show)
    {
        if (all.Find(id) is not { } organisation)
            return Results.NotFound();
        lock (organisation.Gate)
            return show(organisation);
    }

    private static IResult Json(object value) => Results.Json(value, ZohoJson.Options);

    [GeneratedRegex("^[A-Za-z0-9_-]{1,50}$")]
    private static partial Regex GoodId();
}
