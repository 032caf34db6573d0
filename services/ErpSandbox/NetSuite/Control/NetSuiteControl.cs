using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OrderSync.ErpSandbox.NetSuite;

/// <summary>Sets accounts up, tells what is in them, and lets somebody work in them. Not part of NetSuite.</summary>
internal static partial class NetSuiteControl
{
    private const string One = "/_control/netsuite/accounts/{account}";

    /// <summary>Maps <c>/_control/netsuite/accounts/{account}</c> and what is below it.</summary>
    public static void MapControl(WebApplication app)
    {
        app.MapGet("/_control/netsuite/accounts", (NetSuiteAccounts all) => Results.Json(all.All.Select(one => new { Account = one.Id, one.Settings.CompanyName }), NetSuiteJson.Control));
        app.MapPut(One, PutAsync);
        app.MapGet(One, (string account, HttpRequest request, NetSuiteAccounts all, Journal journal) => WithAsync(all, journal, account, one => Results.Json(Show(one, request), NetSuiteJson.Control)));
        app.MapDelete(One, async (string account, NetSuiteAccounts all, Journal journal) =>
        {
            var deleted = all.Delete(account);
            await journal.DurableAsync();
            return deleted ? Results.NoContent() : Results.NotFound();
        });
        app.MapDelete(One + "/tokens", (string account, NetSuiteTokens tokens) =>
        {
            tokens.Forget(account);
            return Results.NoContent();
        });
        app.MapPost(One + "/certificates", CertificateAsync);
        app.MapDelete(One + "/certificates/{id?}", (string account, string? id, NetSuiteAccounts all, NetSuiteTokens tokens, Journal journal) => WithAsync(all, journal, account, one =>
        {
            NetSuiteCertificates.Remove(one, id);
            tokens.Forget(account);
            return Results.NoContent();
        }));
        app.MapGet(One + "/records/{type}", (string account, string type, NetSuiteAccounts all, Journal journal) => WithAsync(all, journal, account, one =>
            Results.Text(new JsonArray([.. one.All(type).Select(row => row.DeepClone())]).ToJsonString(NetSuiteJson.Options), "application/json")));
        MapOffice(app, "POST", "/records/{type}", NetSuiteRecords.Post);
        MapOffice(app, "PUT", "/records/{type}/{key}", NetSuiteRecords.Put);
        MapOffice(app, "PATCH", "/records/{type}/{key}", NetSuiteRecords.Patch);
        MapOffice(app, "DELETE", "/records/{type}/{key}", NetSuiteRecords.Delete);
        MapOffice(app, "POST", "/records/{type}/{key}/!transform/{target}", NetSuiteTransform.Run);
        MapOffice(app, "POST", "/records/{type}/{key}/fulfil", call => Act(call, row => NetSuiteStates.Fulfilled(call, row, (decimal)(call.Body().Figure("share") ?? 1))));
        MapOffice(app, "POST", "/records/{type}/{key}/lock", call => Act(call, row => Flag(call, row, true)));
        MapOffice(app, "POST", "/records/{type}/{key}/unlock", call => Act(call, row => Flag(call, row, false)));
        MapOffice(app, "POST", "/records/{type}/{key}/inactive", call => Act(call, row => Change(call, row, "isInactive", true)));
        MapOffice(app, "DELETE", "/rows/{type}/{key}", call => Act(call, row => call.Account.Remove(call.Request.Route["type"], row.Text("id")!)));
    }

    // Somebody at work in NetSuite itself: as the API's call, without token, limits or log.
    private static void MapOffice(WebApplication app, string method, string path, Func<NetSuiteCall, ErpAnswer> handle) => app.MapMethods(One + path, [method], async (HttpContext http, string account, NetSuiteAccounts all, Journal journal, TimeProvider clock) =>
    {
        var request = await ErpRequest.ReadAsync(http);
        if (all.Find(account) is not { } found)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        ErpAnswer answer;
        lock (found.Gate)
            answer = NetSuiteGate.Carry(new NetSuiteCall(request, found, clock.GetUtcNow()), handle);
        await journal.DurableAsync();
        await answer.WriteAsync(http);
    });

    private static ErpAnswer Act(NetSuiteCall call, Action<JsonObject> act)
    {
        var (type, key) = (call.Request.Route["type"], call.Request.Route["key"]);
        act((key.StartsWith("eid:", StringComparison.Ordinal) ? call.Account.FindExternal(type, key[4..])
            : call.Account.Find(type, key) ?? call.Account.All(type).FirstOrDefault(row => row.Text("itemId") == key)) ?? throw NetSuiteRefusal.NotThere($"{type} {key}"));
        return NetSuiteAnswer.Nothing();
    }

    private static void Flag(NetSuiteCall call, JsonObject row, bool locked) => Change(call, row, NetSuiteView.Locked, locked);

    private static void Change(NetSuiteCall call, JsonObject row, string field, bool value)
    {
        var changed = (JsonObject)row.DeepClone();
        changed[field] = value;
        call.Account.Put(call.Request.Route["type"], changed, call.Now);
    }

    private static async Task<IResult> CertificateAsync(string account, HttpRequest request, NetSuiteAccounts all, Journal journal, TimeProvider clock)
    {
        var body = await JsonSerializer.DeserializeAsync<JsonObject>(request.Body, cancellationToken: request.HttpContext.RequestAborted) ?? [];
        var made = body.Text("certificate") is null ? NetSuiteCertificates.Make(body.Text("algorithm") ?? "ES256", clock.GetUtcNow()) : null;
        if ((body.Text("certificate") ?? made?.Certificate) is not { } pem)
            return ControlProblem.Of("certificate.invalid", "Send a certificate in PEM, or an algorithm: PS256, PS384, PS512, ES256, ES384 or ES512.");
        try
        {
            return await WithAsync(all, journal, account, one =>
                Results.Json(new { CertificateId = NetSuiteCertificates.Add(one, pem).Id, Certificate = pem, made?.PrivateKey }, NetSuiteJson.Control));
        }
        catch (CryptographicException unreadable)
        {
            return ControlProblem.Of("certificate.invalid", unreadable.Message);
        }
    }

    private static async Task<IResult> PutAsync(string account, HttpRequest request, NetSuiteAccounts all, Journal journal, TimeProvider clock)
    {
        if (!GoodId().IsMatch(account))
            return ControlProblem.Of("account.id", "An account is written as in a host name: small letters, digits, and one - before the part of a sandbox.");
        try
        {
            var body = await JsonSerializer.DeserializeAsync<JsonObject>(request.Body, cancellationToken: request.HttpContext.RequestAborted) ?? [];
            var setup = NetSuiteSetup.Take(body);
            var settings = Overlay(all.Find(account)?.Settings ?? new NetSuiteSettings(), body);
            if (settings.Problem() is { } problem)
                return ControlProblem.Of("account.invalid", problem);
            all.FindOrAdd(account);
            return await WithAsync(all, journal, account, one =>
            {
                one.Put(settings);
                setup.Apply(one, clock.GetUtcNow());
                return Results.Json(Show(one, request), NetSuiteJson.Control);
            });
        }
        catch (Exception wrong) when (wrong is JsonException or NetSuiteRefusal)
        {
            return ControlProblem.Of("account.invalid", wrong.Message);
        }
    }

    // What the body does not name stays as it is.
    private static NetSuiteSettings Overlay(NetSuiteSettings before, JsonObject body)
    {
        var whole = JsonSerializer.SerializeToNode(before, NetSuiteJson.Control)!.AsObject();
        foreach (var (name, value) in body)
            whole[name] = value?.DeepClone();
        return whole.Deserialize<NetSuiteSettings>(NetSuiteJson.Control)!;
    }

    private static object Show(NetSuiteAccount one, HttpRequest request) => new
    {
        Account = one.Id, one.Access.ClientId, Certificates = one.Access.Certificates.Select(held => held.Id), Address = $"{request.Scheme}://{request.Host}/netsuite/{one.Id}",
        Lists = NetSuiteTypes.Lists.Keys.ToDictionary(type => type, type => one.All(type).Select(row => new { Id = row.Text("id"), Name = row.Text("name") }).ToList()),
        Items = NetSuiteItems.Kinds.SelectMany(one.All).Select(row => new { Id = row.Text("id"), Sku = row.Text("itemId") }).Take(100), Peak = one.Limits.Peak, one.Settings,
    };

    private static async Task<IResult> WithAsync(NetSuiteAccounts all, Journal journal, string account, Func<NetSuiteAccount, IResult> act)
    {
        if (all.Find(account) is not { } found)
            return Results.NotFound();
        IResult answer;
        lock (found.Gate)
            answer = act(found);
        await journal.DurableAsync();
        return answer;
    }

    [GeneratedRegex("^[a-z0-9]{1,20}(-[a-z0-9]{1,10})?$")]
    private static partial Regex GoodId();
}
