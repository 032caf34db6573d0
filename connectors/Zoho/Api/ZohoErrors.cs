using System.Net;
using System.Text.Json;
using OrderSync.Framework;

namespace OrderSync.Zoho;

/// <summary>What Zoho's refusals mean for us, in plain words. Its codes do not tell all apart, so the HTTP status has a say.</summary>
internal static class ZohoErrors
{
    /// <summary>A contact of this name exists.</summary>
    public const int NameTaken = 3062;

    // Zoho blocks an organisation for an hour that goes on calling against its limit by the minute.
    private static readonly TimeSpan MinutePause = TimeSpan.FromMinutes(1);

    // When its day begins is not documented: one call an hour finds out.
    private static readonly TimeSpan DayPause = TimeSpan.FromHours(1);

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
            $"Zoho no longer lets us in: {Said(answer)}. Connect Zoho again, with a user who may write customers, sales documents and payments."),
        (HttpStatusCode.Forbidden, _) => new Outcome.Reconnect(
            $"The Zoho user or its permissions do not allow this: {Said(answer)}. Connect Zoho again with a user who may write customers, sales documents and payments."),
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

    /// <summary>What a 429 asks for; the code in its body says which limit it is about.</summary>
    public static Outcome.Later Limit(ErpAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return CodeOf(answer) switch
        {
            45 => new("Zoho says that the organisation's calls of today are used, by us or by others; it is asked again every hour.", answer.RetryAfter ?? DayPause, WholeAccount: true),
            43 => new("Zoho has blocked the organisation for a while, since it was called too often.", answer.RetryAfter ?? MinutePause, WholeAccount: true),
            1070 => new("Zoho says that too many calls to the organisation are under way.", answer.RetryAfter ?? MinutePause, WholeAccount: true),
            _ => new("Zoho asks for fewer calls a minute.", answer.RetryAfter ?? MinutePause, WholeAccount: true),
        };
    }

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

    private static int? CodeOf(ErpAnswer answer)
    {
        try
        {
            return JsonSerializer.Deserialize<Answer>(answer.Body, ZohoWire.Json)?.Code;
        }
        catch (JsonException)
        {
            // Something before Zoho said it: a limit all the same.
            return null;
        }
    }

    private static string Said(Answer answer) => $"{(answer.Message ?? "no reason given").TrimEnd('.')} (code {answer.Code})";
}
