using System.Net;
using OrderSync.Framework;

namespace OrderSync.NetSuite;

/// <summary>What NetSuite's refusals mean for us, in plain words. Its titles vary: status and o:errorCode count.</summary>
internal static class NetSuiteErrors
{
    // As for calls at once, NetSuite does not say how long.
    private static readonly TimeSpan SignInPause = TimeSpan.FromMinutes(1);

    /// <summary>Whether it says that something is not there.</summary>
    public static bool IsMissing(HttpStatusCode status, Problem problem) => status == HttpStatusCode.NotFound || problem.Code == "NONEXISTENT_ID";

    /// <summary>Whether it says that another customer, supplier or employee has the name.</summary>
    public static bool IsNameTaken(HttpStatusCode status, Problem problem) =>
        status == HttpStatusCode.BadRequest && problem.Said.Contains("entity already exists", StringComparison.OrdinalIgnoreCase);

    /// <summary>The outcome of an answer that is not a success.</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="problem">What it says.</param>
    /// <param name="what">What was asked for, such as "order A-1042".</param>
    public static Outcome Outcome(HttpStatusCode status, Problem problem, string what)
    {
        var said = Said(problem);
        return (status, problem.Code) switch
        {
            // The token was new: NetSuite shows too many calls at once like this too, so it is left alone for a while.
            (HttpStatusCode.Unauthorized, _) => new Outcome.Later($"NetSuite does not let us in with a token that it has just given ({said}), as it also does while it is overloaded.", SignInPause, WholeAccount: true),
            (HttpStatusCode.Forbidden, _) or (_, "INSUFFICIENT_PERMISSION") => NoRight(what, said),
            _ when problem.Said.Contains("does not have permission", StringComparison.OrdinalIgnoreCase) => NoRight(what, said),
            _ when IsMissing(status, problem) => new Outcome.Refused("erp.missing", $"NetSuite refused {what}: {said}.", "Something it names was deleted in NetSuite. Make it again there or choose another, then Retry."),
            _ when problem.Said.Contains("locked by a user defined workflow", StringComparison.OrdinalIgnoreCase) => new Outcome.Refused(
                "erp.refused", $"A workflow in NetSuite has locked {what}: {said}.", "Release it in NetSuite or change the workflow there, then Retry."),
            _ when problem.Said.Contains("must enter a value", StringComparison.OrdinalIgnoreCase) => new Outcome.Refused(
                "erp.refused", $"NetSuite needs more for {what}: {said}.", "Map it in Connections > Mappings, enter it in Connections > NetSuite, or make the field optional in NetSuite's form; then Retry."),
            _ when problem.Said.Contains("Invalid Field Value", StringComparison.OrdinalIgnoreCase) => new Outcome.Refused(
                "erp.missing", $"NetSuite refused {what}: {said}.", "What it names does not exist any more, is inactive, or is not allowed for the subsidiary. Mend it in NetSuite or in Connections, then Retry."),
            (_, "INVALID_CONTENT") when problem.Path is { } path => new Outcome.Refused(
                "erp.refused", $"NetSuite does not take the value of {path} in {what}: {said}.", "Correct it on the record or in Connections > NetSuite, then Retry."),
            _ => new Outcome.Refused("erp.refused", $"NetSuite refused {what}: {said}.", "Correct what NetSuite names, there or on the record, then Retry."),
        };
    }

    /// <summary>What a 429 asks for: the calls at once of the account are shared by all its programs.</summary>
    public static Outcome.Later Limit(ErpAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return new("NetSuite has too many calls at once from all the programs of the account.", answer.RetryAfter, WholeAccount: true);
    }

    /// <summary>The outcome of a token request that was refused.</summary>
    public static Outcome TokenOutcome(string error) => new Outcome.Reconnect(
        $"NetSuite does not take our sign-in ({error}). Check ClientId, CertificateId and PrivateKey in Connections > NetSuite, and in NetSuite whether the certificate is still there: it ends, and a refreshed sandbox loses it.");

    private static Outcome.Refused NoRight(string what, string said) => new(
        "erp.rights", $"The role of the connection may not do this in NetSuite ({what}): {said}.", "Give the role the permission in NetSuite, then Retry.");

    private static string Said(Problem problem) => $"{problem.Said.TrimEnd('.', ' ')}{(problem.Code is { Length: > 0 } code and not "USER_ERROR" ? $" (code {code})" : "")}";
}
