using OrderSync.Console.Gateway;

namespace OrderSync.Console.Attention;

/// <summary>What the buttons of the page do: with a group, with parked messages, with deletions, with alerts.</summary>
internal static class OtherActs
{
    /// <summary>Does it.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="verb">retry, reopen, replay, discard, confirm or seen.</param>
    /// <param name="what">A group's filter, an address at the gateway as it said it, or an id.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>Where to go on, null = here; and what was done.</returns>
    public static async Task<(string? Path, string Sentence)> RunAsync(GatewayClient gateway, string verb, string what, CancellationToken stop)
    {
        switch (verb)
        {
            case "retry" or "reopen":
                var which = Which.Read(what);
                var done = await gateway.AllAsync(verb, which, null, stop);
                return (done.Next is { } next ? GroupPage.GoingOn(which, verb, next, done) : null, AttentionWords.Said(which, verb, done.Count, done.Left));
            case "replay" or "discard" when IsParked(what):
                await gateway.SendAsync(HttpMethod.Post, $"{what}/{verb}", new { all = true }, stop);
                return (null, verb == "replay" ? "The messages were sent again. What still cannot be read comes back here." : "The messages were put aside. They are kept.");
            case "confirm" when what.Split('|', 2) is [var rows, var address] && IsConfirm(address) && long.TryParse(rows, out var count):
                await gateway.SendAsync(HttpMethod.Post, address, new { rows = count }, stop);
                return (null, $"{AttentionWords.Count(count)} rows are gone here too; the devices hear of it with their next sync.");
            case "seen" when Guid.TryParse(what, out var id):
                await gateway.SendAsync(HttpMethod.Post, $"/v1/office/alerts/{id}/seen", null, stop);
                return (null, "Noted that somebody has seen it.");
            default:
                return (null, "Nothing was changed: the page was too old. Look again.");
        }
    }

    // What comes back in a form is looked at like any address: only the places these buttons are for.
    private static bool IsParked(string address) => address == "/v1/office/parked" || (IsOfConnection(address) && address.EndsWith("/manage/parked", StringComparison.Ordinal));

    private static bool IsConfirm(string address) => IsOfConnection(address) && address.Contains("/manage/pull/", StringComparison.Ordinal) && address.EndsWith("/deletions", StringComparison.Ordinal);

    private static bool IsOfConnection(string address) =>
        address.StartsWith("/v1/office/connections/", StringComparison.Ordinal) && !address.Contains("..", StringComparison.Ordinal) && !address.Contains('?', StringComparison.Ordinal) && !address.Contains('#', StringComparison.Ordinal);
}
