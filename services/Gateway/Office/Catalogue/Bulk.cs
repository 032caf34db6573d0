using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Office.Catalogue;

/// <summary>
/// Loads a collection. The whole list is checked before its first row is written; then it is written in parts of at most 500 rows, each one statement
/// and one transaction of its own, so that no lock is held for long. Whatever ends a call between two parts, the same call again writes what is left and changes
/// nothing else. JSON is one list of at most 10,000 rows; CSV is kept in a file meanwhile, so that memory does not grow with it.
/// </summary>
internal sealed class Bulk(NpgsqlDataSource database)
{
    public const int MostRows = 10_000;
    public const int MostLines = 200_000;
    public const int MostBytes = 64 * 1024 * 1024;

    private const int MostFaults = 20;
    private const int Tries = 3;
    private const int InMemory = 256 * 1024;

    /// <summary>Loads a JSON list; the last of two rows with one key wins.</summary>
    public async Task<IResult> PutAsync<T>(OfficeIdentity office, Collection<T> collection, IReadOnlyList<T>? rows, CancellationToken stop) where T : class
    {
        if (rows is null)
            return Problems.Bad("bulk.shape", $"Send {{\"{collection.Name}\": [ … ]}}.");
        if (rows.Count > MostRows)
            return Problems.TooLarge("bulk.tooMany", $"{rows.Count} rows; send at most {MostRows} a call, or up to {MostLines} as CSV.");

        var faults = rows.SelectMany((row, i) => row is null
            ? [new BulkFault(null, i, null, "is null")]
            : collection.Check(row).OfType<(string Column, string Why)>().Select(fault => new BulkFault(null, i, fault.Column, fault.Why))).Take(MostFaults).ToList();
        if (faults.Count > 0)
            return Faulty(collection.Name, faults);
        var names = new Dictionary<(string, string), BulkFault>();
        for (var i = 0; i < rows.Count; i++)
            Note(names, collection, rows[i], null, i);
        if (await UnknownAsync(office, names, stop) is { Count: > 0 } unknown)
            return Faulty(collection.Name, unknown);

        var writing = new Writing<T>(database, office, collection);
        foreach (var part in rows.Reverse().DistinctBy(collection.KeyOf).OrderBy(collection.KeyOf, StringComparer.Ordinal).Chunk(collection.Part))
            if (await writing.WriteAsync(part, stop) is { } trouble)
                return trouble;
        return Results.Ok(new BulkAnswer(rows.Count, writing.Changed, writing.Owned));
    }

    /// <summary>Loads a CSV file; a key may stand in it once.</summary>
    public async Task<IResult> PutAsync<T>(OfficeIdentity office, Collection<T> collection, Sheet<T> sheet, HttpRequest request, CancellationToken stop) where T : class
    {
        request.EnableBuffering(InMemory, MostBytes);
        await request.Body.CopyToAsync(Stream.Null, stop);
        var names = new Dictionary<(string, string), BulkFault>();
        var (received, faults) = Check(collection, sheet, request.Body, names);
        if (faults.Count > 0)
            return Faulty(collection.Name, faults);
        if (received > MostLines)
            return Problems.TooLarge("bulk.tooMany", $"More than {MostLines} rows. Nothing of this call was stored; send the file in parts.");
        if (await UnknownAsync(office, names, stop) is { Count: > 0 } unknown)
            return Faulty(collection.Name, unknown);

        var writing = new Writing<T>(database, office, collection);
        request.Body.Position = 0;
        foreach (var part in sheet.Read(request.Body).Select(row => row.Row!).Chunk(collection.Part))
            if (await writing.WriteAsync([.. part.OrderBy(collection.KeyOf, StringComparer.Ordinal)], stop) is { } trouble)
                return trouble;
        return Results.Ok(new BulkAnswer(received, writing.Changed, writing.Owned));
    }

    private static (int Received, List<BulkFault> Faults) Check<T>(Collection<T> collection, Sheet<T> sheet, Stream body, Dictionary<(string, string), BulkFault> names) where T : class
    {
        var faults = new List<BulkFault>();
        var keys = new Dictionary<string, int>(StringComparer.Ordinal);
        body.Position = 0;
        foreach (var (line, row, fault) in sheet.Read(body))
        {
            if (row is null)
                faults.Add(fault!);
            else
            {
                var wrong = collection.Check(row).OfType<(string Column, string Why)>().Select(found => new BulkFault(line, null, found.Column, found.Why)).ToList();
                faults.AddRange(wrong);
                if (wrong.Count == 0)
                    Note(names, collection, row, line, null);
                if (collection.KeyOf(row) is { Length: > 0 } key && !keys.TryAdd(key, line))
                    faults.Add(new(line, null, null, $"has the same key as line {keys[key]}: {key}"));
            }

            if (faults.Count >= MostFaults || keys.Count > MostLines)
                break;
        }

        return (keys.Count, [.. faults.Take(MostFaults)]);
    }

    private static void Note<T>(Dictionary<(string, string), BulkFault> names, Collection<T> collection, T row, int? line, int? place) where T : class
    {
        foreach (var (column, kind, name) in collection.Names(row))
            names.TryAdd((kind, name), new(line, place, column, Named.Message(kind, name)));
    }

    private async Task<List<BulkFault>> UnknownAsync(OfficeIdentity office, Dictionary<(string Kind, string Name), BulkFault> names, CancellationToken stop) =>
        [.. (await Named.UnknownAsync(database, office.CompanyId, names.Keys, stop)).Select(name => names[name]).OrderBy(fault => fault.Line ?? fault.Row).Take(MostFaults)];

    private static IResult Faulty(string name, List<BulkFault> faults)
    {
        var first = faults[0];
        var place = first.Line is { } line ? $"Line {line}{(first.Column is null ? "" : $", column {first.Column}")}" : $"{name}[{first.Row}]{(first.Column is null ? "" : $".{first.Column}")}";
        var more = faults.Count == 1 ? "" : $" \"errors\" lists {(faults.Count == MostFaults ? $"the first {MostFaults}" : $"all {faults.Count}")}.";
        return Results.Problem($"{place} {first.Message}.{more} Nothing of this call was stored; mend the list and send it again.", statusCode: StatusCodes.Status400BadRequest, type: "bulk.row",
            extensions: new Dictionary<string, object?> { ["errors"] = faults });
    }

    /// <summary>The parts of one call.</summary>
    private sealed class Writing<T>(NpgsqlDataSource database, OfficeIdentity office, Collection<T> collection) where T : class
    {
        private int stored;

        public int Changed { get; private set; }

        public int Owned { get; private set; }

        public async Task<IResult?> WriteAsync(T[] rows, CancellationToken stop)
        {
            for (var attempt = 1; ; attempt++)
            {
                await using var connection = await database.OpenConnectionAsync(stop);
                try
                {
                    await WriteAsync(connection, rows, stop);
                    return null;
                }
                catch (PostgresException trouble) when (trouble.SqlState == PostgresErrorCodes.DeadlockDetected && attempt < Tries)
                {
                    // A device's upload or a connection's import held the same rows in another order: ours was undone whole.
                }
                catch (PostgresException twin) when (twin.SqlState == PostgresErrorCodes.UniqueViolation)
                {
                    var clash = await collection.ClashAsync(connection, office.CompanyId, rows, stop) ?? "Two rows would have the same number or code.";
                    return Problems.Conflict("customer.numberTaken", $"{clash} {(stored == 0 ? "Nothing of this call was" : $"{stored} rows before them were")} stored; mend the list and send it again.");
                }
            }
        }

        private async Task WriteAsync(NpgsqlConnection connection, T[] rows, CancellationToken stop)
        {
            await using var batch = CompanyBatch.For(connection, office.CompanyId);
            batch.Add(collection.Write, [office.CompanyId, .. collection.Arrays(rows)]);
            if (collection.Owned is { } owned)
                batch.Add(owned, office.CompanyId, collection.Arrays(rows)[0]);
            var fromConnection = 0;
            await using (var reader = await batch.ExecuteReaderAsync(stop))
            {
                await reader.NextResultAsync(stop);
                if (collection.Owned is not null && await reader.ReadAsync(stop))
                    fromConnection = reader.GetInt32(0);
                await reader.EndAsync(stop);
            }

            Owned += fromConnection;
            Changed += (int)batch.BatchCommands[1].Rows;
            stored += rows.Length;
        }
    }
}
