using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace OrderSync.ErpSandbox.NetSuite;

/// <summary>A call that was let in.</summary>
internal sealed record NetSuiteCall(ErpRequest Request, NetSuiteAccount Account, DateTimeOffset Now)
{
    public NetSuiteSettings Settings => Account.Settings;

    /// <summary>Whether a property nobody knows is refused, not dropped.</summary>
    public bool Strict => string.Equals(Request.Header("X-NetSuite-PropertyNameValidation"), "Error", StringComparison.OrdinalIgnoreCase);

    /// <summary>Where the services of the account are.</summary>
    public string Services => $"{Request.BaseUrl}/netsuite/{Account.Id}/services/rest";

    /// <summary>The body, which must be an object; an empty one is none.</summary>
    public JsonObject Body()
    {
        try
        {
            return Request.Body.IsEmpty ? [] : JsonNode.Parse(Request.Body.Span) as JsonObject ?? throw NetSuiteRefusal.Content("The body must be an object.");
        }
        catch (JsonException)
        {
            throw NetSuiteRefusal.Content("The body is no JSON.");
        }
    }

    /// <summary>Refuses what the role may not do.</summary>
    public void Permitted(string what)
    {
        if (!Settings.Denied.Contains(what, StringComparer.OrdinalIgnoreCase))
            return;
        throw Settings.PermissionAnswer == 403
            ? new NetSuiteRefusal(403, "INSUFFICIENT_PERMISSION", "Permission Violation: You need a higher level of permission to access this record.")
            : NetSuiteRefusal.User("Your current role does not have permission to perform this action");
    }
}

/// <summary>Decides whether a call is let in: token, account, then limits. rules.md, "Access", "Limits".</summary>
internal sealed class NetSuiteGate(NetSuiteAccounts accounts, NetSuiteTokens tokens, IOptions<SandboxOptions> options, TimeProvider clock)
{
    private const string Bearer = "Bearer ";

    /// <summary>Carries out one call of the API.</summary>
    public async Task<ErpAnswer> RunAsync(ErpRequest request, Func<NetSuiteCall, ErpAnswer> handle, Func<Task> work)
    {
        var now = clock.GetUtcNow();
        var header = request.Authorization ?? "";
        var live = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? tokens.Find(header[Bearer.Length..], now) : null;
        if (live is null || live.Account != request.Route["account"] || accounts.Find(live.Account) is not { } account)
            return NetSuiteAnswer.Refused(NetSuiteAnswer.NoLogin());
        var (entered, tooManyAtOnce) = account.Limits.Enter(account.Settings, now, options.Value.Profile == LimitProfile.Documented);
        if (!entered)
            return NetSuiteAnswer.Throttled(account.Settings, tooManyAtOnce);
        try
        {
            await work();
            lock (account.Gate)
                return Carry(new NetSuiteCall(request, account, clock.GetUtcNow()), handle);
        }
        finally
        {
            account.Limits.Leave();
        }
    }

    /// <summary>Carries a call out, or says why not.</summary>
    public static ErpAnswer Carry(NetSuiteCall call, Func<NetSuiteCall, ErpAnswer> handle)
    {
        try
        {
            return handle(call);
        }
        catch (NetSuiteRefusal refusal)
        {
            return NetSuiteAnswer.Refused(refusal);
        }
    }
}
