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
    private readonly ConcurrentDictionary<Guid, Counts> counted = new();

    public async Task<IResult> GetAsync(OfficeIdentity office, HttpRequest request, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var said = health.OfAsync(office, stop);
        foreach (var (company, old) in counted)
            if (!old.Stored.Serves(old.Stored.From, now))
                counted.TryRemove(company, out _);

        counted.TryGetValue(office.CompanyId, out var known);
        var read = await ReadAsync(office.CompanyId, known ?? await BeginAsync(office.CompanyId, now, stop), now, stop);
        // Midnight has come, or has moved: the newest record comes from further west.
        if (read.Today != read.Counts.Today)
            read = await ReadAsync(office.CompanyId, Counts.From(read.Today, now), now, stop);
        counted[office.CompanyId] = read.Counts;
        return Results.Ok(Answer(office.CompanyId, read, await said, now, Sentences.LanguageOf(request)));
    }

    private FlowAnswer Answer(Guid company, Read read, IReadOnlyDictionary<Guid, SaidRow?> said, DateTimeOffset now, string language)
    {
        var first = MinuteCounts.MinuteOf(now) - Minutes + 1;
        var today = MinuteCounts.MinuteOf(read.Today);
        var records = read.Newest.OrderBy(one => Array.IndexOf(kinds, one.Key))
            .Select(one => new FlowKind(one.Key, read.Counts.Stored.LastMinute(one.Key), read.Counts.Stored.Since(one.Key, first), read.Counts.Stored.Since(one.Key, today), one.Value)).ToList();
        var perMinute = new long[Minutes];
        foreach (var kind in read.Newest.Keys)
            foreach (var (minute, count) in read.Counts.Stored.Each(kind, first, Minutes).Index())
                perMinute[minute] += count;
        var connections = read.Connections.Select(one =>
        {
            var key = one.Id.ToString();
            return new FlowConnection(one.Name, one.Connector, one.Kinds, health.Read(said, one.Id, one.Connector, one.Attention.ContainsKey("reconnect"), language),
                read.Counts.Done.LastMinute(key), read.Counts.Done.Since(key, first), read.Counts.Done.Each(key, first, Minutes), one.Backlog, one.Attention, one.AtLeast, one.Oldest);
        }).ToList();
        return new(company, now, read.Today, DateTimeOffset.FromUnixTimeSeconds(first * 60), records, perMinute, connections, read.Attention, read.Devices, read.Alerts);
    }

    // Only the first look asks when today began before it counts: the planner must know how little it counts.
    private async Task<Counts> BeginAsync(Guid company, DateTimeOffset now, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add(Search.RecordSearch.WalkIndexes);
        batch.Add(FlowSql.Newest, company, kinds, now);
        await using var reader = await batch.ReadAsync(stop);
        await reader.NextResultAsync(stop);
        return Counts.From(await reader.ReadAsync(stop) ? reader.GetFieldValue<DateTimeOffset>(2) : now, now);
    }

    private async Task<Read> ReadAsync(Guid company, Counts counts, DateTimeOffset now, CancellationToken stop)
    {
        var border = now - MinuteCounts.Open;
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add(Search.RecordSearch.WalkIndexes);
        batch.Add(FlowSql.Newest, company, kinds, now);
        batch.Add(FlowSql.Stored, company, kinds, counts.Stored.Until, border);
        batch.Add(FlowSql.Done, company, counts.Done.Until, border);
        batch.Add(FlowSql.Backlog, company);
        batch.Add(AttentionSources.Count(new(null, null, null, null, null)), new AttentionFilter(null, null, null, null, null).Parameters(company, now));
        batch.Add(FlowSql.Devices, company, counts.Today, now - Silence);
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

        counts = counts with { Stored = await TakeAsync(reader, counts.Stored, border, stop), Done = await TakeAsync(reader, counts.Done, border, stop) };
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
        return new(today, newest, counts, connections, attention, devices, reader.GetInt64(0));
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
        DateTimeOffset Today, IReadOnlyDictionary<string, DateTimeOffset> Newest, Counts Counts, IReadOnlyList<ConnectionFlow> Connections,
        IReadOnlyDictionary<string, long> Attention, FlowDevices Devices, long Alerts);

    /// <summary>What is remembered of a company: what was stored, since today or an hour ago, and what was done, since an hour ago.</summary>
    private sealed record Counts(DateTimeOffset Today, MinuteCounts Stored, MinuteCounts Done)
    {
        public static Counts From(DateTimeOffset today, DateTimeOffset now)
        {
            var hour = DateTimeOffset.FromUnixTimeSeconds((MinuteCounts.MinuteOf(now) - Minutes + 1) * 60);
            return new(today, new(today < hour ? today : hour, now), new(hour, now));
        }
    }
}
