using System.Net;
using System.Text.Json;
using OrderSync.Framework;

namespace OrderSync.Tryton;

/// <summary>What Tryton's refusals mean for us, in plain words. Most come with status 200 and an array that names their class.</summary>
internal static class TrytonErrors
{
    private const string SignIn = "Sign-in to Tryton does not work any more: the session has ended and user and password are not taken. Enter them anew in Connections > Tryton.";

    // account/message.xml, msg_journal_period_unique.
    private const string FirstOfPeriod = "You can create only one journal per period";

    /// <summary>The context of what enters something in the books: one of its refusals is known by its words.</summary>
    public static IReadOnlyDictionary<string, object?> InEnglish { get; } = new Dictionary<string, object?> { ["language"] = "en" };

    /// <summary>The outcome of an answer that is not Tryton's own JSON.</summary>
    public static Outcome OfStatus(ErpAnswer reply, string what, bool writes) => reply.Status switch
    {
        HttpStatusCode.Unauthorized => new Outcome.Reconnect(SignIn),
        HttpStatusCode.NotFound => new Outcome.Reconnect("At this address Tryton has no such database. Check Url and Database in Connections > Tryton."),
        // Said by something in between as well as by Tryton, so that it proves nothing.
        _ when writes => new Outcome.Ambiguous($"The answer to {what} (HTTP {(int)reply.Status}) was not one of Tryton's."),
        _ => new Outcome.Later($"The answer to a question about {what} (HTTP {(int)reply.Status}) was not one of Tryton's."),
    };

    /// <summary>The outcome of an error that Tryton names. Its transaction was undone, but where the connection to its database broke nobody knows.</summary>
    public static Outcome OfError(JsonElement error, string what, bool writes)
    {
        var parts = error.ValueKind == JsonValueKind.Array ? [.. error.EnumerateArray()] : new List<JsonElement>();
        var kind = parts.Count > 0 && parts[0].ValueKind == JsonValueKind.String ? parts[0].GetString()! : "";
        return kind switch
        {
            // The first entries of a journal in a period make its row, and of two that do so at the same moment one is told no (account/move.py, check_journal_period_modify).
            "UserError" => OfUser(Text(parts, 0), what),
            "UserWarning" => new Outcome.Refused(
                "erp.warning", $"Tryton asks before it goes on with {what}: {Text(parts, 1)}.",
                "Decide in Tryton: do the step there, or sign in as OrderSync's user and answer the question with \"always\"; then Retry."),
            "ConcurrencyException" => new Outcome.Later($"Somebody else changed {what} in Tryton at this moment; it is read again."),
            "LoginException" => new Outcome.Reconnect("Tryton asks for more than a password, which nobody can answer here. Take the second factor off OrderSync's user."),
            _ => OfTrouble(kind, what, writes),
        };
    }

    private static Outcome OfUser(string message, string what) => message switch
    {
        _ when Has(message, FirstOfPeriod) => new Outcome.Later($"Somebody else entered the first {what.Split(' ')[0]} of its journal and period at this moment; it is tried again."),
        _ when message.StartsWith("You are not allowed", StringComparison.Ordinal) || message.StartsWith("Calling button", StringComparison.Ordinal) => new Outcome.Refused(
            "erp.rights", $"Tryton does not let OrderSync's user do this to {what}: {message}.", "Put the user into the group that may, in Tryton under Administration > Users; then Retry."),
        _ => new Outcome.Refused("erp.refused", $"Tryton refused {what}: {message}.", "Correct what Tryton names, in Tryton or on the record, then Retry."),
    };

    private static Outcome OfTrouble(string text, string what, bool writes)
    {
        if (Has(text, "duplicate key value"))
            return new Outcome.Later($"Tryton holds {what} already; it is looked up.");
        if (Has(text, "could not serialize", "deadlock detected", "canceling statement due to lock timeout"))
            return new Outcome.Later($"Tryton was busy with {what} for somebody else.");
        if (Has(text, "connection to server at", "could not connect to server", "remaining connection slots"))
            return new Outcome.Later("Tryton's database is down.", WholeAccount: true);
        if (Has(text, "server closed the connection", "terminating connection", "connection already closed", "cursor already closed", "SSL connection"))
            return writes ? new Outcome.Ambiguous($"Tryton lost its database in the middle of {what}.") : new Outcome.Later("Tryton lost its database while it was asked.");
        // So it fails, at random, while the server opens another database; what was begun is undone.
        if (text.Length == 0)
            return new Outcome.Later($"Tryton failed at {what} without a word; it is tried again.");
        return new Outcome.Refused(
            "erp.unexpected", $"Tryton did not understand what it was asked about {what}, which is our fault or that of another version of Tryton.",
            "Report this to OrderSync with the time, and Tryton's version; its own log names the cause.");
    }

    private static bool Has(string text, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (text.Contains(word, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    // ["UserError", [message, description, domain]] and ["UserWarning", [name, message, description]].
    private static string Text(List<JsonElement> parts, int at)
    {
        if (parts.Count < 2 || parts[1].ValueKind != JsonValueKind.Array)
            return "no reason given";
        var words = parts[1].EnumerateArray().Skip(at).Take(2).Where(word => word.ValueKind == JsonValueKind.String && word.GetString() is { Length: > 0 })
            .Select(word => word.GetString()!.Trim().TrimEnd('.')).ToList();
        return words.Count == 0 ? "no reason given" : string.Join(": ", words);
    }
}
