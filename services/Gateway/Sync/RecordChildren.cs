using Npgsql;
using OrderSync.Gateway.Coupons;
using OrderSync.Gateway.Deliveries;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Sync;

/// <summary>The statements that write what belongs to a record whose row stands.</summary>
internal static class RecordChildren
{
    /// <summary>Fails a transaction whose customer has a code that somebody else's customer, committed meanwhile, has as well.</summary>
    public const string CapturedCodeIsOne = "customer_by_captured_code";

    /// <summary>What stands already stays.</summary>
    private const string OrNothing = "on conflict do nothing";

    /// <summary>
    /// Bytes, lines, allocations, customers and deliveries of records whose rows stand. <paramref name="onConflict"/> is empty where the records are new.
    /// </summary>
    public static void AddChildren(NpgsqlBatch batch, Push push, IReadOnlyList<Judged> rows, string onConflict = OrNothing)
    {
        var company = push.Device.CompanyId;
        AddCaptures(batch, push, [.. rows.Select(judged => (judged, judged.State))], onConflict);
        var lines = rows.SelectMany(judged => judged.Lines.Select((line, i) => (judged.Record, Line: line, No: i + 1))).ToList();
        if (lines.Count > 0)
        {
            batch.Add($"""
                insert into order_line (company_id, record_id, rev, line_no, sku, quantity, unit_price, tax_rate, amount)
                select $1, * from unnest($2::uuid[], $3::int[], $4::int[], $5::text[], $6::numeric[], $7::numeric[], $8::numeric[], $9::numeric[])
                {onConflict}
                """,
                company, lines.Select(l => l.Record.Id!.Value).ToArray(), lines.Select(l => l.Record.Rev).ToArray(), lines.Select(l => l.No).ToArray(), lines.Select(l => l.Line.Sku).ToArray(),
                lines.Select(l => l.Line.Quantity).ToArray(), lines.Select(l => l.Line.UnitPrice).ToArray(), lines.Select(l => l.Line.TaxRate).ToArray(), lines.Select(l => l.Line.Amount).ToArray());
        }

        var allocations = rows.SelectMany(judged => judged.Allocations.Select((part, i) => (judged.Record, Part: part, No: i + 1))).ToList();
        if (allocations.Count > 0)
        {
            batch.Add($"""
                insert into allocation (company_id, record_id, rev, allocation_no, order_id, document, amount)
                select $1, * from unnest($2::uuid[], $3::int[], $4::int[], $5::uuid[], $6::text[], $7::numeric[])
                {onConflict}
                """,
                company, allocations.Select(a => a.Record.Id!.Value).ToArray(), allocations.Select(a => a.Record.Rev).ToArray(), allocations.Select(a => a.No).ToArray(),
                allocations.Select(a => a.Part.Order).ToArray(), allocations.Select(a => a.Part.Document).ToArray(), allocations.Select(a => a.Part.Amount).ToArray());
        }

        CouponRows.Add(batch, company, push.ReceivedAt, rows);
        foreach (var kind in rows.GroupBy(judged => judged.Record.Kind))
            if (RecordKinds.Find(kind.Key) is { } known)
            {
                known.Keep(batch, push, [.. kind]);
                if (known.Posts)
                    known.Post(batch, company, [.. kind.Where(judged => judged.State == "accepted").Select(judged =>
                        new AcceptedRecord(judged.Record.Id!.Value, push.Device.RepId, judged.CustomerId, judged.Record.Envelope!.CapturedAt, judged.Record.Body!))]);
            }

        AddCustomers(batch, company, [.. rows.Where(judged => judged is { State: "accepted", Customer: not null }).Select(judged => (judged.Record.Id!.Value, judged.Record.Rev, judged.Customer!))]);
        AddDeliveries(batch, company, push.ReceivedAt, [.. rows.Where(judged => judged.State == "accepted")], areNew: onConflict.Length == 0);
        if (push.FromCopy)
            return;
        batch.Add("update device set last_push_at = $3, skew_ms = $4, app = coalesce($5, app), waiting = $6 where company_id = $1 and device_id = $2",
            company, push.Device.DeviceId, push.ReceivedAt, (long)Math.Clamp(push.Skew.TotalMilliseconds, -4e12, 4e12), CompanyBatch.Maybe(push.App), CompanyBatch.Maybe(push.Waiting));
    }

    /// <summary>
    /// Rows of captured customers. One that the office has loaded meanwhile stays as the office has it. A code that another one has stays with that one where <paramref name="withoutTaken"/>.
    /// </summary>
    public static void AddCustomers(NpgsqlBatch batch, Guid company, IReadOnlyList<(Guid Id, int Rev, JudgedCustomer Row)> customers, bool withoutTaken = false)
    {
        if (customers.Count == 0)
            return;

        batch.Add("""
            insert into customer (company_id, customer_id, rev, name, email, captured_code, body, captured, reps)
            select $1, r.id, r.rev, r.name, r.email,
                case when not $8 or not exists (select from customer o where o.company_id = $1 and o.captured_code = r.code and o.customer_id <> r.id) then r.code end, r.body, true, array(
                select t.rep_id from record t where t.company_id = $1 and t.record_id = r.id
                    and exists (select from company_setting s where s.company_id = $1 and s.name = 'customersBelongToRep' and s.value = 'true'))
            from unnest($2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[]) as r (id, rev, name, email, code, body)
            on conflict (company_id, customer_id) do update set rev = customer.rev + 1, name = excluded.name, email = excluded.email,
                captured_code = excluded.captured_code, body = excluded.body
            where customer.captured
            """,
            company, customers.Select(c => c.Id).ToArray(), customers.Select(c => c.Rev).ToArray(), customers.Select(c => c.Row.Name).ToArray(),
            customers.Select(c => c.Row.Email).ToArray(), customers.Select(c => c.Row.Code).ToArray(), customers.Select(c => c.Row.Body).ToArray(), withoutTaken);
    }

    /// <summary>The bytes as sent, with what became of them. The same bytes again change nothing.</summary>
    public static void AddCaptures(NpgsqlBatch batch, Push push, IReadOnlyList<(Judged Judged, string Outcome)> rows, string onConflict = OrNothing) => batch.Add($"""
        insert into capture (company_id, record_id, rev, sha256, bytes, outcome, device_id, received_at)
        select $1, r.*, $2, $3 from unnest($4::uuid[], $5::int[], $6::bytea[], $7::bytea[], $8::text[]) as r
        {onConflict}
        """,
        push.Device.CompanyId, push.Device.DeviceId, push.ReceivedAt, rows.Select(r => r.Judged.Record.Id!.Value).ToArray(), rows.Select(r => r.Judged.Record.Rev).ToArray(),
        rows.Select(r => r.Judged.Record.Sha256).ToArray(), rows.Select(r => r.Judged.Record.Bytes).ToArray(), rows.Select(r => r.Outcome).ToArray());

    // What goes on, and what it needs at each destination.
    private static void AddDeliveries(NpgsqlBatch batch, Guid company, DateTimeOffset due, IReadOnlyList<Judged> accepted, bool areNew)
    {
        IReadOnlyList<Deliverable> deliverables = [.. accepted.Select(judged => new Deliverable(judged.Record.Id!.Value, judged.Record.Rev, judged.Record.Kind))];
        if (areNew)
            DeliveryRows.AddNew(batch, company, due, deliverables);
        else
            DeliveryRows.AddMissing(batch, company, due, deliverables);

        DeliveryRows.AddNeeded(batch, company, due, accepted.SelectMany(judged => judged.Record.Awaits.Select(awaited => awaited.Id)
            .Concat(judged.CustomerId is { } customer ? [customer] : []).Where(id => id != judged.Record.Id).Select(id => new Needed(id, judged.Record.Kind))));
    }
}
