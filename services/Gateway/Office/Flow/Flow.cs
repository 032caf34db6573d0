using System.Collections.Concurrent;
using Npgsql;
using OrderSync.Gateway.Office.NeedsAttention;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Office.Flow;

/// <summary>What flows through a company, for whoever watches: one round trip, along indexes, whatever number of records there is.</summary>
internal sealed class Flow(NpgsqlDataSource database, ConnectionHealth health, IEnumerable<IRecordKind> kinds, TimeProvider time)
{
    private const int Minutes = 60;
    private static readonly TimeSpan Silence = TimeSpan.FromDays(7);
    private readonly string[] kinds = [.. kinds.Select(kind => kind.Name)];
    private readonly ConcurrentDictionary<Guid, (MinuteCounts Stored, MinuteCounts Done)> counted = new();

    public async Task<IResult> GetAsync(OfficeIdentity office, HttpRequest request, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var said = health.OfAsync(office, stop);
        foreach (var (company, old) in counted)
            if (!old.Stored.Serves(old.Stored.From, now))
                counted.TryRemove(company, out _);

        counted.TryGetValue(office.CompanyId, out var known);
        var read = await ReadAsync(office.CompanyId, known.Stored, known.Done, now, stop);
        // Midnight has moved back: the newest record comes from further west.
        if (known.Stored is not null && !known.Stored.Serves(read.Today, now))
            read = await ReadAsync(office.CompanyId, null, null, now, stop);
        counted[office.CompanyId] = (read.Stored, read.Done);
        return Results.Ok(Answer(office.CompanyId, read, await said, now, Sentences.LanguageOf(request)));
    }

    private FlowAnswer Answer(Guid company, Read read, IReadOnlyDictionary<Guid, SaidRow?> said, DateTimeOffset now, string language)
    {
        var first = MinuteCounts.MinuteOf(now) - Minutes + 1;
        var today = MinuteCounts.MinuteOf(read.Today);
        var records = read.Newest.OrderBy(one => Array.IndexOf(kinds, one.Key))
            .Select(one => new FlowKind(one.Key, read.Stored.LastMinute(one.Key), read.Stored.Since(one.Key, first), read.Stored.Since(one.Key, today), one.Value)).ToList();
        var perMinute = new long[Minutes];
        foreach (var kind in read.Newest.Keys)
            foreach (var (minute, count) in read.Stored.Each(kind, first, Minutes).Index())
                perMinute[minute] += count;
        var connections = read.Connections.Select(one =>
        {
            var key = one.Id.ToString();
            return new FlowConnection(one.Name, one.Connector, one.Kinds, health.Read(said, one.Id, one.Connector, one.Attention.ContainsKey("reconnect"), language),
                read.Done.LastMinute(key), read.Done.Since(key, first), read.Done.Each(key, first, Minutes), one.Backlog, one.Attention, one.AtLeast, one.Oldest);
        }).ToList();
        return new(company, now, read.Today, DateTimeOffset.FromUnixTimeSeconds(first * 60), records, perMinute, connections, read.Attention, read.Devices, read.Alerts);
    }

    private async Task<Read> ReadAsync(Guid company, MinuteCounts? stored, MinuteCounts? done, DateTimeOffset now, CancellationToken stop)
    {
        var hour = DateTimeOffset.FromUnixTimeSeconds((MinuteCounts.MinuteOf(now) - Minutes + 1) * 60);
        var border = now - MinuteCounts.Open;
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add(Search.RecordSearch.WalkIndexes);
        batch.Add(FlowSql.Newest, company, kinds, now);
        batch.Add(FlowSql.Stored, company, kinds, now, CompanyBatch.Maybe(stored?.Until), hour, border);
        batch.Add(FlowSql.Done, company, done?.Until ?? hour, border);
        batch.Add(FlowSql.Backlog, company);
        batch.Add(AttentionSources.Count(new(null, null, null, null, null)), new AttentionFilter(null, null, null, null, null).Parameters(company, now));
        batch.Add(FlowSql.Devices, company, kinds, now, now - Silence);
        batch.Add("select count(*) from alert where company_id = $1 and seen_at is null", company);

        await using var reader = await batch.ReadAsync(stop);
        await reader.NextResultAsync(stop);
        var newest = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        var today = now;
        while (await reader.ReadAsync(stop))
        {
            today = reader.GetFieldValue<DateTimeOffset>(2);
            if (!reader.IsDBNull(0))
                newest[reader.GetString(0)] = reader.GetFieldValue<DateTimeOffset>(1);
        }

        stored = await TakeAsync(reader, stored ?? new(today < hour ? today : hour, now), border, stop);
        done = await TakeAsync(reader, done ?? new(hour, now), border, stop);
        var connections = await FlowConnections.ReadAsync(reader, stop);
        await reader.NextResultAsync(stop);
        var attention = new SortedDictionary<string, long>(StringComparer.Ordinal);
        while (await reader.ReadAsync(stop))
            attention[reader.GetString(0)] = reader.GetInt64(1);
        await reader.NextResultAsync(stop);
        await reader.ReadAsync(stop);
        var devices = new FlowDevices(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
        await reader.NextResultAsync(stop);
        await reader.ReadAsync(stop);
        return new(today, newest, stored, done, connections, attention, devices, reader.GetInt64(0));
    }

    private static async Task<MinuteCounts> TakeAsync(NpgsqlDataReader reader, MinuteCounts counts, DateTimeOffset border, CancellationToken stop)
    {
        await reader.NextResultAsync(stop);
        var rows = new List<(string, long, bool, long)>();
        while (await reader.ReadAsync(stop))
            rows.Add((reader.GetString(0), reader.GetInt64(1), reader.GetBoolean(2), reader.GetInt64(3)));
        return counts.With(border, rows);
    }

    private sealed record Read(
        DateTimeOffset Today, IReadOnlyDictionary<string, DateTimeOffset> Newest, MinuteCounts Stored, MinuteCounts Done, IReadOnlyList<ConnectionFlow> Connections,
        IReadOnlyDictionary<string, long> Attention, FlowDevices Devices, long Alerts);
}
