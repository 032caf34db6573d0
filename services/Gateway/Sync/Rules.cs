using System.Globalization;
using System.Text.Json;
using Npgsql;
using OrderSync.Contracts;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Feed;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Sync;

/// <summary>Judges records by their kinds' rules, after one look at what the rules need to know.</summary>
internal sealed class Rules(NpgsqlDataSource database, IEnumerable<IRecordKind> kinds)
{
    private readonly Dictionary<string, IRecordKind> kinds = kinds.ToDictionary(kind => kind.Name);

    public bool Numbered(string kind) => kinds.TryGetValue(kind, out var known) && known.Series is not null;

    public bool Knows(string kind) => kinds.ContainsKey(kind);

    /// <summary>Reads the bodies, and out of them what each record needs first.</summary>
    public void Read(IReadOnlyList<PushedRecord> records)
    {
        foreach (var record in records)
            Read(record);
    }

    /// <summary>All that the rules of a chunk need, in one round trip.</summary>
    public async Task<Known> LookAsync(Push push, IReadOnlyList<PushedRecord> records, CancellationToken stop)
    {
        var wanted = new Wanted();
        foreach (var record in records.Where(record => record.Body is not null))
        {
            kinds[record.Kind].Want(record, record.Body!, wanted);
            foreach (var awaited in record.Awaits)
                (awaited.IsCustomer ? wanted.Customers : wanted.Awaited).Add(awaited.Id);
        }

        var company = push.Device.CompanyId;
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.ForRecords(connection, company);
        var proven = records.Where(record => record.Proof is not null).ToList();
        DeviceStanding.Add(batch, push.Device);
        EpochLook.Add(batch, company, push.Mark, [.. proven.Select(record => record.Proof!.Epoch).Distinct()]);
        batch.Add("select sku, active, minimum_quantity, quantity_step, needs_connection or has_modifiers from item where company_id = $1 and sku = any($2)", company, wanted.Skus.ToArray());
        batch.Add("""
            select customer_id, captured, number, code, captured_code from customer where company_id = $1 and customer_id = any($2)
            union all select customer_id, captured, number, code, captured_code from customer where company_id = $1 and number = any($3)
            union all select customer_id, captured, number, code, captured_code from customer where company_id = $1 and code = any($4)
            union all select customer_id, captured, number, code, captured_code from customer where company_id = $1 and captured_code = any($4)
            """, company, wanted.Customers.Concat(wanted.Awaited).ToArray(), wanted.CustomerNumbers.ToArray(), wanted.CustomerCodes.ToArray());
        // A customer that is not there may stand refused: then the record says so.
        batch.Add("""
            select r.record_id, r.state, r.reference from unnest($2::uuid[]) as w (id) join record r on r.company_id = $1 and r.record_id = w.id
            where not exists (select from customer c where c.company_id = $1 and c.customer_id = w.id)
            """, company, wanted.Awaited.Union(wanted.Customers).ToArray());
        if (wanted.PriceLists.Count > 0)
            batch.Add("""
                select w.key, p.version, p.name from unnest($2::text[]) as w (key)
                join price_list p on p.company_id = $1 and p.connection_id = split_part(w.key, '/', 1)::uuid and p.key = substr(w.key, 38)
                """, company, wanted.PriceLists.ToArray());
        if (proven.Count > 0)
            batch.Add("select record_id from record where company_id = $1 and record_id = any($2)", company, proven.Select(record => record.Id!.Value).ToArray());
        await using var reader = await batch.ReadAsync(stop);
        var known = await KnownOfAsync(reader, push, wanted.PriceLists.Count > 0, stop);
        if (proven.Count > 0 && !known.DeviceGone)
            known.Epoch = await WithProofsAsync(reader, proven, known.Epoch!, stop);
        return known;
    }

    /// <summary>Judges a chunk.</summary>
    public IReadOnlyList<Judged> Judge(IReadOnlyList<PushedRecord> records, Known known) => [.. records.Select(record => Judge(record, known))];

    // No record that stands is ever removed: one that was acknowledged under this very epoch and is not there was lost with the database.
    private static async Task<EpochLook> WithProofsAsync(NpgsqlDataReader reader, List<PushedRecord> proven, EpochLook look, CancellationToken stop)
    {
        await reader.NextResultAsync(stop);
        var standing = new HashSet<Guid>();
        while (await reader.ReadAsync(stop))
            standing.Add(reader.GetGuid(0));
        return look.Fork is null && proven.Any(record => record.Proof!.Epoch == look.Id && !standing.Contains(record.Id!.Value)) ? look with { Fork = "proof" } : look;
    }

    private static async Task<Known> KnownOfAsync(NpgsqlDataReader reader, Push push, bool withPriceLists, CancellationToken stop)
    {
        var standing = await DeviceStanding.ReadAsync(reader, stop);
        await reader.NextResultAsync(stop);
        var known = new Known { DeviceGone = standing.Gone, UserDisabled = standing.UserDisabled, Epoch = await EpochLook.ReadAsync(reader, push.Mark, stop) };
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
            known.Items[reader.GetString(0)] = new(reader.GetBoolean(1), reader.IsDBNull(2) ? null : reader.GetDecimal(2), reader.IsDBNull(3) ? null : reader.GetDecimal(3), reader.GetBoolean(4));
        await reader.NextResultAsync(stop);
        var captured = new List<(string Code, Guid Id)>();
        while (await reader.ReadAsync(stop))
        {
            var id = reader.GetGuid(0);
            known.Customers.Add(id);
            if (!reader.GetBoolean(1))
                known.OfficeCustomers.Add(id);
            if (!reader.IsDBNull(2))
                known.CustomersByNumber[reader.GetString(2)] = id;
            if (!reader.IsDBNull(3))
                known.CustomersByCode[reader.GetString(3)] = id;
            if (!reader.IsDBNull(4))
                captured.Add((reader.GetString(4), id));
        }

        // The office's code goes first; of two captured ones the same always wins.
        foreach (var (code, id) in captured.OrderBy(found => found.Id))
            known.CustomersByCode.TryAdd(code, id);
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
            known.Records[reader.GetGuid(0)] = new(reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2));
        if (withPriceLists && await reader.NextResultAsync(stop))
            while (await reader.ReadAsync(stop))
                known.PriceLists[reader.GetString(0)] = new(reader.GetInt64(1), reader.GetString(2));
        return known;
    }

    private Judged Judge(PushedRecord record, Known known)
    {
        var judged = new Judged(record);
        if (record.Fault is { } fault)
            return judged.Refuse(fault);
        if (!kinds.TryGetValue(record.Kind, out var kind))
            return judged.Refuse(record.Kind == "cart" ? new Fault("cart.notSynced", "kind") : UnknownKind(record));
        if (record.Body is null)
            return judged.Refuse(new Fault("record.unreadable", "body"));

        kind.Judge(judged, record.Body, known);
        if (judged.State == "accepted" && Missing(record, known) is { } missing)
            judged.Wait(missing);
        if (record.Proof?.State == "stopped" && judged.State != "refused")
            return judged.Stop();
        return known.UserDisabled && judged.State == "accepted" ? judged.Wait(new Fault("user.disabled", null)) : judged;
    }

    private static Fault? Missing(PushedRecord record, Known known)
    {
        foreach (var awaited in record.Awaits)
        {
            var stands = known.Records.GetValueOrDefault(awaited.Id);
            if (known.Customers.Contains(awaited.Id) || (!awaited.IsCustomer && stands?.State == "accepted"))
                continue;

            return new Fault(stands?.State == "refused" ? awaited.Refused : awaited.Unknown, awaited.Field, new Dictionary<string, string>
            {
                ["id"] = awaited.Id.ToString(),
                ["which"] = stands?.Reference is { Length: > 0 } reference ? reference : awaited.Id.ToString(),
            });
        }

        return null;
    }

    private void Read(PushedRecord record)
    {
        if (record.Envelope is not { } envelope || !kinds.TryGetValue(record.Kind, out var kind))
            return;

        var newest = Shapes.NewestOf(record.Kind);
        if (envelope.Schema > newest)
        {
            record.Spoil(new Fault("record.schemaNewer", "schema", new Dictionary<string, string>
            {
                ["schema"] = envelope.Schema.ToString(CultureInfo.InvariantCulture),
                ["newest"] = newest.ToString(CultureInfo.InvariantCulture),
            }));
            return;
        }

        try
        {
            var body = Shapes.Upcast(record.Kind, envelope.Schema, envelope.Body).Deserialize(kind.Body, ContractJson.Options)!;
            record.Take(body, kind.Awaits(body).Concat((envelope.DependsOn ?? []).Select(Awaited.Record)));
        }
        catch (JsonException trouble)
        {
            record.Spoil(new Fault("record.unreadable", trouble.Path?.TrimStart('$', '.')));
        }
    }

    private static Fault UnknownKind(PushedRecord record) =>
        new("record.kindUnknown", "kind", new Dictionary<string, string> { ["kind"] = record.Kind });
}
