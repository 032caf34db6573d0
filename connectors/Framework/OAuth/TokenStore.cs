using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;
using OrderSync.Framework.Calls;
using OrderSync.Framework.Connections;
using OrderSync.Framework.Storage;

namespace OrderSync.Framework.OAuth;

/// <summary>
/// Access tokens of connections. One refresh at a time for a connection, across replicas, by a session lock; an intent is stored before the
/// call and the answer, encrypted, before it is used: a refresh token that was replaced is never known to us alone in memory.
/// </summary>
internal sealed class TokenStore(LedgerDatabase database, SecretBox box, IConnector connector, ConnectorInfo info, CallDesk desk)
{
    /// <summary>Name of the secret that a person may enter.</summary>
    public const string RefreshTokenName = "RefreshToken";

    /// <summary>Adds a row; the newest counts.</summary>
    public const string Insert = """
        insert into token (company_id, connection_id, number, kind, secret, at)
        select $1, $2, coalesce(max(number), 0) + 1, $3, $4::bytea, $5 from token where connection_id = $2
        """;

    private static readonly TimeSpan Spare = TimeSpan.FromMinutes(1);
    // With the connection they were got for: after a change of its settings they are read again.
    private readonly ConcurrentDictionary<Guid, (Connection For, Stored Tokens)> newest = new();
    private readonly ConcurrentDictionary<Guid, SemaphoreSlim> queues = new();

    /// <summary>What is kept, encrypted, of one answer; no access token where only a refresh token was entered.</summary>
    public sealed record Stored(string? AccessToken, string RefreshToken, DateTimeOffset Until, string? ApiBase);

    public static byte[] Seal(SecretBox box, Guid companyId, Guid connectionId, Stored tokens) =>
        box.Seal(JsonSerializer.Serialize(tokens), companyId, connectionId);

    /// <summary>An access token that is good for at least a minute and is not <paramref name="rejected"/>.</summary>
    /// <exception cref="OutcomeException">The connection must be connected again, or the token endpoint is away.</exception>
    public async Task<Tokens> GetAsync(Connection connection, string? rejected, CancellationToken stop)
    {
        if (Cached(connection, rejected) is { } cached)
            return cached;

        var queue = queues.GetOrAdd(connection.Id, _ => new SemaphoreSlim(1));
        await queue.WaitAsync(stop);
        try
        {
            if (Cached(connection, rejected) is { } just)
                return just;
            var stored = await ReadAsync(connection, stop) is { Tokens: { } found } && Good(found, rejected)
                ? found
                : await RefreshUnderLockAsync(connection, rejected, stop);
            newest[connection.Id] = (connection, stored);
            return Answer(stored);
        }
        finally
        {
            queue.Release();
        }
    }

    private async Task<Stored> RefreshUnderLockAsync(Connection connection, string? rejected, CancellationToken stop)
    {
        // The session is open before the call, so that the answer can be stored; it holds no transaction meanwhile.
        await using var session = await database.OpenSessionAsync(stop);
        var key = LockKey(connection.Id);
        try
        {
            await using var take = new NpgsqlCommand("select pg_advisory_lock($1)", session) { Parameters = { new() { Value = key } } };
            await take.ExecuteNonQueryAsync(stop);
        }
        catch (PostgresException busy) when (busy.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled)
        {
            throw new OutcomeException(new Outcome.Later("Another replica is asking for a new access token.", TimeSpan.FromSeconds(5)));
        }

        try
        {
            var (found, number, interrupted) = await ReadAsync(connection, stop);
            return found is not null && Good(found, rejected) ? found : await RefreshAsync(connection, found, number, interrupted, stop);
        }
        finally
        {
            await using var give = new NpgsqlCommand("select pg_advisory_unlock($1)", session) { Parameters = { new() { Value = key } } };
            await give.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    private async Task<Stored> RefreshAsync(Connection connection, Stored? found, long number, bool interrupted, CancellationToken stop)
    {
        var refreshToken = found?.RefreshToken ?? (info.SignsIn ? "" : connection.Secret(RefreshTokenName));
        await AddAsync(connection, "intent", null, stop);
        Tokens answer;
        try
        {
            using var errand = desk.For(connection, Purpose.Tokens).Begin();
            answer = await connector.RefreshAsync(connection, refreshToken, stop);
        }
        catch (OutcomeException no) when (no.Outcome is Outcome.Reconnect)
        {
            // Someone may have entered a new one meanwhile: that one counts.
            var (entered, since, _) = await ReadAsync(connection, stop);
            if (entered is not null && since > number)
                return await RefreshAsync(connection, entered, since, false, stop);
            throw interrupted ? new OutcomeException(new Outcome.Reconnect($"{((Outcome.Reconnect)no.Outcome).Reason} An earlier refresh was cut off before its answer was stored.")) : no;
        }

        var stored = new Stored(answer.AccessToken, answer.RefreshToken ?? refreshToken, database.Now + answer.Lifetime, answer.ApiBase);
        await AddAsync(connection, "answer", Seal(box, connection.CompanyId, connection.Id, stored), CancellationToken.None);
        return stored;
    }

    private Task<int> AddAsync(Connection connection, string kind, byte[]? secret, CancellationToken stop) => LedgerDatabase.UntilTakenAsync(async () =>
    {
        await using var batch = database.Numbering(connection.CompanyId, connection.Id).Add(Insert, connection.CompanyId, connection.Id, kind, secret, database.Now);
        await batch.RunAsync(stop);
        return 0;
    }, stop);

    // The newest tokens with their number, and whether an intent without an answer stands behind them.
    private async Task<(Stored? Tokens, long Number, bool Interrupted)> ReadAsync(Connection connection, CancellationToken stop)
    {
        await using var batch = database.For(connection.CompanyId).Add("""
            select secret, number, exists (select from token later where later.connection_id = $1 and later.number > token.number)
            from token where connection_id = $1 and kind <> 'intent' order by number desc limit 1
            """, connection.Id);
        await using var reader = await batch.ReadAsync(stop);
        if (!await reader.ReadAsync(stop))
            return (null, 0, false);
        var text = box.Open(reader.GetFieldValue<byte[]>(0), connection.CompanyId, connection.Id);
        return (JsonSerializer.Deserialize<Stored>(text), reader.GetInt64(1), reader.GetBoolean(2));
    }

    private Tokens? Cached(Connection connection, string? rejected) =>
        newest.TryGetValue(connection.Id, out var known) && ReferenceEquals(known.For, connection) && Good(known.Tokens, rejected) ? Answer(known.Tokens) : null;

    private bool Good(Stored tokens, string? rejected) =>
        tokens.AccessToken is not null && tokens.AccessToken != rejected && tokens.Until > database.Now + Spare;

    private Tokens Answer(Stored tokens) => new(tokens.AccessToken!, tokens.RefreshToken, tokens.Until - database.Now, tokens.ApiBase);

    // The database is shared with other services: the name keeps their locks apart.
    private long LockKey(Guid connectionId) =>
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{info.Name}/token/{connectionId:D}")));
}
