using System.Text.Json;
using Npgsql;
using OrderSync.Contracts.Bus;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Relay;

/// <summary>Makes the messages for claimed deliveries, each company's rows under its own row-level security, in one round trip.</summary>
internal sealed class RelayMessages(NpgsqlDataSource database)
{
    public async Task<IReadOnlyList<DeliverRecord>> ReadAsync(IReadOnlyList<OutboxKey> keys, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var company in keys.GroupBy(key => key.CompanyId))
        {
            batch.Add("select set_config('app.company', $1, true)", company.Key.ToString());
            batch.Add("""
                select o.connection_id, r.record_id, r.rev, o.version, d.wish, r.kind, n.number, r.captured_at, r.captured_offset, r.document_date, r.received_at,
                    p.rep_id, p.name, p.email, c.bytes, c.sha256, cu.customer_id, cu.rev, cu.number, cu.body, r.depends_on, r.trace_parent
                from unnest($2::uuid[], $3::uuid[]) as k (connection_id, record_id)
                join outbox o on o.company_id = $1 and o.connection_id = k.connection_id and o.record_id = k.record_id
                join record r on r.company_id = $1 and r.record_id = k.record_id
                join delivery d on d.company_id = $1 and d.record_id = k.record_id and d.connection_id = k.connection_id and d.rev = o.rev
                join capture c on c.company_id = $1 and c.record_id = r.record_id and c.rev = r.rev and c.sha256 = r.sha256
                join rep p on p.company_id = $1 and p.rep_id = r.rep_id
                left join record_number n on n.company_id = $1 and n.record_id = r.record_id
                left join customer cu on cu.company_id = $1 and cu.customer_id = r.customer_id and r.kind <> 'customer'
                """, company.Key, company.Select(key => key.ConnectionId).ToArray(), company.Select(key => key.RecordId).ToArray());
        }

        var messages = new List<DeliverRecord>(keys.Count);
        await using var reader = await batch.ExecuteReaderAsync(stop);
        foreach (var company in keys.GroupBy(key => key.CompanyId))
        {
            await reader.NextResultAsync(stop);
            while (await reader.ReadAsync(stop))
                messages.Add(Read(company.Key, reader));
            await reader.NextResultAsync(stop);
        }

        return messages;
    }

    private static DeliverRecord Read(Guid company, NpgsqlDataReader row)
    {
        var offset = TimeSpan.FromMinutes(row.GetInt16(8));
        using var record = JsonDocument.Parse(row.GetFieldValue<byte[]>(14));
        return new DeliverRecord(
            company, row.GetGuid(0), row.GetGuid(1), row.GetInt32(2), row.GetInt64(3), row.GetString(4) == "stop" ? DeliveryWish.Stop : DeliveryWish.Push,
            row.GetString(5), Text(6), row.GetFieldValue<DateTimeOffset>(7).ToOffset(offset), row.GetFieldValue<DateOnly>(9), row.GetFieldValue<DateTimeOffset>(10),
            new RepSnapshot(row.GetGuid(11), row.GetString(12), Text(13)),
            record.RootElement.GetProperty("body").GetRawText(), Convert.ToHexStringLower(row.GetFieldValue<byte[]>(15)),
            row.IsDBNull(16) ? null : new CustomerSnapshot(row.GetGuid(16), row.GetInt32(17), Text(18), row.GetString(19)),
            row.GetFieldValue<Guid[]>(20), Text(21));

        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
    }
}
