using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OrderSync.ErpSandbox.QuickBooks;

/// <summary>Sets companies up, tells what is in them, and lets somebody work in them. Not part of QuickBooks.</summary>
internal static partial class QuickBooksControl
{
    private const string One = "/_control/quickbooks/companies/{realm}";

    /// <summary>Maps <c>/_control/quickbooks/companies/{realm}</c> and what is below it.</summary>
    public static void MapControl(WebApplication app)
    {
        app.MapGet("/_control/quickbooks/companies", (QuickBooksCompanies all) => Results.Json(all.All.Select(one => new { Realm = one.Id, one.Settings.CompanyName }), QuickBooksJson.Control));
        app.MapPut(One, PutAsync);
        app.MapGet(One, (string realm, HttpRequest request, QuickBooksCompanies all) => With(all, realm, one => Results.Json(Show(one, request), QuickBooksJson.Control)));
        app.MapDelete(One, async (string realm, QuickBooksCompanies all, Journal journal) =>
        {
            var deleted = all.Delete(realm);
            await journal.DurableAsync();
            return deleted ? Results.NoContent() : Results.NotFound();
        });
        app.MapDelete(One + "/tokens", (string realm, QuickBooksTokens tokens) =>
        {
            tokens.Forget(realm);
            return Results.NoContent();
        });
        app.MapGet(One + "/{entity}", (string realm, string entity, QuickBooksCompanies all) => With(all, realm, one =>
            Entity(entity) is { } known ? Results.Text(new JsonArray([.. one.All(known.Name).Select(row => (JsonNode)row.DeepClone())]).ToJsonString(QuickBooksJson.Options), "application/json") : Results.NotFound()));
        app.MapPost(One + "/{entity}", EnterAsync);
        app.MapDelete(One + "/{entity}/{id}", async (string realm, string entity, string id, QuickBooksCompanies all, Journal journal, TimeProvider clock) =>
        {
            // As when somebody merges two: one of them is gone.
            var answer = With(all, realm, one =>
            {
                if (Entity(entity) is not { } known || one.Find(known.Name, id) is null)
                    return Results.NotFound();
                one.Remove(known.Name, id, clock.GetUtcNow());
                return Results.NoContent();
            });
            await journal.DurableAsync();
            return answer;
        });
    }

    // Somebody at work in QuickBooks itself: as the API's POST, without token, requestid, limits or log.
    private static async Task<IResult> EnterAsync(HttpContext http, string realm, string entity, QuickBooksCompanies all, Journal journal, TimeProvider clock)
    {
        var request = await ErpRequest.ReadAsync(http);
        if (all.Find(realm) is not { } company || Entity(entity) is not { } known)
            return Results.NotFound();
        ErpAnswer answer;
        lock (company.Gate)
        {
            try
            {
                answer = QuickBooksRows.Post(new QuickBooksCall(request, company, clock.GetUtcNow()), known);
            }
            catch (QuickBooksRefusal refusal)
            {
                answer = QuickBooksAnswer.Refused(refusal, clock.GetUtcNow());
            }
        }

        await journal.DurableAsync();
        return Results.Text(System.Text.Encoding.UTF8.GetString(answer.Body.Span), "application/json", statusCode: answer.Status);
    }

    private static async Task<IResult> PutAsync(string realm, HttpRequest request, QuickBooksCompanies all, Journal journal, TimeProvider clock)
    {
        if (!GoodRealm().IsMatch(realm))
            return ControlProblem.Of("company.id", "A realm has 1 to 20 digits.");
        try
        {
            var body = await JsonSerializer.DeserializeAsync<JsonObject>(request.Body, cancellationToken: request.HttpContext.RequestAborted) ?? [];
            var setup = QuickBooksSetup.Take(body);
            object shown;
            var before = all.Find(realm)?.Settings ?? new QuickBooksSettings();
            var settings = Overlay(before, body);
            if (settings.Problem() is { } problem)
                return ControlProblem.Of("company.invalid", problem);
            var company = all.FindOrAdd(realm);
            lock (company.Gate)
            {
                company.Put(settings);
                setup.Apply(company, clock.GetUtcNow());
                shown = Show(company, request);
            }

            await journal.DurableAsync();
            return Results.Json(shown, QuickBooksJson.Control);
        }
        catch (JsonException unreadable)
        {
            return ControlProblem.Of("company.invalid", unreadable.Message);
        }
        catch (QuickBooksRefusal refusal)
        {
            return ControlProblem.Of("company.invalid", $"{refusal.Message} {refusal.Detail}");
        }
    }

    // What the body does not name stays as it is.
    private static QuickBooksSettings Overlay(QuickBooksSettings before, JsonObject body)
    {
        var whole = JsonSerializer.SerializeToNode(before, QuickBooksJson.Control)!.AsObject();
        foreach (var (name, value) in body)
            whole[name] = value?.DeepClone();
        return whole.Deserialize<QuickBooksSettings>(QuickBooksJson.Control)!;
    }

    private static object Show(QuickBooksCompany one, HttpRequest request) => new
    {
        Realm = one.Id, one.Credentials.RefreshToken, one.Credentials.ClientId, one.Credentials.ClientSecret, Address = $"{request.Scheme}://{request.Host}/quickbooks",
        Taxes = one.All("TaxCode").Select(code => new { Id = code.Text("Id"), Name = code.Text("Name") }), one.Settings,
    };

    private static QuickBooksEntity? Entity(string name) => QuickBooksOperations.Entities.FirstOrDefault(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static IResult With(QuickBooksCompanies all, string realm, Func<QuickBooksCompany, IResult> show)
    {
        if (all.Find(realm) is not { } company)
            return Results.NotFound();
        lock (company.Gate)
            return show(company);
    }

    [GeneratedRegex("^[0-9]{1,20}$")]
    private static partial Regex GoodRealm();
}
