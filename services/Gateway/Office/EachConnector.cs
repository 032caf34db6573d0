using System.Collections.Concurrent;
using System.Text.Json;
using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Office;

/// <summary>What one connector answered.</summary>
/// <param name="Connector">Its name.</param>
/// <param name="Connections">The company's connections through it, by id, with their names.</param>
/// <param name="Answer">Null = it does not answer just now.</param>
internal sealed record ConnectorSaid(string Connector, IReadOnlyDictionary<Guid, string> Connections, JsonElement? Answer);

/// <summary>Asks each connector of a company's connections the same, all at once, and waits no longer than a person would.</summary>
internal sealed class EachConnector(NpgsqlDataSource database, ConnectorCalls connectors, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly IReadOnlyDictionary<Guid, string> NoConnections = new Dictionary<Guid, string>();

    // Who said nothing just now is hardly waited for, for a while.
    private static readonly TimeSpan Little = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan While = TimeSpan.FromSeconds(15);
    private readonly ConcurrentDictionary<string, DateTimeOffset> silent = new(StringComparer.Ordinal);

    /// <param name="office">Who asks.</param>
    /// <param name="path">Behind the connector's address; the company is added to it.</param>
    /// <param name="stop">Gives up.</param>
    /// <param name="evenAway">Whether connectors that do not run here are named as well.</param>
    /// <param name="query">What else is asked, such as <c>&amp;record=…</c>.</param>
    public async Task<IReadOnlyList<ConnectorSaid>> AskAsync(OfficeIdentity office, string path, CancellationToken stop, bool evenAway = false, string query = "")
    {
        var asked = (await ConnectionsAsync(office.CompanyId, stop)).GroupBy(row => row.Connector, StringComparer.Ordinal).Where(rows => evenAway || connectors.Runs(rows.Key))
            .Select(async rows => new ConnectorSaid(rows.Key, rows.ToDictionary(row => row.Id, row => row.Name), await AskAsync(office, rows.Key, $"{path}?company={office.CompanyId}{query}", stop)));
        return await Task.WhenAll(asked);
    }

    /// <summary>Asks every connector that runs here, whether the company has a connection through it or not.</summary>
    /// <param name="office">Who asks.</param>
    /// <param name="path">Behind the connector's address; the company is added to it.</param>
    /// <param name="known">What a connector need not be asked again.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<IReadOnlyList<ConnectorSaid>> AskAllAsync(OfficeIdentity office, string path, Func<string, JsonElement?> known, CancellationToken stop) =>
        await Task.WhenAll(connectors.All.Select(async connector => new ConnectorSaid(connector, NoConnections, known(connector) ?? await AskAsync(office, connector, $"{path}?company={office.CompanyId}", stop))));

    private async Task<JsonElement?> AskAsync(OfficeIdentity office, string connector, string path, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(silent.TryGetValue(connector, out var since) && time.GetUtcNow() - since < While ? Little : Patience);
        try
        {
            var answer = await connectors.SendAsync(office, connector, HttpMethod.Get, path, null, patience.Token);
            silent.TryRemove(connector, out _);
            return answer is { Succeeded: true } && answer.Json() is { ValueKind: JsonValueKind.Object } json ? json : null;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            silent.TryAdd(connector, time.GetUtcNow());
            if (time.GetUtcNow() - silent.GetValueOrDefault(connector) >= While)
                silent[connector] = time.GetUtcNow();
            return null;
        }
    }

    private async Task<List<(Guid Id, string Connector, string Name)>> ConnectionsAsync(Guid company, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add("select connection_id, connector, name from connection where company_id = $1 order by connector, name", company);
        await using var reader = await batch.ReadAsync(stop);
        var rows = new List<(Guid, string, string)>();
        while (await reader.ReadAsync(stop))
            rows.Add((reader.GetGuid(0), reader.GetString(1), reader.GetString(2)));
        return rows;
    }
}
