using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>Sets organisations up and tells what is in them. Not part of Zoho.</summary>
internal static partial class ZohoControl
{
    private sealed record TaxBody(string TaxName, decimal TaxPercentage);

    private sealed record ItemBody(string Sku, string Name, decimal Rate, string? Unit, decimal? TaxPercentage, string? Status, string? Description);

    /// <summary>Maps <c>/_control/zoho/orgs/{id}</c> and what is below it.</summary>
    public static void MapZohoControl(this WebApplication app)
    {
        const string One = "/_control/zoho/orgs/{id}";
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
        app.MapGet(One + "/salesorders", (string id, ZohoOrganisations all) => With(all, id, one =>
        {
            // The rows are immutable: a copy of the list under the lock, then streamed without it.
            var orders = one.SalesOrders.Rows.ToArray();
            return Json(orders.Select(order => new
            {
                order.SalesorderId, Number = order.SalesorderNumber, order.ReferenceNumber, order.Total, order.Status,
                CfOrdersyncId = ((IZohoDocument)order).CustomField("cf_ordersync_id"), order.CustomerName,
            }));
        }));
    }

    private static async Task<IResult> Put(string id, HttpRequest request, ZohoOrganisations all, Journal journal, TimeProvider clock)
    {
        if (!GoodId().IsMatch(id))
            return ControlProblem.Of("organisation.id", "An organisation id has 1 to 50 letters, digits, - or _.");
        try
        {
            var body = await JsonSerializer.DeserializeAsync<JsonObject>(request.Body, cancellationToken: request.HttpContext.RequestAborted) ?? [];
            var taxes = Part<List<TaxBody>>(body, "taxes") ?? [];
            var items = Part<List<ItemBody>>(body, "items") ?? [];
            var (client, secret) = (Part<string>(body, "client_id"), Part<string>(body, "client_secret"));
            object shown;
            lock (all.Setup)
            {
                var before = all.Find(id);
                var (settings, changed) = Overlay(before?.Settings ?? new ZohoSettings(), body);
                if ((settings.Problem() ?? WrongItem(before?.Taxes ?? [], taxes, items)) is { } problem)
                    return ControlProblem.Of("organisation.invalid", problem);
                var organisation = all.FindOrAdd(id);
                using var held = organisation.Gate.EnterScope();
                if (changed || before is null)
                    organisation.Put(settings);
                PutCredentials(organisation, client, secret);
                foreach (var tax in taxes)
                    PutTax(organisation, tax);
                foreach (var item in items)
                    PutItem(organisation, item, ZohoTime.Now(clock));
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

    private static T? Part<T>(JsonObject body, string name) =>
        body.Remove(name, out var value) && value is not null ? value.Deserialize<T>(ZohoJson.Strict) : default;

    // What the body does not name stays as it is.
    private static (ZohoSettings Settings, bool Changed) Overlay(ZohoSettings before, JsonObject body)
    {
        var whole = JsonSerializer.SerializeToNode(before, ZohoJson.Options)!.AsObject();
        var unchanged = whole.DeepClone();
        foreach (var (name, value) in body)
            whole[name] = value?.DeepClone();
        return (whole.Deserialize<ZohoSettings>(ZohoJson.Strict)!, !JsonNode.DeepEquals(whole, unchanged));
    }

    private static string? WrongItem(IReadOnlyList<ZohoTax> known, List<TaxBody> taxes, List<ItemBody> items)
    {
        var rates = known.Select(tax => tax.TaxPercentage).Concat(taxes.Select(tax => tax.TaxPercentage)).ToHashSet();
        foreach (var item in items)
        {
            if (string.IsNullOrWhiteSpace(item.Sku) || string.IsNullOrWhiteSpace(item.Name))
                return "each item needs sku and name";
            if (item.TaxPercentage is { } rate && !rates.Contains(rate))
                return $"item {item.Sku} has tax_percentage {rate}, which no tax has";
        }

        return taxes.Exists(tax => string.IsNullOrWhiteSpace(tax.TaxName) || tax.TaxPercentage is < 0 or > 1000)
            ? "each tax needs tax_name and tax_percentage" : null;
    }

    private static void PutCredentials(ZohoOrganisation organisation, string? client, string? secret)
    {
        var before = organisation.Credentials;
        var wanted = new ZohoCredentials(
            client ?? Or(before.ClientId), secret ?? Or(before.ClientSecret), Or(before.RefreshToken));
        if (wanted != before)
            organisation.Put(wanted);

        static string Or(string value) => value.Length > 0 ? value : ZohoCredentials.NewSecret();
    }

    private static void PutTax(ZohoOrganisation organisation, TaxBody body)
    {
        var before = organisation.Taxes.FirstOrDefault(tax => tax.TaxName == body.TaxName);
        var wanted = new ZohoTax(before?.TaxId ?? organisation.NewId(), body.TaxName, body.TaxPercentage);
        if (wanted != before)
            organisation.Put(wanted);
    }

    private static void PutItem(ZohoOrganisation organisation, ItemBody body, DateTimeOffset now)
    {
        var before = organisation.ItemsBySku(body.Sku).FirstOrDefault();
        var tax = body.TaxPercentage is { } rate ? organisation.Taxes.First(one => one.TaxPercentage == rate) : null;
        var wanted = (before ?? new ZohoItem { ItemId = organisation.NewId(), Name = body.Name, Sku = body.Sku.Trim(), CreatedTime = now, LastModifiedTime = now }) with
        {
            Name = body.Name,
            Rate = body.Rate,
            Unit = body.Unit ?? "",
            Description = body.Description ?? "",
            Status = body.Status ?? "active",
            TaxId = tax?.TaxId ?? "",
            TaxName = tax?.TaxName ?? "",
            TaxPercentage = tax?.TaxPercentage ?? 0,
        };
        if (wanted != before)
            organisation.Put(wanted with { LastModifiedTime = now });
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
