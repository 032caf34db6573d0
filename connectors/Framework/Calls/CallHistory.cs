using OrderSync.Framework.Manage;
using OrderSync.Framework.Storage;

namespace OrderSync.Framework.Calls;

/// <summary>A call as people see it.</summary>
internal sealed record CallRow(
    Guid Id, DateTimeOffset At, Guid ConnectionId, Guid? RecordId, string? TraceId, string Method, string Target, int? Status, int Milliseconds, string Outcome,
    string? Request, string? Response);

/// <summary>Calls, newest first.</summary>
/// <param name="Calls">A page of them.</param>
/// <param name="Before">Goes into the next request for the page after it; absent on the last.</param>
internal sealed record CallPage(IReadOnlyList<CallRow> Calls, string? Before);

/// <summary>Finds calls in the log.</summary>
internal sealed class CallHistory(LedgerDatabase database)
{
    /// <summary>Most calls of one page.</summary>
    public const int Most = 500;

    private const string Select = """
        select call_id, at, connection_id, record_id, trace_id, method, target, status, milliseconds, outcome, request, response from call
        where at >= $1 and (at, call_id) < ($2, $3) and ($4::uuid is null or connection_id = $4) and ($5::uuid is null or record_id = $5)
        order by at desc, call_id desc limit $6
        """;

    /// <param name="company">Whose.</param>
    /// <param name="connection">Only of this connection.</param>
    /// <param name="record">Only for this record.</param>
    /// <param name="from">Not before this time.</param>
    /// <param name="before">As <see cref="CallPage.Before"/> said.</param>
    /// <param name="limit">Calls of a page.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<CallPage> ListAsync(Guid company, Guid? connection, Guid? record, DateTimeOffset? from, Place? before, int limit, CancellationToken stop)
    {
        var rows = new List<CallRow>();
        await using (var batch = database.For(company).Add(
            Select, (from ?? DateTimeOffset.UnixEpoch).ToUniversalTime(), before?.At ?? DateTimeOffset.MaxValue, before?.Id ?? Guid.AllBitsSet, connection, record, limit + 1))
        await using (var reader = await batch.ReadAsync(stop))
        {
            while (await reader.ReadAsync(stop))
            {
                rows.Add(new(
                    reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetGuid(2), reader.IsDBNull(3) ? null : reader.GetGuid(3), Text(4),
                    reader.GetString(5), reader.GetString(6), reader.IsDBNull(7) ? null : reader.GetInt32(7), reader.GetInt32(8), reader.GetString(9), Text(10), Text(11)));
            }

            string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
        }

        var page = rows.Count > limit ? rows[..limit] : rows;
        return new(page, rows.Count > limit ? new Place(page[^1].At, page[^1].Id).ToString() : null);
    }
}
