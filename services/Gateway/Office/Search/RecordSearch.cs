using System.Globalization;
using System.Text.Json;
using Npgsql;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Office.Search;

/// <summary>One record of a list.</summary>
/// <param name="Id">The record's id, made on the device.</param>
/// <param name="Kind">order, quote, receipt …</param>
/// <param name="Number">Final number.</param>
/// <param name="Reference">The device's own reference.</param>
/// <param name="State">accepted, waiting, held, refused or stopped.</param>
/// <param name="Code">Why it is not accepted.</param>
/// <param name="Message">The same as a sentence.</param>
/// <param name="CustomerId">Id of the customer.</param>
/// <param name="Customer">Name of the customer.</param>
/// <param name="Rep">Name of the rep.</param>
/// <param name="Branch">Code of the branch.</param>
/// <param name="DeviceId">The device it came from.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Total">As captured.</param>
/// <param name="DocumentDate">Date of the document.</param>
/// <param name="CapturedAt">When it was captured, by the device's clock.</param>
/// <param name="ReceivedAt">When it came, by the server's clock.</param>
/// <param name="Destinations">State of its newest delivery by connection.</param>
internal sealed record FoundRecord(
    Guid Id, string Kind, string? Number, string? Reference, string State, string? Code, string? Message, Guid? CustomerId, string? Customer, string Rep, string Branch,
    Guid DeviceId, string? Currency, decimal? Total, DateOnly DocumentDate, DateTimeOffset CapturedAt, DateTimeOffset ReceivedAt, IReadOnlyDictionary<string, string> Destinations);

/// <summary>Finds records, newest first, a page at a time: by one round trip for what is meant and one for the page.</summary>
internal sealed class RecordSearch(NpgsqlDataSource database)
{
    private const int MostRows = 200;
    private const int UsualRows = 50;

    // Each source is an index walk that stops after a page. How many rows pass the other filters the planner can only guess, and a wrong guess makes it read a
    // whole table instead; so, for this transaction, it may not.
    internal const string WalkIndexes = """
        select set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true), set_config('enable_hashjoin', 'off', true),
            set_config('enable_mergejoin', 'off', true), set_config('jit', 'off', true)
        """;

    /// <summary>A page, and where the next one begins.</summary>
    public async Task<(IReadOnlyList<FoundRecord> Rows, string? Next)> FindAsync(OfficeIdentity office, RecordFilter filter, string language, CancellationToken stop)
    {
        var limit = Math.Clamp(filter.Limit ?? UsualRows, 1, MostRows);
        await using var connection = await database.OpenConnectionAsync(stop);
        var candidates = await Candidates.ReadAsync(connection, office.CompanyId, filter, stop);
        var statement = new RecordStatement(office.CompanyId, filter, candidates, limit + 1);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add(WalkIndexes);
        batch.Add(statement.Sql, [.. statement.Parameters]);

        var rows = new List<FoundRecord>();
        await using var reader = await batch.ReadAsync(stop);
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
            rows.Add(Row(reader, language));
        if (rows.Count <= limit)
            return (rows, null);

        rows.RemoveAt(limit);
        return (rows, new PageEnd(rows[^1].ReceivedAt, rows[^1].Id).ToString());
    }

    private static FoundRecord Row(NpgsqlDataReader row, string language)
    {
        var code = Text(row, 5);
        var parameters = row.IsDBNull(6) ? null : JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(6));
        return new(
            row.GetGuid(0), row.GetString(1), Text(row, 2), Text(row, 3), row.GetString(4), code, code is null ? null : Sentences.Of(code, language, parameters),
            row.IsDBNull(7) ? null : row.GetGuid(7), Text(row, 8), row.GetString(9), row.GetString(10), row.GetGuid(11), Text(row, 12), row.IsDBNull(13) ? null : row.GetDecimal(13),
            row.GetFieldValue<DateOnly>(14), row.GetFieldValue<DateTimeOffset>(15).ToOffset(TimeSpan.FromMinutes(row.GetInt16(16))), row.GetFieldValue<DateTimeOffset>(17),
            JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(18))!);
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
