using System.Collections.Concurrent;
using System.Text.Json;
using OrderSync.Contracts;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Office.Flow;

/// <summary>Whether a connection moves.</summary>
/// <param name="State">running, resting (goes on by itself), paused (by a person), reconnect, away (its connector does not answer) or unknown.</param>
/// <param name="Reason">Why it does not run, in plain words.</param>
/// <param name="Since">Since when a person paused it.</param>
/// <param name="Until">Until when it rests.</param>
internal sealed record Health(string State, string? Reason = null, DateTimeOffset? Since = null, DateTimeOffset? Until = null);

/// <summary>
/// What connectors say of their connections, asked for in the background and kept for some seconds: nobody who looks waits for a connector, nor does a
/// connector hear from everybody who looks.
/// </summary>
internal sealed class ConnectionHealth(EachConnector connectors, ConnectorCalls calls, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    // Only whoever looks first waits at all.
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private readonly ConcurrentDictionary<Guid, Known> companies = new();

    /// <summary>Of each connection that its connector has spoken of lately.</summary>
    public async Task<IReadOnlyDictionary<Guid, SaidRow?>> OfAsync(OfficeIdentity office, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var known = companies.GetOrAdd(office.CompanyId, _ => new Known());
        var asking = known.Ask(now, () => AskAsync(office));
        if (known.Said is null)
            await Task.WhenAny(asking, Task.Delay(First, stop));
        foreach (var (company, old) in companies)
            if (now - old.At > Kept)
                companies.TryRemove(company, out _);
        return known.Said ?? new Dictionary<Guid, SaidRow?>();
    }

    /// <summary>The same in one word, with a reason in the reader's language.</summary>
    public Health Read(IReadOnlyDictionary<Guid, SaidRow?> said, Guid connection, string connector, bool reconnect, string language)
    {
        if (!calls.Runs(connector))
            return new("unknown", Sentence("connection.notRun"));
        if (!said.TryGetValue(connection, out var row))
            return new("unknown");
        return row switch
        {
            null => new("away", Sentence("connection.away")),
            { Unset: true } => new("unknown", Sentence("connection.noSettings")),
            { Paused: { } paused } => new("paused", paused.Reason, Since: paused.Since),
            { Reconnect: { } why } => new("reconnect", why),
            _ when reconnect => new("reconnect"),
            { Rests: { } rests } => new("resting", rests.Reason, Until: rests.Until),
            _ => new("running"),
        };

        string Sentence(string code) => Sentences.Of(code, language, new Dictionary<string, string> { ["part"] = connector });
    }

    private async Task<IReadOnlyDictionary<Guid, SaidRow?>> AskAsync(OfficeIdentity office)
    {
        var rows = new Dictionary<Guid, SaidRow?>();
        foreach (var one in await connectors.AskAsync(office, "/manage/health", CancellationToken.None))
        {
            var said = one.Answer?.Deserialize<Said>(ContractJson.Options)?.Connections?.ToDictionary(row => row.ConnectionId);
            foreach (var id in one.Connections.Keys)
                rows[id] = said is null ? null : said.GetValueOrDefault(id) ?? new SaidRow(id, null, null, null) { Unset = true };
        }

        return rows;
    }

    /// <summary>What one company's connectors said last, and the question under way.</summary>
    private sealed class Known
    {
        private readonly Lock gate = new();
        private Task asking = Task.CompletedTask;

        public IReadOnlyDictionary<Guid, SaidRow?>? Said { get; private set; }

        public DateTimeOffset At { get; private set; }

        public Task Ask(DateTimeOffset now, Func<Task<IReadOnlyDictionary<Guid, SaidRow?>>> ask)
        {
            lock (gate)
            {
                if (!asking.IsCompleted || (Said is not null && now - At < Fresh))
                    return asking;
                At = now;
                return asking = KeepAsync(ask);
            }
        }

        private async Task KeepAsync(Func<Task<IReadOnlyDictionary<Guid, SaidRow?>>> ask)
        {
            try
            {
                Said = await ask();
            }
            catch (Exception trouble) when (trouble is Npgsql.NpgsqlException or TimeoutException)
            {
                // Whoever looks learns of PostgreSQL's trouble by their own question; what was known stays until the next.
            }
        }
    }

    private sealed record Said(IReadOnlyList<SaidRow>? Connections);
}

/// <summary>What a connector says of one of its connections.</summary>
internal sealed record SaidRow(Guid ConnectionId, SaidPause? Paused, SaidRest? Rests, string? Reconnect)
{
    /// <summary>The connector does not know it: nobody has entered its settings.</summary>
    public bool Unset { get; init; }
}

/// <summary>Paused by a person.</summary>
internal sealed record SaidPause(DateTimeOffset Since, string? Person, string? Reason);

/// <summary>Rests by itself.</summary>
internal sealed record SaidRest(DateTimeOffset Until, string? Reason);
