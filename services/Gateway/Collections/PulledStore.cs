using Microsoft.Extensions.Options;
using Npgsql;
using OrderSync.Contracts.Bus;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Collections;

/// <summary>Takes rows over and says what is held afterwards. One transaction and one round trip for a message.</summary>
internal sealed class PulledStore(NpgsqlDataSource database, IEnumerable<ILevels> levels, IOptions<LevelSettings> settings, TimeProvider time)
{
    // Devices hear of each: a transaction tells them at most 500 things.
    private const int MostRemoved = 160;

    private readonly Dictionary<string, ILevels> levels = levels.ToDictionary(one => one.Collection);

    // The first connection that offers a collection is its source, until the office chooses another.
    private const string Offer = """
        insert into collection_source (company_id, collection, connection_id, is_source, version, since)
        select $1, $3, $2, not exists (select from collection_source where company_id = $1 and collection = $3 and is_source),
            coalesce((select max(version) from collection_source where company_id = $1 and collection = $3), 1), $4
        from connection where company_id = $1 and connection_id = $2
            and not exists (select from collection_source where company_id = $1 and collection = $3 and connection_id = $2)
        on conflict do nothing
        """;

    private const string Held = """
        select s.is_source, s.version, k.key, coalesce(h.version, 0), coalesce(h.import, 0), (select level from company_feed where company_id = $1)
        from (select) one
        left join collection_source s on s.company_id = $1 and s.collection = $3 and s.connection_id = $2
        left join unnest($4::text[]) as k (key) on true
        left join pulled_row h on h.company_id = $1 and h.connection_id = $2 and h.collection = $3 and h.key = k.key
        """;

    private const string Leftovers = "select true from collection_source where company_id = $1 and collection = $2 and leftovers limit 1";

    /// <summary>Takes the rows of a message; a row is applied only if it is newer than what is held, and only from the collection's source.</summary>
    public async Task<PulledRowsAcknowledged> TakeAsync(PulledRows message, CancellationToken stop)
    {
        var (company, from, collection) = (message.CompanyId, message.ConnectionId, message.Collection);
        PulledRow[] rows = [.. message.Rows.DistinctBy(row => row.Key).OrderBy(row => row.Key, StringComparer.Ordinal)];
        await using var connection = await database.OpenConnectionAsync(stop);
        await using (var batch = CompanyBatch.For(connection, company))
        {
            batch.Add(Offer, company, from, collection, time.GetUtcNow());
            if (rows.Length > 0 && levels.TryGetValue(collection, out var known))
                batch.Add(known.Statement, [company, from, collection, message.LedgerEpoch, .. known.Parameters(rows)]);
            batch.Add(Held, company, from, collection, rows.Select(row => row.Key).ToArray());
            await using var reader = await batch.ReadAsync(stop);
            while (reader.FieldCount != 6)
                await reader.NextResultAsync(stop);
            var answer = await ReadAsync(reader, message, rows.Length, stop);
            await reader.EndAsync(stop);
            if (!message.Complete || !answer.IsSource)
                return answer;
            await reader.DisposeAsync();
            await RemoveLeftoversAsync(connection, message, stop);
            return answer;
        }
    }

    private async Task<PulledRowsAcknowledged> ReadAsync(NpgsqlDataReader reader, PulledRows message, int rows, CancellationToken stop)
    {
        var (isSource, version, level, held) = (false, 0L, 0L, new List<PulledRowAcknowledged>(rows));
        while (await reader.ReadAsync(stop))
        {
            isSource = !reader.IsDBNull(0) && reader.GetBoolean(0);
            version = reader.IsDBNull(1) ? 0 : reader.GetInt64(1);
            level = reader.IsDBNull(5) ? 0 : reader.GetInt64(5);
            if (!reader.IsDBNull(2))
                held.Add(new(reader.GetString(2), reader.GetInt64(3), reader.GetInt64(4)));
        }

        // Nobody here will ever want rows of a collection this gateway does not know: they are taken for held.
        if (!levels.ContainsKey(message.Collection))
            held = [.. message.Rows.Select(row => new PulledRowAcknowledged(row.Key, row.Version, row.Import))];
        return new(message.CompanyId, message.ConnectionId, message.Collection, isSource, version, settings.Value.Of(level), held);
    }

    // What the former source brought stays until the new one has sent all of its own: devices never see an empty catalogue in between.
    private async Task RemoveLeftoversAsync(NpgsqlConnection connection, PulledRows message, CancellationToken stop)
    {
        var (company, source, collection) = (message.CompanyId, message.ConnectionId, message.Collection);
        await using (var look = CompanyBatch.For(connection, company))
        {
            look.Add(Leftovers, company, collection);
            await using var reader = await look.ReadAsync(stop);
            if (!await reader.ReadAsync(stop))
                return;
        }

        int removed;
        do
        {
            await using var part = CompanyBatch.For(connection, company);
            part.Add(levels[collection].RemoveLeftovers, company, source, MostRemoved);
            await part.ExecuteNonQueryAsync(stop);
            removed = (int)part.BatchCommands[1].Rows;
        }
        while (removed == MostRemoved);

        await using var batch = CompanyBatch.For(connection, company);
        batch.Add("delete from pulled_row where company_id = $1 and collection = $3 and connection_id <> $2", company, source, collection);
        batch.Add("update collection_source set leftovers = false where company_id = $1 and collection = $2", company, collection);
        await batch.ExecuteNonQueryAsync(stop);
    }
}
