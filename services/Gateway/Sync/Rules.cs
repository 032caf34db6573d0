using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Sync;

/// <summary>Judges records by their kinds' rules, after one look at what the rules need to know.</summary>
internal sealed class Rules(NpgsqlDataSource database, IEnumerable<IRecordKind> kinds)
{
    private readonly Dictionary<string, IRecordKind> kinds = kinds.ToDictionary(kind => kind.Name);

    public bool Numbered(string kind) => kinds.TryGetValue(kind, out var known) && known.Numbered;

    /// <summary>Reads the bodies, then all that their rules need in one round trip.</summary>
    public async Task<Known> LookAsync(Push push, IReadOnlyList<PushedRecord> records, CancellationToken stop)
    {
        var known = new Known();
        var wanted = new Wanted();
        foreach (var record in records)
            Read(record, wanted, known);

        var company = push.Device.CompanyId;
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.ForRecords(connection, company);
        batch.Add("""
            select d.revoked_at is not null, r.disabled from device d join rep r on r.company_id = d.company_id and r.rep_id = d.rep_id
            where d.company_id = $1 and d.device_id = $2
            """, company, push.Device.DeviceId);
        batch.Add("select sku, active, minimum_quantity, quantity_step from item where company_id = $1 and sku = any($2)", company, wanted.Skus.ToArray());
        batch.Add("""
            select customer_id, number, code from customer where company_id = $1 and customer_id = any($2)
            union all select customer_id, number, code from customer where company_id = $1 and number = any($3)
            union all select customer_id, number, code from customer where company_id = $1 and code = any($4)
            """, company, wanted.Customers.ToArray(), wanted.CustomerNumbers.ToArray(), wanted.CustomerCodes.ToArray());
        await using var reader = await batch.ReadAsync(stop);
        known.DeviceGone = !await reader.ReadAsync(stop) || reader.GetBoolean(0);
        known.UserDisabled = !known.DeviceGone && reader.GetBoolean(1);
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
            known.Items[reader.GetString(0)] = new(reader.GetBoolean(1), reader.IsDBNull(2) ? null : reader.GetDecimal(2), reader.IsDBNull(3) ? null : reader.GetDecimal(3));
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            known.Customers.Add(reader.GetGuid(0));
            if (!reader.IsDBNull(1))
                known.CustomersByNumber[reader.GetString(1)] = reader.GetGuid(0);
            if (!reader.IsDBNull(2))
                known.CustomersByCode[reader.GetString(2)] = reader.GetGuid(0);
        }

        return known;
    }

    /// <summary>Judges a chunk.</summary>
    public IReadOnlyList<Judged> Judge(IReadOnlyList<PushedRecord> records, Known known) => [.. records.Select(record => Judge(record, known))];

    private Judged Judge(PushedRecord record, Known known)
    {
        var judged = new Judged(record);
        if (record.Fault is { } fault)
            return judged.Refuse(fault);
        if (!kinds.TryGetValue(record.Kind, out var kind))
            return judged.Refuse(record.Kind == "cart" ? new Fault("cart.notSynced", "kind") : UnknownKind(record));
        if (!known.Bodies.TryGetValue(record, out var body))
            return judged.Refuse(new Fault("record.unreadable", "body"));

        kind.Judge(judged, body, known);
        if (known.UserDisabled && judged.State == "accepted")
        {
            judged.State = "held";
            judged.Fault = new Fault("user.disabled", null);
        }

        return judged;
    }

    private void Read(PushedRecord record, Wanted wanted, Known known)
    {
        if (record.Envelope is null || !kinds.TryGetValue(record.Kind, out var kind))
            return;
        if (kind.Read(record, wanted, out var body) is { } fault)
            record.Spoil(fault);
        else
            known.Bodies[record] = body!;
    }

    private static Fault UnknownKind(PushedRecord record) =>
        new("record.kindUnknown", "kind", new Dictionary<string, string> { ["kind"] = record.Kind });
}
