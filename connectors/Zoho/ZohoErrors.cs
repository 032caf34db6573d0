using System.Net;
using OrderSync.Framework;

namespace OrderSync.Zoho;

/// <summary>What Zoho's refusals mean for us, in plain words. Its codes do not tell all apart, so the HTTP status has a say.</summary>
internal static class ZohoErrors
{
    /// <summary>A contact of this name exists.</summary>
    public const int NameTaken = 3062;

    private static readonly TimeSpan TokenPause = TimeSpan.FromMinutes(10);

    /// <summary>Whether the answer says that a thing with this id is not there.</summary>
    public static bool IsMissing(HttpStatusCode status, Answer answer) => status == HttpStatusCode.NotFound || answer.Code == 1002;

    /// <summary>The outcome of an answer that is not a success.</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="answer">Code and message.</param>
    /// <param name="what">What was asked for, such as "order A-1042".</param>
    public static Outcome Outcome(HttpStatusCode status, Answer answer, string what) => (status, answer.Code) switch
    {
        (HttpStatusCode.Unauthorized, _) => new Outcome.Reconnect(
            $"Zoho no longer lets us in: {Said(answer)}. Connect Zoho again, with a user who may write customers and sales orders."),
        (HttpStatusCode.Forbidden, _) => new Outcome.Reconnect(
            $"The Zoho user or its permissions do not allow this: {Said(answer)}. Connect Zoho again with a user who may write customers and sales orders."),
        (_, 6024 or 4029 or 6041) => new Outcome.Reconnect(
            $"Zoho does not know this organisation: {Said(answer)}. Enter the right OrganizationId in Connections > Zoho."),
        // Seldom ours: we looked before. An earlier create of ours may have come late, so it is looked up again.
        _ when IsNumberTaken(answer) => new Outcome.Ambiguous($"Zoho says the number of {what} exists already; it is being looked up."),
        (_, 110817) => new Outcome.Refused(
            "tax.off", $"Zoho refused {what}: {Said(answer)}.", "Switch on sales tax in Zoho, then Retry."),
        (_, 3032) => new Outcome.Refused(
            "tax.place", $"Zoho refused {what}: {Said(answer)}.", "Correct the customer's state or place of supply in Zoho, then Retry."),
        _ when IsMissing(status, answer) => new Outcome.Refused(
            "erp.missing", $"Zoho refused {what}: {Said(answer)}.",
            "Something it names was deleted in Zoho. Restore it there, or choose another; then Retry."),
        _ => new Outcome.Refused("erp.refused", $"Zoho refused {what}: {Said(answer)}.", "Correct what Zoho names, in Zoho or on the record, then Retry."),
    };

    /// <summary>The outcome of a token request that was refused, which comes with HTTP 200 too.</summary>
    public static Outcome TokenOutcome(string error) => error.Contains("denied", StringComparison.OrdinalIgnoreCase)
        ? new Outcome.Later("Zoho was asked for tokens too often; we go on by ourselves.", TokenPause, WholeAccount: true)
        : new Outcome.Reconnect(error switch
        {
            "invalid_client" or "invalid_client_secret" => "Zoho does not know the application. Check ClientId, ClientSecret and data centre in Connections > Zoho.",
            _ => $"Zoho no longer takes our sign-in ({error}). Connect Zoho again.",
        });

    private static bool IsNumberTaken(Answer answer) =>
        answer.Message is { } message && message.Contains("number", StringComparison.OrdinalIgnoreCase)
        && message.Contains("already exists", StringComparison.OrdinalIgnoreCase);

    private static string Said(Answer answer) => $"{(answer.Message ?? "no reason given").TrimEnd('.')} (code {answer.Code})";
}
