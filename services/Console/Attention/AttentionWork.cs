using OrderSync.Console.Gateway;

namespace OrderSync.Console.Attention;

/// <summary>What a button of Needs attention does, at the gateway.</summary>
internal static class AttentionWork
{
    private const int AtOnce = 2_000;

    /// <summary>Retry, accept, stop or reopen of a whole group, or of what is left of it.</summary>
    public static async Task<Done> AllAsync(this GatewayClient gateway, string verb, Which which, string? after, CancellationToken stop)
    {
        var answer = await gateway.SendAsync<Answer>(HttpMethod.Post, $"/v1/office/attention/{verb}", new { which.Reason, which.Connection, which.Code, which.Cause, after, limit = AtOnce }, stop);
        return new(answer.Done, answer.Left, answer.Next);
    }

    /// <summary>The same of one record, at one connection or at all of its own.</summary>
    public static Task OneAsync(this GatewayClient gateway, string verb, Guid record, string? connection, CancellationToken stop) =>
        gateway.SendAsync(HttpMethod.Post, $"/v1/office/records/{record}/{verb}", new { connection = connection is { Length: > 0 } name ? name : null }, stop);

    private sealed record Answer(long Done, long Left, string? Next);
}
