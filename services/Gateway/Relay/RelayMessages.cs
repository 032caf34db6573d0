using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using OrderSync.Contracts.Bus;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Relay;

/// <summary>
/// Makes the messages for claimed deliveries, each company's rows under its own row-level security, in one round trip. A delivery no message
/// can be made of is shown in Needs attention, looked at again when it is next due, and holds up nobody.
/// </summary>
internal sealed partial class RelayMessages(NpgsqlDataSource database, IOptions<LevelSettings> levels, TimeProvider time, ILogger<RelayMessages> logger)
{
    public async Task<IReadOnlyList<DeliverRecord>> ReadAsync(IReadOnlyList<OutboxKey> keys, CancellationToken stop)
    {
        var messages = await ReadRowsAsync(keys, stop);
        var made = messages.Select(message => new OutboxKey(message.CompanyId, message.ConnectionId, message.RecordId)).ToHashSet();
        foreach (var key in keys.Where(key => !made.Contains(key)))
            await ShowAsync(key, stop);
        return messages;
    }

    private async Task<List<DeliverRecord>> ReadRowsAsync(IReadOnlyList<OutboxKey> keys, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var company in keys.GroupBy(key => key.CompanyId))
        {
            batch.AddCompanyForRecords(company.Key);
            batch.Add("""
                select o.connection_id, r.record_id, r.rev, o.version, d.wish, r.kind, n.number, r.captured_at, r.captured_offset, r.document_date, r.received_at,
                    p.rep_id, p.name, p.email, c.bytes, c.sha256, cu.customer_id, cu.rev,
                    case when cu.owner is null or cu.owner = o.connection_id then cu.number end, cu.body,
                    -- A receipt waits for the orders it pays, as far as they go to the same place.
                    case when r.kind <> 'receipt' then array(select coalesce(m.merged_into, x.id) from unnest(r.depends_on) with ordinality as x (id, ord)
                        left join customer m on m.company_id = $1 and m.customer_id = x.id order by x.ord)
                    else array(select coalesce(m.merged_into, x.id) from unnest(r.depends_on) x (id) left join customer m on m.company_id = $1 and m.customer_id = x.id union select a.order_id from allocation a
                        where a.company_id = $1 and a.record_id = r.record_id and a.rev = r.rev and exists (
                            select from delivery x where x.company_id = $1 and x.record_id = a.order_id and x.connection_id = o.connection_id)) end,
                    r.trace_parent, b.code, f.level, not d.insisted and (r.acknowledged_before is not null or d.state = 'done')
                from unnest($2::uuid[], $3::uuid[]) as k (connection_id, record_id)
                join outbox o on o.company_id = $1 and o.connection_id = k.connection_id and o.record_id = k.record_id
                join record r on r.company_id = $1 and r.record_id = k.record_id
                join delivery d on d.company_id = $1 and d.record_id = k.record_id and d.connection_id = k.connection_id and d.rev = o.rev
                join capture c on c.company_id = $1 and c.record_id = r.record_id and c.rev = r.rev and c.sha256 = r.sha256
                join rep p on p.company_id = $1 and p.rep_id = r.rep_id
                join company_feed f on f.company_id = $1
                join branch b on b.company_id = $1 and b.branch_id = r.branch_id
                left join record_number n on n.company_id = $1 and n.record_id = r.record_id
                left join customer named on named.company_id = $1 and named.customer_id = r.customer_id and (r.kind <> 'customer' or r.customer_id <> r.record_id)
                left join customer cu on cu.company_id = $1 and cu.customer_id = coalesce(named.merged_into, named.customer_id)
                """, company.Key, company.Select(key => key.ConnectionId).ToArray(), company.Select(key => key.RecordId).ToArray());
        }

        var messages = new List<DeliverRecord>(keys.Count);
        await using var reader = await batch.ExecuteReaderAsync(stop);
        foreach (var company in keys.GroupBy(key => key.CompanyId))
        {
            await reader.NextResultAsync(stop);
            while (await reader.ReadAsync(stop))
            {
                if (Read(company.Key, reader) is { } message)
                    messages.Add(message);
            }

            await reader.NextResultAsync(stop);
        }

        return messages;
    }

    // An acknowledgement may have taken the outbox row since the claim: then there is nothing to say.
    private async Task ShowAsync(OutboxKey key, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, key.CompanyId);
        batch.Add("""
            update delivery d set state = 'attention', code = 'delivery.unreadable', reason = 'The stored record could not be made into a message for this destination.',
                fix = 'Nothing is lost: the bytes are kept as captured. Show this record to the operator.', updated_at = $4
            from outbox o
            where o.company_id = $1 and o.connection_id = $2 and o.record_id = $3
                and d.company_id = $1 and d.connection_id = $2 and d.record_id = $3 and d.rev = o.rev
            """, key.CompanyId, key.ConnectionId, key.RecordId, time.GetUtcNow());
        if (await batch.ExecuteNonQueryAsync(stop) > 0)
            LogUnreadable(logger, key.RecordId, key.ConnectionId);
    }

    private static string? BodyOf(byte[] bytes)
    {
        try
        {
            return PushedRecord.BodyOf(bytes).GetRawText();
        }
        catch (Exception trouble) when (trouble is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private DeliverRecord? Read(Guid company, NpgsqlDataReader row)
    {
        if (BodyOf(row.GetFieldValue<byte[]>(14)) is not { } body)
            return null;

        var offset = TimeSpan.FromMinutes(row.GetInt16(8));
        return new DeliverRecord(
            company, row.GetGuid(0), row.GetGuid(1), row.GetInt32(2), row.GetInt64(3), row.GetString(4) == "stop" ? DeliveryWish.Stop : DeliveryWish.Push,
            row.GetString(5), Text(6), row.GetFieldValue<DateTimeOffset>(7).ToOffset(offset), row.GetFieldValue<DateOnly>(9), row.GetFieldValue<DateTimeOffset>(10),
            new RepSnapshot(row.GetGuid(11), row.GetString(12), Text(13)),
            body, Convert.ToHexStringLower(row.GetFieldValue<byte[]>(15)),
            row.IsDBNull(16) ? null : new CustomerSnapshot(row.GetGuid(16), row.GetInt32(17), Text(18), row.GetString(19)),
            row.GetFieldValue<Guid[]>(20), Text(21), levels.Value.Of(row.GetInt64(23)), row.GetString(22), row.GetBoolean(24));

        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
    }

    [LoggerMessage(LogLevel.Error, "No message can be made of record {Record} for connection {Connection}; it stands in Needs attention.")]
    private static partial void LogUnreadable(ILogger logger, Guid record, Guid connection);
}
