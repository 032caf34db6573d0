using System.Net;
using OrderSync.Framework;

namespace OrderSync.QuickBooks;

/// <summary>What QuickBooks' refusals mean for us, in plain words.</summary>
internal static class QuickBooksErrors
{
    /// <summary>A customer, vendor or employee has this name.</summary>
    public const string NameTaken = "6240";

    /// <summary>It has answered this requestid before, and does not say what.</summary>
    public const string KeyTaken = "600";

    /// <summary>A document of its kind has this number.</summary>
    public const string NumberTaken = "6140";

    /// <summary>A query holds what its parser cannot read.</summary>
    public const string CannotBeQueried = "4000";

    /// <summary>Not there.</summary>
    public const string Missing = "610";

    // As Intuit's documents advise.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(60);

    /// <summary>The outcome of an answer that is not a success.</summary>
    /// <param name="status">HTTP status: a fault can come with 200.</param>
    /// <param name="fault">What it says.</param>
    /// <param name="what">What was asked for, such as "order A-1042".</param>
    /// <param name="writes">Whether something was to be written.</param>
    public static Outcome Outcome(HttpStatusCode status, Fault fault, string what, bool writes) => (status, fault.Code) switch
    {
        (_, "3001") => Throttled(null),
        (_, "120") => new Outcome.Reconnect("The person who connected QuickBooks may no longer manage the company there. Connect it again as an administrator of the company."),
        // Also with 403.
        (_, "5020" or "5030") => new Outcome.Refused("erp.plan", $"QuickBooks refused {what}: the company's plan does not have this. {Said(fault)}.", "Change the plan in QuickBooks, then Retry."),
        (HttpStatusCode.Forbidden, _) or (_, "3100") => new Outcome.Reconnect($"QuickBooks does not let the app into this company: {Said(fault)}. Connect QuickBooks again and choose the right company."),
        (HttpStatusCode.Unauthorized, _) or (_, "3200" or "100") => new Outcome.Reconnect($"QuickBooks no longer lets us in: {Said(fault)}. Connect QuickBooks again."),
        (_, "6190") => new Outcome.Refused("connection.subscription", $"QuickBooks refused {what}: the company's subscription is not active.", "Renew the subscription in QuickBooks, then Retry."),
        // Nothing was written, and the next try reads it anew.
        (_, "5010") => new Outcome.Later($"Somebody changed {what} in QuickBooks at the same time; it is read again."),
        (_, NumberTaken) => new Outcome.Refused("erp.numberTaken", $"QuickBooks already has another document with the number of {what}.", "Give that document another number in QuickBooks, then Retry."),
        (_, Missing or "2500") => new Outcome.Refused(
            "erp.missing", $"QuickBooks refused {what}: {Said(fault)}.", "Something it names was deleted or made inactive in QuickBooks. Make it active there, or choose another; then Retry."),
        (_, "6210") => new Outcome.Refused("period.closed", $"QuickBooks refused {what}: the books of its date are closed.", "Ask your accountant to open the period in QuickBooks, or enter it by hand with another date; then Retry."),
        (_, "6100") => new Outcome.Refused("tax.system", $"QuickBooks refused {what}: {Said(fault)}.", "Set Taxes to us in Connections > QuickBooks, then Retry."),
        // Its own trouble, whatever the status says.
        _ when fault.Type is "SystemFault" or "SERVICE" => writes
            ? new Outcome.Ambiguous($"QuickBooks had trouble of its own: {Said(fault)}.")
            : new Outcome.Later($"QuickBooks had trouble of its own: {Said(fault)}."),
        _ => new Outcome.Refused("erp.refused", $"QuickBooks refused {what}: {Said(fault)}.", "Correct what QuickBooks names, there or on the record, then Retry."),
    };

    /// <summary>What a 429 asks for.</summary>
    public static Outcome.Later Limit(ErpAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return Throttled(answer.RetryAfter);
    }

    /// <summary>The outcome of a token request that was refused.</summary>
    public static Outcome TokenOutcome(string error) => new Outcome.Reconnect(error switch
    {
        "invalid_client" => "QuickBooks does not know the app. Check ClientId and ClientSecret in Connections > QuickBooks.",
        _ => $"QuickBooks no longer takes our sign-in ({error}). Connect QuickBooks again.",
    });

    private static Outcome.Later Throttled(TimeSpan? after) => new("QuickBooks asks for fewer calls.", after ?? Pause, WholeAccount: true);

    private static string Said(Fault fault) => $"{fault.Said.TrimEnd('.', ' ')}{(fault.Code.Length > 0 ? $" (code {fault.Code})" : "")}";
}
