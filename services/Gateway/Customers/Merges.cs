using System.Text.Json;
using Npgsql;
using OrderSync.Contracts;
using OrderSync.Contracts.Records;
using OrderSync.Gateway.Deliveries;
using OrderSync.Gateway.Office;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Customers;

/// <summary>What became of a wish to merge.</summary>
internal enum Merged
{
    Done,
    Unknown,
    NotPossible,
}

/// <summary>
/// Makes two customers one, by the rule or by the office. The one that goes keeps its row, seen by nobody: its id, number and code lead to the one that stays, for
/// ever. What was captured is not changed; records are brought to the one that stays by <see cref="Repoints"/>.
/// </summary>
internal sealed class Merges(NpgsqlDataSource database, TimeProvider time)
{
    // A push that knew the customer before has long been committed by then.
    private static readonly TimeSpan Stragglers = TimeSpan.FromMinutes(10);

    // Same tax number or same e-mail address, with one other customer only, of whom nobody says that others have the same, and no two different tax numbers.
    private const string ByRule = """
        select d.customer_id, d.other_id from customer_duplicate d
        join record r on r.company_id = $1 and r.record_id = d.customer_id and r.state = 'held' and r.code = 'customer.possibleDuplicate'
        join customer o on o.company_id = $1 and o.customer_id = d.other_id and not o.removed
        where d.company_id = $1 and d.decision is null
            and not exists (select from customer_duplicate x where x.company_id = $1 and x.customer_id = d.customer_id and x.decision is null and x.duplicate_id <> d.duplicate_id)
            and exists (select from customer_key k where k.company_id = $1 and k.key = any(d.keys) and k.customer_id = d.other_id and not k.shared and (k.key like 'tax:%' or k.key like 'email:%'))
            and not (exists (select from customer_key k where k.company_id = $1 and k.customer_id = d.customer_id and k.key like 'tax:%')
                and exists (select from customer_key k where k.company_id = $1 and k.customer_id = d.other_id and k.key like 'tax:%'))
        order by d.found_at, d.duplicate_id limit 100
        """;

    /// <summary>Merges what the rule is certain about; returns how many.</summary>
    public async Task<int> ByRuleAsync(Guid company, CancellationToken stop)
    {
        var pairs = new List<(Guid, Guid)>();
        await using (var connection = await database.OpenConnectionAsync(stop))
        {
            await using var batch = CompanyBatch.ForRecords(connection, company);
            batch.Add(ByRule, company);
            await using var reader = await batch.ReadAsync(stop);
            while (await reader.ReadAsync(stop))
                pairs.Add((reader.GetGuid(0), reader.GetGuid(1)));
        }

        var done = 0;
        foreach (var (merged, survivor) in pairs)
            if (await MergeAsync(company, merged, survivor, null, stop) == Merged.Done)
                done++;
        return done;
    }

    /// <summary>Merges two. <paramref name="office"/> is null for the rule.</summary>
    public async Task<Merged> MergeAsync(Guid company, Guid merged, Guid survivor, OfficeIdentity? office, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var sides = await ReadAsync(connection, transaction, company, [merged, survivor], stop);
        if (!sides.TryGetValue(merged, out var goes) || !sides.TryGetValue(survivor, out var stays) || merged == survivor)
            return Merged.Unknown;
        if (goes.MergedInto == survivor)
            return Merged.Done;
        if (!goes.CanMerge || !stays.CanMerge)
            return Merged.NotPossible;

        await using (var batch = CompanyBatch.ForRecords(connection, company, transaction))
        {
            if (!stays.Published)
                Publish(batch, company, stays, now);
            if (goes.Published)
                batch.Add("update customer set removed = true, active = false, merged_into = $3 where company_id = $1 and customer_id = $2", company, merged, survivor);
            else
                AddUnpublished(batch, company, goes, survivor);
            batch.Add("update customer set merged_into = $3 where company_id = $1 and merged_into = $2", company, merged, survivor);
            batch.Add("update customer_key set customer_id = $3 where company_id = $1 and customer_id = $2", company, merged, survivor);
            AddRecord(batch, company, goes, stays, now);
            AddPairs(batch, company, merged, survivor, office, now);
            batch.Add("""
                insert into customer_repoint (company_id, customer_id, until) values ($1, $2, $3) on conflict (company_id, customer_id) do update set until = excluded.until
                """, company, merged, now + Stragglers);
            if (office is not null)
                AuditLog.Add(batch, office, now, "customer.merge", merged.ToString(), new { goes.Name }, new { Into = survivor, stays.Name });
            await batch.ExecuteNonQueryAsync(stop);
        }

        await using var last = CompanyBatch.ForRecords(connection, company, transaction);
        RecordRows.AddLast(last, company, [.. new[] { goes, stays }.Where(side => side.State is not null).Select(side => side.Id)], []);
        last.Add("commit");
        await last.ExecuteNonQueryAsync(stop);
        return Merged.Done;
    }

    private static void Publish(NpgsqlBatch batch, Guid company, Side side, DateTimeOffset now)
    {
        RecordChildren.AddCustomers(batch, company, [(side.Id, side.Rev, side.Captured)]);
        batch.Add("update record set state = 'accepted', awaits = '{}', code = null, field = null, params = null where company_id = $1 and record_id = $2", company, side.Id);
        DeliveryRows.AddMissing(batch, company, now, [new(side.Id, side.Rev, Kinds.Customer)]);
    }

    private static void AddUnpublished(NpgsqlBatch batch, Guid company, Side side, Guid survivor) => batch.Add("""
        insert into customer (company_id, customer_id, rev, name, email, captured_code, body, captured, removed, active, merged_into) values ($1, $2, $3, $4, $5, $6, $7, true, true, false, $8)
        """, company, side.Id, side.Rev, side.Captured.Name, CompanyBatch.Maybe(side.Captured.Email), CompanyBatch.Maybe(side.Captured.Code), side.Captured.Body, survivor);

    // Its record says what became of it. What is not in an ERP yet does not go there; what is stays, and is listed.
    private static void AddRecord(NpgsqlBatch batch, Guid company, Side goes, Side stays, DateTimeOffset now)
    {
        batch.Add("""
            update record set state = 'accepted', customer_id = $3, awaits = '{}', code = 'customer.merged', field = null, params = jsonb_build_object('which', $4::text, 'id', $3::text)
            where company_id = $1 and record_id = $2 and kind = 'customer' and state in ('accepted', 'held')
            """, company, goes.Id, stays.Id, stays.Name);
        batch.Add("""
            insert into merged_left (company_id, customer_id, record_id, connection_id)
            select $1, $2, d.record_id, d.connection_id from delivery d where d.company_id = $1 and d.record_id = $2 and d.state = 'done' on conflict do nothing
            """, company, goes.Id);
        batch.Add("""
            with raised as (
                update delivery d set version = d.version + 1, wish = 'stop' from connection c
                where d.company_id = $1 and d.record_id = $2 and c.company_id = $1 and c.connection_id = d.connection_id and d.wish = 'push' and d.state not in ('done', 'stopped', 'superseded')
                returning d.connection_id, d.rev, d.version, c.connector)
            insert into outbox (company_id, connection_id, record_id, rev, version, connector, due, since)
            select $1, connection_id, $2, rev, version, connector, $3, $3 from raised
            on conflict (company_id, connection_id, record_id) do update set rev = excluded.rev, version = excluded.version, due = excluded.due, tries = 0
            """, company, goes.Id, now);
    }

    // Whoever was compared with the one that goes is compared with the one that stays.
    private static void AddPairs(NpgsqlBatch batch, Guid company, Guid merged, Guid survivor, OfficeIdentity? office, DateTimeOffset now)
    {
        batch.Add("""
            insert into customer_duplicate (company_id, customer_id, other_id, keys, found_at)
            select $1, case when d.customer_id = $2 then $3 else d.customer_id end, case when d.customer_id = $2 then d.other_id else $3 end, d.keys, d.found_at
            from customer_duplicate d
            where d.company_id = $1 and d.decision is null and (d.customer_id = $2 and d.other_id <> $3 or d.other_id = $2 and d.customer_id <> $3)
                and not exists (select from customer_duplicate x where x.company_id = $1
                    and (x.customer_id = $3 and x.other_id in (d.customer_id, d.other_id) or x.other_id = $3 and x.customer_id in (d.customer_id, d.other_id)))
            on conflict do nothing
            """, company, merged, survivor);
        batch.Add("delete from customer_duplicate d where d.company_id = $1 and d.decision is null and (d.customer_id = $2 and d.other_id <> $3 or d.other_id = $2 and d.customer_id <> $3)", company, merged, survivor);
        batch.Add("""
            insert into customer_duplicate as d (company_id, customer_id, other_id, keys, found_at, decision, survivor_id, decided_at, decided_by)
            select $1, coalesce(x.customer_id, $2), coalesce(x.other_id, $3), '{}', $4, 'merged', $3, $4, $5
            from (select) one left join customer_duplicate x on x.company_id = $1 and (x.customer_id, x.other_id) in (($2, $3), ($3, $2))
            on conflict (company_id, customer_id, other_id) do update set decision = 'merged', survivor_id = excluded.survivor_id, decided_at = excluded.decided_at, decided_by = excluded.decided_by
            """, company, merged, survivor, now, CompanyBatch.Maybe(office?.ActorId));
    }

    private static async Task<Dictionary<Guid, Side>> ReadAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid company, Guid[] ids, CancellationToken stop)
    {
        await using var batch = CompanyBatch.ForRecords(connection, company, transaction);
        batch.Add("select 1 from record where company_id = $1 and record_id = any($2) order by record_id for no key update", company, ids);
        batch.Add("select 1 from customer where company_id = $1 and customer_id = any($2) order by customer_id for update", company, ids);
        batch.Add("""
            select w.id, c.customer_id is not null, coalesce(c.removed, false), c.merged_into, coalesce(c.name, ''), r.state, coalesce(r.code, ''), coalesce(r.rev, 1), r.reference, x.bytes
            from unnest($2::uuid[]) as w (id)
            left join customer c on c.company_id = $1 and c.customer_id = w.id
            left join record r on r.company_id = $1 and r.record_id = w.id and r.kind = 'customer'
            left join capture x on x.company_id = $1 and x.record_id = r.record_id and x.rev = r.rev and x.sha256 = r.sha256
            where c.customer_id is not null or r.record_id is not null
            """, company, ids);
        var sides = new Dictionary<Guid, Side>();
        await using var reader = await batch.ReadAsync(stop);
        await reader.NextResultAsync(stop);
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            sides[reader.GetGuid(0)] = new(
                reader.GetGuid(0), reader.GetBoolean(1), reader.GetBoolean(2), reader.IsDBNull(3) ? null : reader.GetGuid(3), reader.GetString(4), reader.IsDBNull(5) ? null : reader.GetString(5),
                reader.GetString(6), reader.GetInt32(7), reader.IsDBNull(8) ? null : reader.GetString(8), reader.IsDBNull(9) ? null : reader.GetFieldValue<byte[]>(9));
        }

        return sides;
    }

    private sealed record Side(Guid Id, bool There, bool Removed, Guid? MergedInto, string PublishedName, string? State, string Code, int Rev, string? Reference, byte[]? Bytes)
    {
        public bool Published => There && !Removed && MergedInto is null;

        public bool CanMerge => Published || (!There && State == "held" && Code == Claims.PossibleDuplicate && Bytes is not null);

        public JudgedCustomer Captured => CustomerKind.RowOf(PushedRecord.BodyOf(Bytes).Deserialize<CustomerBody>(ContractJson.Options)!, Reference);

        public string Name => There ? PublishedName : Captured.Name;
    }
}
