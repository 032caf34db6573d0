using System.Data;
using Npgsql;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Feed.Collections;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Feed;

/// <summary>Whose pull it is, with what it sees.</summary>
/// <param name="Device">The device.</param>
/// <param name="Standing">As the pull began.</param>
/// <param name="Former">Scope keys of the cursor it came with, where they are others.</param>
/// <param name="Language">For sentences.</param>
/// <param name="WithHashes">Whether the end proves what the device has.</param>
internal sealed record Reading(DeviceIdentity Device, Standing Standing, string[]? Former, string Language, bool WithHashes)
{
    /// <summary>Bytes of a row as the last page had them: how many fit into the next.</summary>
    public int RowBytes { get; set; } = 256;

    /// <summary>Whether histories are read as they are kept; null = nobody has looked yet.</summary>
    public bool? HistoriesKept { get; set; }
}

/// <summary>A page in memory: its rows, and where the pull is after it.</summary>
internal sealed record Page(Lines Lines, Cursor Next, IReadOnlyDictionary<string, CollectionHash>? Hashes);

/// <summary>Proof of what a device has.</summary>
/// <param name="Count">Rows.</param>
/// <param name="Hash">All rows together, in any order.</param>
internal sealed record CollectionHash(long Count, string Hash);

/// <summary>A pull cannot go on as it began: the device asks again with its last checkpoint.</summary>
internal sealed class PullEndedException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}

/// <summary>
/// Reads pages: each by short statements on a connection that is given back before anything is written to the device. A page of changes is one snapshot, so that
/// the last one shows exactly what stands at its position.
/// </summary>
internal sealed class Pages([FromKeyedServices(Pages.Pool)] NpgsqlDataSource database, Shapes shapes) : IDisposable
{
    /// <summary>Key of the data source that pages are read with.</summary>
    public const string Pool = "feed";

    /// <summary>Pages read at once; the others wait without a connection.</summary>
    public const int AtOnce = 8;

    public const int MostRows = 1_000;
    public const int MostBytes = 256 * 1024;

    private const int MostChanges = 500;
    private const int Window = 2_000;
    private const int LeastRows = 20;

    private readonly SemaphoreSlim turns = new(AtOnce);

    /// <summary>The page after the cursor; the pull is over when the next cursor is whole.</summary>
    public async Task<Page> ReadAsync(Reading reading, Cursor cursor, CancellationToken stop)
    {
        await turns.WaitAsync(stop);
        try
        {
            await using var connection = await database.OpenConnectionAsync(stop);
            return cursor.Phase == Phase.Changes ? await ReadChangesAsync(connection, reading, cursor, stop) : await ReadRowsAsync(connection, reading, cursor, stop);
        }
        finally
        {
            turns.Release();
        }
    }

    /// <summary>Whether nothing the device may see has changed since, up to the head it was told.</summary>
    public async Task<bool> NothingAfterAsync(DeviceIdentity device, Standing now, long position, CancellationToken stop)
    {
        await turns.WaitAsync(stop);
        try
        {
            await using var connection = await database.OpenConnectionAsync(stop);
            return await NothingAfterAsync(connection, device, now, position, stop);
        }
        finally
        {
            turns.Release();
        }
    }

    private static async Task<bool> NothingAfterAsync(NpgsqlConnection connection, DeviceIdentity device, Standing now, long position, CancellationToken stop)
    {
        for (; position < now.Head; position += Window)
        {
            await using var batch = CompanyBatch.ForRecords(connection, device.CompanyId);
            batch.Add(Change.Statement, device.CompanyId, now.Keys, position, position + Window, device.DeviceId, "", "", 1);
            await using var reader = await batch.ReadAsync(stop);
            if (await reader.ReadAsync(stop))
                return false;
        }

        return true;
    }

    public void Dispose() => turns.Dispose();

    // Small collections share a page.
    private async Task<Page> ReadRowsAsync(NpgsqlConnection connection, Reading reading, Cursor cursor, CancellationToken stop)
    {
        var lines = new Lines();
        for (var i = shapes.IndexOf(cursor.Collection); ; i++)
        {
            var collection = shapes.Collections[i];
            if (cursor.Collection != collection.Name)
                cursor = cursor with { Collection = collection.Name, Key = collection.First };
            if (collection is History history && StatementOf(collection, reading, cursor) is not null
                && (reading.HistoriesKept ??= await Histories.BringUpAsync(connection, history, reading.Device.CompanyId, stop) >= cursor.Position))
                collection = history.Kept;
            while (StatementOf(collection, reading, cursor) is { } statement)
            {
                var most = Math.Clamp((MostBytes - lines.Bytes.Length) / reading.RowBytes, LeastRows, MostRows - lines.Rows);
                var (last, read, whole) = await ReadPieceAsync(connection, reading, collection, statement, cursor, lines, most, stop);
                cursor = cursor with { Key = last ?? cursor.Key };
                if (lines.Rows > 0)
                    reading.RowBytes = Math.Max(64, lines.Bytes.Length / lines.Rows);
                if (whole && read < most)
                    break;
                if (lines.Bytes.Length >= MostBytes - LeastRows * reading.RowBytes || lines.Rows > MostRows - LeastRows)
                    return new(lines, cursor, null);
            }

            if (i == shapes.Collections.Count - 1)
                return new(lines, cursor with { Phase = Phase.Changes, Collection = "", Key = "", FormerShapes = "" }, null);
        }
    }

    private static string? StatementOf(FeedCollection collection, Reading reading, Cursor cursor) =>
        cursor.Phase == Phase.Rows ? collection.Page
        : !Shapes.Has(cursor.FormerShapes, collection) ? collection.Renewal
        : reading.Former is not null && collection.IsScoped ? collection.Difference
        : null;

    private static async Task<(string? Last, int Read, bool Whole)> ReadPieceAsync(
        NpgsqlConnection connection, Reading reading, FeedCollection collection, string statement, Cursor cursor, Lines lines, int most, CancellationToken stop)
    {
        await using var batch = CompanyBatch.ForRecords(connection, reading.Device.CompanyId);
        Standing.Add(batch, reading.Device, cursor.Position);
        batch.Add(statement, reading.Device.CompanyId, reading.Standing.Keys, cursor.Key, most, reading.Former ?? reading.Standing.Keys);
        await using var reader = await batch.ReadAsync(stop);
        Check(reading, await Standing.ReadAsync(reader, stop));
        await reader.NextResultAsync(stop);
        var (last, read) = ((string?)null, 0);
        while (await reader.ReadAsync(stop))
        {
            if (lines.Bytes.Length >= MostBytes)
                return (last, read, false);
            last = reader.GetString(0);
            read++;
            if (cursor.Phase == Phase.Rows)
                lines.Row(collection.Name, last, collection.Text(last, reader.GetFieldValue<byte[]>(1), reading));
            else if (reader.GetBoolean(1))
                lines.Row(collection.Name, last, collection.Text(last, reader.GetFieldValue<byte[]>(2), reading));
            else
                lines.Gone(collection.Name, last, "outOfScope");
        }

        return (last, read, true);
    }

    private async Task<Page> ReadChangesAsync(NpgsqlConnection connection, Reading reading, Cursor cursor, CancellationToken stop)
    {
        var company = reading.Device.CompanyId;
        if (IsProved(reading, cursor) && shapes.Collections.OfType<History>().FirstOrDefault() is { } history)
            await Histories.BringUpAsync(connection, history, company, stop);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, stop);
        var most = Math.Clamp(MostBytes / reading.RowBytes, LeastRows, MostChanges);
        var changes = new List<Change>();
        Standing now;
        await using (var batch = CompanyBatch.ForRecords(connection, company, transaction))
        {
            Standing.Add(batch, reading.Device, cursor.Position);
            string[] keys = reading.Former is null ? reading.Standing.Keys : [.. reading.Standing.Keys.Union(reading.Former)];
            batch.Add(Change.Statement, company, keys, cursor.Position, cursor.Position + Window, reading.Device.DeviceId, cursor.Collection, cursor.Key, most + 1);
            await using var reader = await batch.ReadAsync(stop);
            now = Check(reading, await Standing.ReadAsync(reader, stop));
            await reader.NextResultAsync(stop);
            while (await reader.ReadAsync(stop))
                changes.Add(new(reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetBoolean(3)));
        }

        if (now.Trimmed > cursor.Position)
            throw new PullEndedException("pull.tooOld", "The changes after the last checkpoint are no longer kept. Ask again: everything is sent anew.");
        var cut = changes.Count > most;
        if (cut)
            changes.RemoveAt(most);
        var rows = new Dictionary<(string, string), (bool Visible, ReadOnlyMemory<byte> Text)>();
        var lines = new Lines();
        await using (var batch = CompanyBatch.ForRecords(connection, company, transaction))
        {
            var groups = changes.GroupBy(change => change.Collection).ToList();
            foreach (var group in groups)
                batch.Add(shapes[group.Key].Rows, company, reading.Standing.Keys, group.Select(change => change.Key).Distinct().ToArray());
            await using var reader = await batch.ReadAsync(stop);
            foreach (var group in groups)
            {
                while (await reader.ReadAsync(stop))
                    rows[(group.Key, reader.GetString(0))] = (reader.GetBoolean(1), reader.IsDBNull(2) ? default : shapes[group.Key].Text(reader.GetString(0), reader.GetFieldValue<byte[]>(2), reading));
                await reader.NextResultAsync(stop);
            }
        }

        var (told, last) = (new HashSet<(string, string)>(), default(Change));
        foreach (var change in changes)
        {
            cut = cut || lines.Bytes.Length >= MostBytes;
            if (lines.Bytes.Length >= MostBytes)
                break;
            if (told.Add((change.Collection, change.Key)))
                Tell(lines, change, rows);
            last = change;
        }

        if (lines.Rows > 0)
            reading.RowBytes = Math.Max(64, lines.Bytes.Length / lines.Rows);
        var next = cut
            ? cursor with { Position = last.Position - 1, Collection = last.Collection, Key = last.Key }
            : cursor with { Position = Math.Min(now.Head, cursor.Position + Window), Collection = "", Key = "" };
        return await FinishAsync(connection, transaction, reading, now, lines, next, stop);
    }

    private static void Tell(Lines lines, Change change, Dictionary<(string, string), (bool Visible, ReadOnlyMemory<byte> Text)> rows)
    {
        var there = rows.TryGetValue((change.Collection, change.Key), out var row);
        if (there && row.Visible)
            lines.Row(change.Collection, change.Key, row.Text);
        else if (change.MayBeHeld)
            lines.Gone(change.Collection, change.Key, there ? "outOfScope" : "deleted");
    }

    // In the same snapshot: the tag of where the pull now is, and, at the end, what all of it comes to.
    private async Task<Page> FinishAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Reading reading, Standing now, Lines lines, Cursor next, CancellationToken stop)
    {
        var company = reading.Device.CompanyId;
        var isLast = next.Position == now.Head && next.Collection.Length == 0;
        var hashed = isLast && IsProved(reading, next) ? shapes.Collections.Where(collection => collection.Hashed).ToList() : [];
        await using var batch = CompanyBatch.For(connection, company, transaction);
        batch.Add("select tx from feed where company_id = $1 and pos = $2", company, next.Position);
        foreach (var collection in hashed)
            batch.Add(collection.Hash, company, reading.Standing.Keys);
        batch.Add("commit");
        await using var reader = await batch.ReadAsync(stop);
        var tag = await reader.ReadAsync(stop) ? reader.GetGuid(0) : Guid.Empty;
        var hashes = new Dictionary<string, CollectionHash>();
        foreach (var collection in hashed)
        {
            await reader.NextResultAsync(stop);
            await reader.ReadAsync(stop);
            if (!reader.IsDBNull(1))
                hashes[collection.Name] = new(reader.GetInt64(0), reader.GetInt64(1).ToString("x16", System.Globalization.CultureInfo.InvariantCulture));
        }

        await reader.EndAsync(stop);
        next = next with { Tag = tag };
        return new(lines, isLast ? new Cursor(company, next.Device, next.Epoch, next.Position, tag, next.Scope, shapes.Now) : next, hashed.Count > 0 ? hashes : null);
    }

    private static bool IsProved(Reading reading, Cursor cursor) => cursor.IsFull || reading.WithHashes;

    private static Standing Check(Reading reading, Standing? now) =>
        now is null ? throw new PullEndedException("device.revoked", "This device was revoked by the office. Nothing was taken; it keeps its data. Ask the office.")
        : now.Epoch != reading.Standing.Epoch ? throw new PullEndedException("pull.newEpoch", "The server was restored meanwhile. Ask again: everything is sent anew.")
        : now.Scope != reading.Standing.Scope ? throw new PullEndedException("pull.scopeChanged", "What this device may see has just changed. Ask again with the last checkpoint.")
        : now;
}
