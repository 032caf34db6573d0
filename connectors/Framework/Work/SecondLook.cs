using OrderSync.Contracts.Records;
using OrderSync.Framework.Reports;
using OrderSync.Framework.Storage;

namespace OrderSync.Framework.Work;

/// <summary>
/// A document that was created a second time, after two looks found nothing of the first, is looked for once more when the first could have
/// taken effect at the very latest. Of two the one that the ledger does not know is voided where the destination can; else a person is told.
/// </summary>
internal sealed class SecondLook(IConnector connector, ConnectorInfo info, LedgerDatabase database)
{
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);

    private const string Finish = $"""
        with next as (
            select * from document where account = $1 and document = $2 and holder = $3 for no key update
        ), looked as (
            update step set looked_at = $4 from next where step.account = $1 and step.document = $2 and again and looked_at is null
        ), noted as (
            update document set
                holder = null, look_at = null, due = $4,
                state = case when next.wish = 'push' and next.wanted_revision > next.pushed_revision or next.wish <> 'stop' and next.wanted_version > $9 then 'pending' when $8 then 'refused' else next.state end,
                code = coalesce($5::text, next.code), reason = coalesce($6::text, next.reason), fix = coalesce($7::text, next.fix),
                changed_at = case when $5::text is null then next.changed_at else $4 end
            from next where document.account = $1 and document.document = $2
            returning document.company_id, document.connection_id, document.record_id, document.reports
        )
        {Bump.Reports}
        select company_id, connection_id, record_id, $4, $4, 1 from noted where reports and $5::text is not null
        {Bump.OneMore}
        """;

    private const string Postpone = """
        update document set holder = null, look_at = $4,
            state = case when wish = 'push' and wanted_revision > pushed_revision or wish <> 'stop' and wanted_version > $6 then 'pending' else state end, due = $5
        where account = $1 and document = $2 and holder = $3
        """;

    /// <summary>Looks, and acts on what is found. Notes it, or that it is to be looked for again later.</summary>
    public async Task RunAsync(Job job, CancellationToken stop)
    {
        var found = await FindAsync(job, stop) ?? [];
        var (code, reason, fix) = found.Count < 2 ? default : await PartAsync(job, found, stop);
        await WriteAsync(job.Claim, batch => batch.Add(
            Finish, job.Claim.Account, job.Claim.Document, job.Claim.Holder, database.Now, code, StorableText.Of(reason, 2000), fix, code == "erp.twice", job.Claim.Version), stop);
    }

    /// <summary>The look did not succeed: there will be another.</summary>
    public Task PostponeAsync(Claim claim, TimeSpan window, CancellationToken stop)
    {
        var now = database.Now;
        return WriteAsync(claim, batch => batch.Add(Postpone, claim.Account, claim.Document, claim.Holder, now + (window > Soon ? window : Soon), now, claim.Version), stop);
    }

    private Task<IReadOnlyList<Found>?> FindAsync(Job job, CancellationToken stop)
    {
        var (_, payload, document, steps) = job;
        return document.Kind switch
        {
            Kinds.Customer or Kinds.Lead => connector.FindAllAsync(new Customer(document, payload.ErpNumber, PlannedDocument.Read<CustomerBody>(payload.Body)), steps, stop),
            Kinds.Order => connector.FindAllAsync(new Order(document, PlannedDocument.Read<OrderBody>(payload.Body), payload.CustomerOfOrder()), steps, stop),
            Kinds.Receipt => connector.FindAllAsync(new Receipt(document, PlannedDocument.Read<ReceiptBody>(payload.Body), payload.CustomerOfOrder()), steps, stop),
            _ => Task.FromResult<IReadOnlyList<Found>?>(null),
        };
    }

    // What the ledger knows stays, since others may refer to it by now; where it knows none of them the oldest stays.
    private async Task<(string Code, string Reason, string? Fix)> PartAsync(Job job, IReadOnlyList<Found> found, CancellationToken stop)
    {
        await using var batch = database.For(job.Claim.CompanyId).Add(
            "select external_id from document where account = $1 and document = $2", job.Claim.Account, job.Claim.Document);
        var known = (string?)await batch.ScalarAsync(stop);
        var stays = found.FirstOrDefault(one => one.ExternalId == known) ?? found[0];
        var left = new List<Found>();
        var voided = new List<Found>();
        foreach (var twin in found.Where(one => one != stays))
            (await job.Steps.OnceAsync($"void {twin.ExternalId}", () => connector.VoidAsync(job.Document, twin, job.Steps, stop)) ? voided : left).Add(twin);
        return left.Count == 0
            ? ("erp.twiceVoided", $"{info.Title} had it twice, since an answer was lost; {Names(voided)} was voided, {Names([stays])} stays.", null)
            : ("erp.twice", $"{info.Title} has it twice, since an answer was lost: {Names([stays, .. left])}.",
                $"Void {Names(left)} in {info.Title}, then Retry.");
    }

    private static string Names(IEnumerable<Found> documents) =>
        string.Join(" and ", documents.Select(one => one.Number is null ? one.ExternalId : $"{one.Number} (id {one.ExternalId})"));

    private Task<int> WriteAsync(Claim claim, Action<CompanyBatch> add, CancellationToken stop) => LedgerDatabase.UntilTakenAsync(async () =>
    {
        await using var batch = database.For(claim.CompanyId);
        add(batch);
        await batch.RunAsync(CancellationToken.None);
        return 0;
    }, stop);
}
