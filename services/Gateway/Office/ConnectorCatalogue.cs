using System.Collections.Concurrent;
using System.Text.Json;

namespace OrderSync.Gateway.Office;

/// <summary>A connector that runs here, as it describes itself.</summary>
/// <param name="Name">Its name, as a connection names it.</param>
/// <param name="Answered">Whether it answers; what follows is absent where it never has.</param>
/// <param name="Callback">Where the destination's approval page is to lead back to; the application there must know it.</param>
/// <param name="About">Title, kinds of records, collections it brings back, settings form and mappings, in the connector's own words.</param>
internal sealed record ConnectorEntry(string Name, bool Answered, Uri Callback, JsonElement? About);

internal sealed record ConnectorList(IReadOnlyList<ConnectorEntry> Connectors);

/// <summary>Where a connection stands, in its connector's words.</summary>
/// <param name="Id">The connection.</param>
/// <param name="Name">Its name.</param>
/// <param name="Connector">Its connector.</param>
/// <param name="Answered">Whether the connector answers just now.</param>
/// <param name="Standing">Pause, rest, budget and documents by state; absent where it does not answer or the connection has no settings yet.</param>
internal sealed record ConnectionStandingRow(Guid Id, string Name, string Connector, bool Answered, JsonElement? Standing);

internal sealed record StandingList(IReadOnlyList<ConnectionStandingRow> Connections);

/// <summary>What can be connected here, and where each connection stands: connectors are asked all at once. A description is kept for a minute, and shown
/// as last heard while its connector is away: it changes only with the connector.</summary>
internal sealed class ConnectorCatalogue(EachConnector each, IConfiguration configuration, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, (JsonElement About, DateTimeOffset At)> known = new();

    public async Task<IResult> ListAsync(OfficeIdentity office, HttpRequest request, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var entries = (await each.AskAllAsync(office, "/manage/settings", connector => known.TryGetValue(connector, out var heard) && now - heard.At < Fresh ? heard.About : null, stop)).Select(said =>
        {
            if (said.Answer is { } about && !(known.TryGetValue(said.Connector, out var kept) && now - kept.At < Fresh))
                known[said.Connector] = (about, now);
            return new ConnectorEntry(
                said.Connector, said.Answer is not null, Approved.AddressOf(request, configuration, said.Connector), known.TryGetValue(said.Connector, out var last) ? last.About : null);
        });
        return Results.Ok(new ConnectorList([.. entries.OrderBy(entry => entry.Name, StringComparer.Ordinal)]));
    }

    public async Task<IResult> StandingsAsync(OfficeIdentity office, CancellationToken stop)
    {
        var rows = new List<ConnectionStandingRow>();
        foreach (var said in await each.AskAsync(office, "/manage/standing", stop, evenAway: true))
        {
            var standings = said.Answer is { } answer && answer.TryGetProperty("connections", out var list) && list.ValueKind == JsonValueKind.Array
                ? list.EnumerateArray().Where(one => one.TryGetProperty("connectionId", out var id) && id.TryGetGuid(out _)).ToDictionary(one => one.GetProperty("connectionId").GetGuid())
                : [];
            rows.AddRange(said.Connections.Select(connection => new ConnectionStandingRow(
                connection.Key, connection.Value, said.Connector, said.Answer is not null, standings.TryGetValue(connection.Key, out var standing) ? standing : null)));
        }

        return Results.Ok(new StandingList([.. rows.OrderBy(row => row.Name, StringComparer.Ordinal)]));
    }
}
