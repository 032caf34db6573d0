using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using OrderSync.Contracts.Bus;
using OrderSync.Contracts.Catalogue;
using OrderSync.Gateway.Office;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Storage;
using OrderSync.ServiceDefaults.Bus;

namespace OrderSync.Gateway.Collections;

/// <summary>A row that could not be taken over.</summary>
/// <param name="Key">Its id at the destination.</param>
/// <param name="Problem">Why not.</param>
internal sealed record ProblemRow(string Key, string Problem);

/// <summary>A connection that offers a collection.</summary>
/// <param name="Connection">Its name.</param>
/// <param name="IsSource">Whether its rows count.</param>
/// <param name="Rows">Rows taken from it, deleted ones not counted.</param>
/// <param name="Problems">Rows that could not be taken over, the first of them.</param>
/// <param name="ProblemCount">How many there are.</param>
/// <param name="State">What its connector says of its looks at the destination: the last, the next, and what needs a person; absent when it does not answer.</param>
internal sealed record OfferRow(string Connection, bool IsSource, long Rows, IReadOnlyList<ProblemRow> Problems, long ProblemCount, JsonElement? State);

/// <summary>A collection with the connections that offer it.</summary>
internal sealed record CollectionRow(string Collection, string? Source, IReadOnlyList<OfferRow> Offers);

/// <summary>All collections.</summary>
internal sealed record CollectionList(IReadOnlyList<CollectionRow> Collections);

/// <summary>Which connection's rows are to count.</summary>
/// <param name="Source">Its name.</param>
internal sealed record SourceRequest(string? Source);

/// <summary>For each collection one connection of the company is the source. The office chooses it; until then it is the first that offered it.</summary>
internal sealed partial class Sources(NpgsqlDataSource database, ConnectorCalls connectors, BusSender bus, IOptions<LevelSettings> levels, TimeProvider time, ILogger<Sources> logger)
{
    private const int MostProblems = 20;

    private const string List = """
        select s.collection, c.name, s.is_source, r.live, r.problems, r.first, c.connector, c.connection_id
        from collection_source s join connection c on c.company_id = s.company_id and c.connection_id = s.connection_id
        cross join lateral (
            select count(*) filter (where not h.deleted) as live, count(*) filter (where h.problem is not null) as problems,
                (select coalesce(jsonb_object_agg(p.key, p.problem), '{}') from (
                    select key, problem from pulled_row where company_id = $1 and connection_id = s.connection_id and collection = s.collection and problem is not null order by key limit $2) p)::text as first
            from pulled_row h where h.company_id = $1 and h.connection_id = s.connection_id and h.collection = s.collection) r
        where s.company_id = $1 order by s.collection, c.name
        """;

    // What the new source was held to have sent is forgotten, so that it counts again; what the former one brought stays until the new one has sent all.
    private const string Change = """
        with wanted as (
            select s.connection_id, (select max(version) + 1 from collection_source where company_id = $1 and collection = $2) as version
            from collection_source s join connection c on c.company_id = s.company_id and c.connection_id = s.connection_id
            where s.company_id = $1 and s.collection = $2 and c.name = $3 and not s.is_source),
        forgotten as (delete from pulled_row using wanted where company_id = $1 and collection = $2 and pulled_row.connection_id = wanted.connection_id)
        update collection_source s set leftovers = s.leftovers or s.is_source, is_source = false, version = wanted.version, since = $4
        from wanted where s.company_id = $1 and s.collection = $2
        """;

    private const string Choose = """
        update collection_source s set is_source = true, leftovers = false from connection c
        where s.company_id = $1 and s.collection = $2 and c.company_id = $1 and c.connection_id = s.connection_id and c.name = $3
            and not exists (select from collection_source where company_id = $1 and collection = $2 and is_source)
        """;

    private const string Offers = """
        select c.connector, c.connection_id, c.name, s.is_source, s.version from collection_source s join connection c on c.company_id = s.company_id and c.connection_id = s.connection_id
        where s.company_id = $1 and s.collection = $2
        """;

    /// <summary>What is brought back, from where, and how its connectors stand.</summary>
    public async Task<IResult> ListAsync(OfficeIdentity office, CancellationToken stop)
    {
        var found = new List<(string Collection, OfferRow Offer, string Connector, Guid Id)>();
        await using (var connection = await database.OpenConnectionAsync(stop))
        {
            await using var batch = CompanyBatch.For(connection, office.CompanyId);
            batch.Add(List, office.CompanyId, MostProblems);
            await using var reader = await batch.ReadAsync(stop);
            while (await reader.ReadAsync(stop))
            {
                var problems = JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(5))!;
                found.Add((reader.GetString(0), new(reader.GetString(1), reader.GetBoolean(2), reader.GetInt64(3), [.. problems.Select(pair => new ProblemRow(pair.Key, pair.Value))], reader.GetInt64(4), null),
                    reader.GetString(6), reader.GetGuid(7)));
            }
        }

        var states = new Dictionary<(Guid, string), JsonElement>();
        foreach (var (connector, id) in found.Select(one => (one.Connector, one.Id)).Distinct())
            foreach (var (collection, state) in await StatesAsync(office, connector, id, stop))
                states[(id, collection)] = state;
        return Results.Ok(new CollectionList([.. CollectionNames.All.Select(name => new CollectionRow(
            name, found.Find(one => one.Collection == name && one.Offer.IsSource).Offer?.Connection,
            [.. found.Where(one => one.Collection == name).Select(one => one.Offer with { State = states.TryGetValue((one.Id, name), out var state) ? state : null })]))]));
    }

    /// <summary>Makes another connection the source.</summary>
    public async Task<IResult> ChangeAsync(OfficeIdentity office, string collection, SourceRequest? request, CancellationToken stop)
    {
        if (!CollectionNames.All.Contains(collection))
            return Problems.NotFound("collection.unknown", $"There is no collection of this name. There are {string.Join(", ", CollectionNames.All)}.");
        if (request?.Source is not { Length: > 0 } name)
            return Problems.Bad("collection.source", "Send source: the name of the connection whose rows are to count.");

        await using var connection = await database.OpenConnectionAsync(stop);
        var before = await OffersAsync(connection, office.CompanyId, collection, stop);
        if (!before.Exists(offer => offer.Name == name))
            return Problems.NotFound("collection.notOffered", $"No connection {name} offers {collection}. Connections that do are listed at /v1/office/collections.");
        if (before.Exists(offer => offer.Name == name && offer.IsSource))
            return await ListAsync(office, stop);

        await using (var batch = CompanyBatch.For(connection, office.CompanyId))
        {
            batch.Add(Change, office.CompanyId, collection, name, time.GetUtcNow());
            batch.Add(Choose, office.CompanyId, collection, name);
            AuditLog.Add(batch, office, time.GetUtcNow(), "collection.source", collection, new { Source = before.Find(offer => offer.IsSource).Name }, new { Source = name });
            await batch.ExecuteNonQueryAsync(stop);
        }

        await TellAsync(office.CompanyId, collection, await OffersAsync(connection, office.CompanyId, collection, stop), stop);
        return await ListAsync(office, stop);
    }

    private static async Task<List<(string Connector, Guid Id, string Name, bool IsSource, long Version)>> OffersAsync(NpgsqlConnection connection, Guid company, string collection, CancellationToken stop)
    {
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add(Offers, company, collection);
        await using var reader = await batch.ReadAsync(stop);
        var offers = new List<(string, Guid, string, bool, long)>();
        while (await reader.ReadAsync(stop))
            offers.Add((reader.GetString(0), reader.GetGuid(1), reader.GetString(2), reader.GetBoolean(3), reader.GetInt64(4)));
        return offers;
    }

    // Only a shortcut: with its next rows, and every hour, a connector is told again.
    private async Task TellAsync(Guid company, string collection, List<(string Connector, Guid Id, string Name, bool IsSource, long Version)> offers, CancellationToken stop)
    {
        foreach (var (connector, id, _, isSource, version) in offers)
        {
            try
            {
                await bus.SendAsync(Queues.Connector(connector), new PulledRowsAcknowledged(company, id, collection, isSource, version, levels.Value.Epoch, []), stop);
            }
            catch (Exception trouble) when (trouble is not OperationCanceledException || !stop.IsCancellationRequested)
            {
                LogNotTold(logger, trouble, connector, collection);
            }
        }
    }

    private async Task<IEnumerable<(string Collection, JsonElement State)>> StatesAsync(OfficeIdentity office, string connector, Guid id, CancellationToken stop)
    {
        var answer = await connectors.SendAsync(office, connector, HttpMethod.Get, $"/manage/connections/{office.CompanyId}/{id}/pull", null, stop);
        return answer is { Succeeded: true } && answer.Json() is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty("collections", out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Where(one => one.TryGetProperty("collection", out _)).Select(one => (one.GetProperty("collection").GetString()!, one))]
            : [];
    }

    [LoggerMessage(LogLevel.Warning, "Connector {Connector} hears of the new source of {Collection} with its next rows only.")]
    private static partial void LogNotTold(ILogger logger, Exception trouble, string connector, string collection);
}
