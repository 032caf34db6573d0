using Npgsql;
using OrderSync.Contracts.Records;
using OrderSync.Gateway.Customers;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Activities;

/// <summary>Something a rep has done. Each type has rules of its own; a type that has none is kept and goes on as it is.</summary>
internal sealed class ActivityKind : IRecordKind
{
    private static readonly IActivityType[] Types = [new Visits(), new Forms.FormResponses(), new Attendance(), new StockCounts(), new Audits(), new SavedLocations()];

    public string Name => Kinds.Activity;

    public string? Series => null;

    public Type Body => typeof(ActivityBody);

    public IReadOnlyList<string> GoesTo => ["webhook"];

    public IReadOnlyDictionary<string, (string En, string De)> Sentences => ActivitySentences.All;

    public bool Posts => true;

    public IEnumerable<Awaited> Awaits(object body) => CustomerChoice.Awaits(((ActivityBody)body).Customer);

    public void Want(PushedRecord record, object body, Wanted wanted)
    {
        var activity = (ActivityBody)body;
        CustomerChoice.Want(activity.Customer, wanted);
        TypeOf(activity)?.Want(record, activity, wanted);
    }

    public void Judge(Judged judged, object body, Known known)
    {
        var activity = (ActivityBody)body;
        if (WhyNot(activity) is { } fault)
        {
            judged.Refuse(fault);
            return;
        }

        judged.Reference = activity.Reference;
        if (!CustomerChoice.IsMissing(activity.Customer))
            CustomerChoice.Find(judged, activity.Customer!, known);
        if (judged.Fault is null)
            TypeOf(activity)?.Judge(judged, activity, known);
    }

    public void Keep(NpgsqlBatch batch, Push push, IReadOnlyList<Judged> rows)
    {
        var kept = rows.Where(judged => judged is { State: not "refused", Record.Body: ActivityBody }).Select(judged => (judged.Record, Body: (ActivityBody)judged.Record.Body!)).ToList();
        if (kept.Count > 0)
            batch.Add("""
                insert into activity (company_id, record_id, rev, type, step, visit_id, rep_id, captured_at, document_date, skew_ms, notes, attachments_expected)
                select $1, a.id, a.rev, a.type, a.step, a.visit_id, $2, a.captured_at, a.document_date, $3, a.notes, a.attachments
                from unnest($4::uuid[], $5::int[], $6::text[], $7::text[], $8::uuid[], $9::timestamptz[], $10::date[], $11::text[], $12::int[])
                    as a (id, rev, type, step, visit_id, captured_at, document_date, notes, attachments)
                on conflict do nothing
                """, push.Device.CompanyId, push.Device.RepId, (long)Math.Clamp(push.Skew.TotalMilliseconds, -4e12, 4e12),
                kept.Select(one => one.Record.Id!.Value).ToArray(), kept.Select(one => one.Record.Rev).ToArray(), kept.Select(one => one.Body.Type).ToArray(),
                kept.Select(one => TypeOf(one.Body)?.StepOf(one.Body)).ToArray(), kept.Select(one => one.Body.Visit?.Id).ToArray(),
                kept.Select(one => one.Record.Envelope!.CapturedAt.ToUniversalTime()).ToArray(), kept.Select(one => RecordRows.DocumentDate(push, one.Record)).ToArray(),
                kept.Select(one => one.Body.Notes).ToArray(), kept.Select(one => one.Body.AttachmentsExpected).ToArray());
    }

    public void Post(NpgsqlBatch batch, Guid company, IReadOnlyList<AcceptedRecord> rows) =>
        SavedLocations.Add(batch, company, [.. rows.Where(row => ((ActivityBody)row.Body).Type == SavedLocations.Type)]);

    private static IActivityType? TypeOf(ActivityBody activity) => Array.Find(Types, type => type.Name == activity.Type);

    private static Fault? WhyNot(ActivityBody activity)
    {
        if (string.IsNullOrWhiteSpace(activity.Type))
            return new Fault("activity.type", "type");
        if (Limits.WhyNot(activity) is { } limit)
            return limit;
        if (activity.Visit is { } visit && visit.Id == Guid.Empty)
            return new Fault("visit.missing", "visit");
        return Positions.Takes(activity.Position) ? null : new Fault("activity.position", "position");
    }
}
