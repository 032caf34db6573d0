using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>What people do in Zoho itself: the same calls as the API's, by SKU, name or number, without token, limits or faults.</summary>
internal static class ZohoOffice
{
    /// <summary>Maps <c>{one}/{list}</c>, <c>{one}/{list}/{key}</c> and what the API has below it, and PATCH for what it has no call for.</summary>
    public static void MapZohoOffice(this WebApplication app, string one)
    {
        app.MapMethods(one + "/{list}/{key?}", ["POST", "PUT", "DELETE"], Act);
        app.MapMethods(one + "/{list}/{key}/{**rest}", ["POST", "PUT"], Act);
        app.MapGet(one + "/{list}/{key}", Act);
        app.MapPatch(one + "/{list}/{key}", Patch);
    }

    private static async Task Act(HttpContext http, string id, string list, ZohoOrganisations all, Journal journal, TimeProvider clock)
    {
        var (key, rest) = ((string?)http.Request.RouteValues["key"], (string?)http.Request.RouteValues["rest"]);
        var request = await ErpRequest.ReadAsync(http);
        if (all.Find(id) is not { } organisation || Operation(request.Method, list, key, rest) is not { } operation)
        {
            await Results.NotFound().ExecuteAsync(http);
            return;
        }

        ErpAnswer answer;
        lock (organisation.Gate)
        {
            try
            {
                var route = new Dictionary<string, string> { ["id"] = key is null ? "" : Row(organisation, list, key)?.Id ?? key };
                answer = operation.Handle(new ZohoCall(request with { Route = route }, operation.Only ?? ZohoFlavour.Books, organisation, ZohoTime.Now(clock)));
            }
            catch (ZohoRefusal refusal)
            {
                answer = ZohoAnswer.Refused(refusal);
            }
        }

        await journal.DurableAsync();
        await answer.WriteAsync(http);
    }

    private static async Task<IResult> Patch(
        string id, string list, string key, HttpRequest request, ZohoOrganisations all, Journal journal, TimeProvider clock)
    {
        try
        {
            var body = await JsonSerializer.DeserializeAsync<JsonObject>(request.Body, cancellationToken: request.HttpContext.RequestAborted) ?? [];
            if (all.Find(id) is not { } organisation)
                return Results.NotFound();
            JsonObject shown;
            lock (organisation.Gate)
            {
                if (Row(organisation, list, key) is not { } row)
                    return Results.NotFound();
                (var changed, shown) = Changed(organisation, row, body, ZohoTime.Now(clock));
                organisation.Put(changed);
            }

            await journal.DurableAsync();
            return Results.Json(shown, ZohoJson.Options);
        }
        catch (JsonException unreadable)
        {
            return ControlProblem.Of("row.invalid", unreadable.Message);
        }
    }

    private static (object Row, JsonObject Shown) Changed(ZohoOrganisation organisation, IZohoRow row, JsonObject body, DateTimeOffset now)
    {
        var stock = body.Remove("stock", out var wanted) ? wanted.Deserialize<Dictionary<string, decimal>>() : null;
        if (stock?.Keys.FirstOrDefault(name => organisation.Locations.All(place => place.LocationName != name)) is { } nowhere)
            throw new JsonException($"There is no location {nowhere}.");
        if (row is ZohoItem item && stock is not null)
            row = ZohoItemSetup.WithStock(organisation, item, stock);
        var whole = JsonSerializer.SerializeToNode<object>(row, ZohoJson.Options)!.AsObject();
        foreach (var (name, value) in body)
            whole[name] = whole.ContainsKey(name) ? value?.DeepClone() : throw new JsonException($"There is no field {name}.");
        if (body.Count > 0 || organisation.Settings.StockBumpsLastModified)
            whole["last_modified_time"] = JsonSerializer.SerializeToNode(now, ZohoJson.Options);
        var changed = whole.Deserialize(row.GetType(), ZohoJson.Options)!;
        var shown = JsonSerializer.SerializeToNode(changed, ZohoJson.Options)!.AsObject();
        if (body.FirstOrDefault(pair => !JsonNode.DeepEquals(shown[pair.Key], whole[pair.Key])) is { Key: { } computed })
            throw new JsonException($"The field {computed} follows from others and cannot be set.");
        return ((IZohoRow)changed).Id == row.Id ? (changed, shown) : throw new JsonException("An id never changes.");
    }

    private static ZohoRoute? Operation(string method, string list, string? key, string? rest)
    {
        var below = string.IsNullOrEmpty(rest) ? "" : "/" + rest;
        return key is null ? (method == "PUT" ? null : Find($"/{list}")) : Find($"/{list}/{key}{below}") ?? Find($"/{list}/{{id}}{below}");

        ZohoRoute? Find(string path) => ZohoOperations.All.FirstOrDefault(route => route.Method == method && route.Path == path);
    }

    private static IZohoRow? Row(ZohoOrganisation organisation, string list, string key) => list switch
    {
        "items" => organisation.Item(key) ?? organisation.ItemsBySku(key).FirstOrDefault(),
        "contacts" => organisation.Contact(key) ?? organisation.ContactNamed(key),
        "salesorders" => Document(organisation.SalesOrders, key),
        "estimates" => Document(organisation.Estimates, key),
        "invoices" => Document(organisation.Invoices, key),
        "customerpayments" => Document(organisation.Payments, key),
        "salesreceipts" => Document(organisation.SalesReceipts, key),
        _ => null,
    };

    private static T? Document<T>(ZohoDocuments<T> documents, string key)
        where T : class, IZohoDocument => documents.Find(key) ?? documents.ByNumber(key).FirstOrDefault();
}
