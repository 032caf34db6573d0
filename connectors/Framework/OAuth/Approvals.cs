using System.Buffers.Text;
using System.Security.Cryptography;
using OrderSync.Framework.Calls;
using OrderSync.Framework.Connections;
using OrderSync.Framework.Manage;
using OrderSync.Framework.Storage;
using OrderSync.Framework.Work;

namespace OrderSync.Framework.OAuth;

/// <summary>Where to send the person who approves a connection.</summary>
/// <param name="Url">The destination's page.</param>
/// <param name="GoodUntil">Until when what it leads back with is taken.</param>
internal sealed record ApprovalStart(Uri Url, DateTimeOffset GoodUntil);

/// <summary>What the person sees who comes back from the destination's page.</summary>
/// <param name="Works">Whether the connection is approved.</param>
/// <param name="Title">In a few words.</param>
/// <param name="Message">What happened and what to do.</param>
/// <param name="Company">Whose connection it is; absent where the state is not known.</param>
/// <param name="Connection">Which connection.</param>
internal sealed record ApprovalEnd(bool Works, string Title, string Message, Guid? Company = null, Guid? Connection = null);

/// <summary>The last approval of a connection, for the office.</summary>
/// <param name="BegunAt">When a person was sent to the destination's page.</param>
/// <param name="Person">Who.</param>
/// <param name="EndedAt">When they came back; absent while they have not.</param>
/// <param name="Works">Whether it is approved.</param>
/// <param name="Title">In a few words.</param>
/// <param name="Message">What happened and what to do.</param>
internal sealed record LastApproval(DateTimeOffset BegunAt, string? Person, DateTimeOffset? EndedAt, bool? Works, string? Title, string? Message);

/// <summary>
/// Lets a person approve a connection at the destination. The state that comes back is good once, for one connection, for a quarter of an hour; it
/// names its company, so that row-level security holds for the person who is not signed in here.
/// </summary>
internal sealed class Approvals(
    LedgerDatabase database, ConnectionStore connections, IConnector connector, ConnectorInfo info, SecretBox box, ErpQuestion question, CallDesk desk, Signals signals)
{
    private const int GuidBytes = 16;
    private const int RandomBytes = 32;
    private const int LongestMessage = 2000;
    private static readonly TimeSpan Good = TimeSpan.FromMinutes(15);

    private const string Begin = """
        insert into approval (company_id, connection_id, state_hash, redirect, person, begun_at, expires_at) values ($1, $2, $3, $4, $5::text, $6, $7)
        """;

    private const string Use = """
        update approval set used_at = $3 where connection_id = $1 and state_hash = $2 and used_at is null and expires_at > $3 returning redirect, person
        """;

    private const string End = "update approval set ended_at = $3, works = $4, title = $5, message = $6 where connection_id = $1 and state_hash = $2";

    private const string Last = """
        select begun_at, person, ended_at, works, title, message from approval where connection_id = $1 order by coalesce(ended_at, begun_at) desc limit 1
        """;

    /// <summary>The page to send a person to; null where this connector has none.</summary>
    public async Task<ApprovalStart?> BeginAsync(Connection connection, Uri redirect, string? person, CancellationToken stop)
    {
        var state = Base64Url.EncodeToString([.. connection.CompanyId.ToByteArray(), .. connection.Id.ToByteArray(), .. RandomNumberGenerator.GetBytes(RandomBytes)]);
        if (connector.ApprovalPage(connection, redirect, state) is not { } page)
            return null;
        var now = database.Now;
        await using var batch = database.For(connection.CompanyId).Add(
            Begin, connection.CompanyId, connection.Id, HashOf(state), redirect.ToString(), person, now, now + Good);
        await batch.RunAsync(stop);
        return new(page, now + Good);
    }

    /// <summary>Takes what came back: the state is used up, then the code is turned into tokens, which are stored before the connection is tried.</summary>
    public async Task<ApprovalEnd> EndAsync(IReadOnlyDictionary<string, string> query, CancellationToken stop)
    {
        if (Place(query.GetValueOrDefault("state")) is not var (company, connectionId) || await UseAsync(company, connectionId, query["state"], stop) is not var (redirect, person))
            return Not("This approval is not known here: it was used already, or more than a quarter of an hour has passed. Begin again in Connections.");
        var end = await TakeAsync(company, connectionId, redirect, person, query, stop) with { Company = company, Connection = connectionId };
        await using var batch = database.For(company).Add(End, connectionId, HashOf(query["state"]), database.Now, end.Works, end.Title, StorableText.Of(end.Message, LongestMessage));
        await batch.RunAsync(CancellationToken.None);
        return end;
    }

    /// <summary>How the last approval of a connection went; null where there was none.</summary>
    public async Task<LastApproval?> LastAsync(Guid company, Guid connectionId, CancellationToken stop)
    {
        await using var batch = database.For(company).Add(Last, connectionId);
        await using var reader = await batch.ReadAsync(stop);
        if (!await reader.ReadAsync(stop))
            return null;
        return new(reader.GetFieldValue<DateTimeOffset>(0), Text(1), reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2), reader.IsDBNull(3) ? null : reader.GetBoolean(3), Text(4), Text(5));

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    private async Task<ApprovalEnd> TakeAsync(Guid company, Guid connectionId, Uri redirect, string? person, IReadOnlyDictionary<string, string> query, CancellationToken stop)
    {
        if (query.GetValueOrDefault("code") is not { Length: > 0 } code)
            return Not(query.GetValueOrDefault("error") == "access_denied"
                ? $"{info.Title} was told not to let OrderSync in. Begin again in Connections if that was a mistake."
                : $"{info.Title} gave no code ({StorableText.Of(query.GetValueOrDefault("error") ?? "no reason given", 100)}). Begin again in Connections.");
        if (await connections.FindAsync(company, connectionId, stop) is not { } connection)
            return Not("The connection has no settings any more. Enter them in Connections and begin again.");

        using var errand = desk.For(connection, Purpose.Tokens).Begin();
        try
        {
            // From here on the person's leaving must not lose what the code was spent for.
            var answer = await connector.ExchangeAsync(connection, new Approval(code, redirect, query), CancellationToken.None);
            if (answer.RefreshToken is not { Length: > 0 } refreshToken)
                return Not($"{info.Title} gave no lasting approval (no refresh token). Begin again in Connections, and approve all that is asked for.");
            var stored = new TokenStore.Stored(answer.AccessToken, refreshToken, database.Now + answer.Lifetime, answer.ApiBase);
            await connections.ApproveAsync(connection, TokenStore.Seal(box, company, connectionId, stored), person, CancellationToken.None);
        }
        catch (OutcomeException said)
        {
            return Not(said.Outcome switch
            {
                Outcome.Reconnect no => no.Reason,
                Outcome.Refused no => $"{no.Reason} {no.Fix}",
                Outcome.Later later => $"{later.Reason} Begin again in Connections.",
                _ => $"{info.Title} did not answer clearly. Begin again in Connections.",
            });
        }

        signals.Raise();
        return new(true, $"{info.Title} is connected", await TryAsync(company, connectionId, stop));
    }

    private async Task<string> TryAsync(Guid company, Guid connectionId, CancellationToken stop)
    {
        var (answer, said) = await question.TestAsync(company, connectionId, stop);
        return (answer, said) switch
        {
            ({ } found, _) => found,
            (_, Outcome.Refused no) => $"One thing is left to do: {no.Reason} {no.Fix}",
            (_, Outcome.Reconnect no) => no.Reason,
            _ => "It could not be tried yet; what waits goes on by itself.",
        };
    }

    private async Task<(Uri Redirect, string? Person)?> UseAsync(Guid company, Guid connection, string state, CancellationToken stop)
    {
        await using var batch = database.For(company).Add(Use, connection, HashOf(state), database.Now);
        await using var reader = await batch.ReadAsync(stop);
        if (!await reader.ReadAsync(stop))
            return null;
        var used = (new Uri(reader.GetString(0)), reader.IsDBNull(1) ? null : reader.GetString(1));
        await CompanyBatch.EndAsync(reader, stop);
        return used;
    }

    private ApprovalEnd Not(string message) => new(false, $"{info.Title} is not connected", message);

    private static (Guid Company, Guid Connection)? Place(string? state)
    {
        Span<byte> bytes = stackalloc byte[GuidBytes * 2 + RandomBytes];
        return state is not null && state.Length <= 200 && Base64Url.IsValid(state, out var length) && length == bytes.Length && Base64Url.TryDecodeFromChars(state, bytes, out _)
            ? (new Guid(bytes[..GuidBytes]), new Guid(bytes[GuidBytes..(GuidBytes * 2)]))
            : null;
    }

    private static byte[] HashOf(string state) => SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(state));
}
