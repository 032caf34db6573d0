using System.Text.Json;
using Npgsql;
using OrderSync.Contracts;
using OrderSync.Contracts.Bus;

namespace OrderSync.Benchmarks.Deliver;

/// <summary>
/// What a delivery leaves in PostgreSQL, put into the same tables by a superuser: many at a time, as they stand at the end, without looks, levels, conflict
/// clauses or row-level security. The connector's rows on one connection, the gateway's on another, as two services do.
/// </summary>
internal sealed class RawRows : IAsyncDisposable
{
    private readonly NpgsqlConnection connector;
    private readonly NpgsqlConnection gateway;
    private readonly IReadOnlyDictionary<Guid, string> accounts;
    private readonly Gathering<DeliverRecord> ledger;
    private readonly Gathering<DeliverRecord> deliveries;

    private RawRows(NpgsqlConnection connector, NpgsqlConnection gateway, IReadOnlyDictionary<Guid, string> accounts)
    {
        (this.connector, this.gateway, this.accounts) = (connector, gateway, accounts);
        (ledger, deliveries) = (new(WriteLedgerAsync), new(WriteDeliveriesAsync));
    }

    public static async Task<RawRows> OpenAsync(Site site, CancellationToken stop)
    {
        var connector = await site.Administrator.OpenConnectionAsync(stop);
        var accounts = new Dictionary<Guid, string>();
        await using (var command = new NpgsqlCommand("select connection_id, account from zoho.connection", connector))
        await using (var reader = await command.ExecuteReaderAsync(stop))
        {
            while (await reader.ReadAsync(stop))
                accounts.Add(reader.GetGuid(0), reader.GetString(1));
        }

        return new RawRows(connector, await site.Administrator.OpenConnectionAsync(stop), accounts);
    }

    /// <summary>Returns when the connector's rows are on disk: the message may be acknowledged.</summary>
    public Task LedgerAsync(DeliverRecord record) => ledger.TakeAsync(record);

    /// <summary>Returns when the gateway's rows are on disk.</summary>
    public Task DeliveryAsync(DeliverRecord record) => deliveries.TakeAsync(record);

    public async ValueTask DisposeAsync()
    {
        await ledger.DisposeAsync();
        await deliveries.DisposeAsync();
        await connector.DisposeAsync();
        await gateway.DisposeAsync();
    }

    private async Task WriteLedgerAsync(IReadOnlyList<DeliverRecord> some)
    {
        var now = DateTimeOffset.UtcNow;
        var (companies, connections, records) = (Column(some, one => one.CompanyId), Column(some, one => one.ConnectionId), Column(some, one => one.RecordId));
        var (accountOf, documents) = (Column(some, one => accounts[one.ConnectionId]), Column(some, one => one.RecordId.ToString("D")));
        await using var batch = NewBatch(connector);
        Add(batch, "insert into zoho.wish (company_id, connection_id, record_id, version, revision, wish) select r.*, 1, 1, 'push' from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as r",
            companies, connections, records);
        Add(batch, """
            insert into zoho.document (company_id, account, document, connection_id, record_id, kind, target, reports, wish, wanted_revision, wanted_version, state, due, changed_at, wanted_at)
            select r.*, 'order', '', true, 'push', 1, 1, 'pending', $6, $6, $6 from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::uuid[]) as r
            """, companies, accountOf, documents, connections, records, now);
        Add(batch, "insert into zoho.content (company_id, account, document, payload) select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[])",
            companies, accountOf, documents, Column(some, PayloadOf));
        Add(batch, "insert into zoho.dependency (company_id, account, document, needs) select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[])",
            companies, accountOf, documents, Column(some, one => one.Customer!.Id.ToString("D")));
        Add(batch, "insert into zoho.report (company_id, connection_id, record_id, version, acked, changed_at) select r.*, 1, 1, $4 from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as r",
            companies, connections, records, now);
        await batch.ExecuteNonQueryAsync();
    }

    private async Task WriteDeliveriesAsync(IReadOnlyList<DeliverRecord> some)
    {
        var (companies, connections, records) = (Column(some, one => one.CompanyId), Column(some, one => one.ConnectionId), Column(some, one => one.RecordId));
        var now = DateTimeOffset.UtcNow;
        await using var batch = NewBatch(gateway);
        Add(batch, """
            insert into delivery_event (company_id, record_id, connection_id, rev, report_version, at, state, attempts)
            select r.*, 1, 1, $4, 'waiting', 0 from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as r
            """, companies, records, connections, now);
        Add(batch, """
            update delivery d set report_version = 1, state = 'waiting', updated_at = $4, moved_at = $4
            from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as r (company_id, record_id, connection_id)
            where d.company_id = r.company_id and d.record_id = r.record_id and d.connection_id = r.connection_id and d.rev = 1
            """, companies, records, connections, now);
        Add(batch, """
            delete from outbox o using unnest($1::uuid[], $2::uuid[], $3::uuid[]) as r (company_id, record_id, connection_id)
            where o.company_id = r.company_id and o.connection_id = r.connection_id and o.record_id = r.record_id
            """, companies, records, connections);
        await batch.ExecuteNonQueryAsync();
    }

    // What a connector keeps of a message to write the document.
    private static string PayloadOf(DeliverRecord record) => JsonSerializer.Serialize(
        new { record.Number, record.CapturedAt, Date = record.DocumentDate, record.ReceivedAt, record.Rep, record.Sha256, record.Body, record.Customer, record.TraceParent }, ContractJson.Options);

    // Planned as the services plan theirs: without it the ceiling would be lower.
    private static NpgsqlBatch NewBatch(NpgsqlConnection connection)
    {
        var batch = new NpgsqlBatch(connection);
        Add(batch, """
            select set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true),
                set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true), set_config('jit', 'off', true)
            """);
        return batch;
    }

    private static void Add(NpgsqlBatch batch, string sql, params ReadOnlySpan<object> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in parameters)
            command.Parameters.Add(new() { Value = value });
        batch.BatchCommands.Add(command);
    }

    private static T[] Column<T>(IReadOnlyList<DeliverRecord> rows, Func<DeliverRecord, T> value)
    {
        var column = new T[rows.Count];
        for (var i = 0; i < column.Length; i++)
            column[i] = value(rows[i]);
        return column;
    }
}
