using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrderSync.Contracts;
using OrderSync.Framework.Calls;
using OrderSync.Framework.OAuth;
using OrderSync.Framework.Storage;

namespace OrderSync.Framework.Work;

/// <summary>The steps of one document, kept in the ledger: intent committed before a write, result after it.</summary>
internal sealed class LedgerSteps(
    Claim claim, Errand errand, ConnectorInfo info, IReadOnlyList<StepRow> known, LedgerDatabase database, Replica replica, TokenStore tokens,
    CancellationToken stop) : Steps
{
    /// <summary>Two looks that find nothing are at least this far apart, unless the window itself is shorter.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(30);

    private const string Key = "account = $1 and document = $2";
    private readonly List<StepRow> rows = [.. known];

    public override Connection Connection => errand.Connection;

    /// <summary>On whose behalf the steps make calls.</summary>
    public Errand Errand => errand;

    /// <summary>Whether a write may have taken effect without our knowing.</summary>
    public bool Unsure => rows.Any(row => row.State == StepRow.Open);

    /// <summary>When the open intent is to be looked up next; null when no step asked for a time.</summary>
    public DateTimeOffset? LookAt { get; private set; }

    /// <summary>The document as the destination last showed it in this try.</summary>
    public ErpDocument? Seen { get; private set; }

    /// <summary>Names of the steps that took effect for this revision.</summary>
    public IReadOnlyList<string> Finished => [.. rows.Where(row => row.Revision == claim.Revision && row.State == StepRow.Done).Select(row => row.Name)];

    /// <summary>How long a request already sent may still take effect.</summary>
    public TimeSpan Window { get; } =
        errand.Connection.Settings<ConnectionSettings>().AmbiguitySeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : info.AmbiguityWindow;

    public override async Task<T> OnceAsync<T>(string name, Func<Task<T>> write)
    {
        if (rows.FirstOrDefault(row => row.Name == name && row.Revision == claim.Revision && row.State == StepRow.Done) is { Result: { } result })
            return Read<T>(result);
        var unsure = rows.Where(row => row.Name == name && row.State == StepRow.Open).ToList();
        foreach (var open in unsure)
            await WaitOutAsync(open);

        // Before the intent: a budget that is used up must not leave one open.
        await errand.Desk.Gate.ReserveAsync(errand, stop);
        using var begun = errand.BeginStep();
        await BeginAsync(name, again: unsure.Count > 0 && Window > TimeSpan.Zero, sentAs: SeriesOf(name));
        T written;
        try
        {
            // A replica that was frozen may have lost its claim meanwhile; it learns it here, before it writes.
            if (!await replica.HoldsAsync(claim.Holder, stop))
                throw new OutcomeException(new Outcome.Later("The replica lost its session before it wrote; nothing was sent."));
            written = await write();
        }
        catch (OutcomeException definite) when (definite.Outcome is Outcome.Refused or Outcome.Later or Outcome.Reconnect)
        {
            await SettleAsync(name, StepRow.Closed, null, definite.Outcome is Outcome.Refused ? Last(name).NextSeries : Last(name).Series);
            throw;
        }
        catch (Exception trouble)
        {
            // Whatever it was, the write may have taken effect: the window counts from here.
            var since = database.Now;
            LookAt = since + Window;
            await UpdateAsync(Last(name) with { UnsureSince = since, EmptyLookAt = null });
            throw new OutcomeException(
                trouble is OutcomeException { Outcome: Outcome.Ambiguous said } ? said : new Outcome.Ambiguous($"No answer to {name}: {trouble.Message}"), trouble);
        }

        await SettleAsync(name, StepRow.Done, JsonSerializer.Serialize(written, ContractJson.Options));
        return written;
    }

    public override string KeyOf(string name)
    {
        var series = rows.FirstOrDefault(row => row.Name == name && row.Revision == claim.Revision && row.State == StepRow.Open)?.Series
            ?? throw new InvalidOperationException($"{name} is not being written.");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{claim.CompanyId:N}|{claim.Document}|{name}|{series}")))[..40];
    }

    public override Task FoundAsync<T>(string name, T found) =>
        rows.Any(row => row.Name == name && row.Revision == claim.Revision && row.State == StepRow.Done)
            ? Task.CompletedTask
            : SettleAsync(name, StepRow.Done, JsonSerializer.Serialize(found, ContractJson.Options));

    public override async Task NotThereAsync(string name)
    {
        var unsure = rows.Where(row => row.Name == name && row.State == StepRow.Open).ToList();
        foreach (var open in unsure)
            await WaitOutAsync(open);
        if (unsure.Count > 0)
            await SettleAsync(name, StepRow.Closed, null);
    }

    public override bool MayHaveWritten(string name) => rows.Any(row => row.Name == name && row.State != StepRow.Closed);

    public override void Saw(ErpDocument document) => Seen = document;

    public override async Task<string?> ExternalIdAsync(Guid recordId)
    {
        await using var batch = database.For(claim.CompanyId).Add(
            $"select external_id from document where {Key} and pushed_revision > 0", claim.Account, PlannedDocument.KeyOf(recordId));
        return (string?)await batch.ScalarAsync(stop);
    }

    public override Task<Tokens> TokensAsync(string? rejected = null) => tokens.GetAsync(errand.Connection, rejected, stop);

    // Returns once it is certain enough that the write behind an open intent never took effect. Being called means that a look just found nothing.
    private async Task WaitOutAsync(StepRow open)
    {
        if (Window == TimeSpan.Zero)
            return;
        var now = database.Now;
        if (open.UnsureSince is not { } since)
        {
            await UpdateAsync(open with { UnsureSince = since = now });
            throw Look(since + Window, "It was cut off while it was being written");
        }

        if (now < since + Window)
            throw Look(since + Window, "Its last write had no answer");
        var apart = Window < BetweenLooks ? Window : BetweenLooks;
        if (open.EmptyLookAt is not { } looked)
        {
            await UpdateAsync(open with { EmptyLookAt = now });
            throw Look(now + apart, "Its last write had no answer and it was not found once");
        }

        if (now < looked + apart)
            throw Look(looked + apart, "Its last write had no answer and it was not found once");
    }

    private OutcomeException Look(DateTimeOffset at, string why)
    {
        LookAt = at;
        return new OutcomeException(new Outcome.Ambiguous($"{why}; it is looked for again at {at.UtcDateTime:HH:mm:ss} UTC before anything is written."));
    }

    // The intent. It is written only while the claim is ours and the document is wanted: Stop takes effect here, between steps.
    private async Task BeginAsync(string name, bool again, string sentAs)
    {
        var now = database.Now;
        var begun = await LedgerDatabase.UntilTakenAsync(async () =>
        {
            await using var batch = database.For(claim.CompanyId);
            batch.Add($"update step set state = 'closed', settled_at = $4 where {Key} and name = $3 and state = 'open'", claim.Account, claim.Document, name, now);
            batch.Add($"""
                insert into step (company_id, account, document, revision, name, state, attempt, opened_at, again, sent_as)
                select company_id, account, document, $3, $4, 'open', 1, $5, $7, $9 from document where {Key} and holder = $6 and wish = $8 and wish <> 'stop'
                on conflict (company_id, account, document, revision, name) do update
                set state = 'open', attempt = step.attempt + 1, opened_at = $5, unsure_since = null, empty_look_at = null, result = null, settled_at = null, sent_as = $9,
                    again = step.again or $7, looked_at = case when $7 then null else step.looked_at end
                returning attempt
                """, claim.Account, claim.Document, claim.Revision, name, now, claim.Holder, again, claim.Wish, sentAs);
            return await batch.ScalarAsync(stop) is not null;
        }, stop);
        rows.RemoveAll(row => row.Name == name && (row.State == StepRow.Open || row.Revision == claim.Revision));
        if (!begun)
            throw new OutcomeException(new Outcome.Later("It was stopped, or another replica works on it now."));
        rows.Add(new StepRow(claim.Revision, name, StepRow.Open, null, null, null, sentAs));
    }

    // Settles the step of this revision and with it any open intent of an earlier one: the document is there, or a definite no was said.
    private async Task SettleAsync(string name, string state, string? result, string? sentAs = null)
    {
        await LedgerDatabase.UntilTakenAsync(async () =>
        {
            await using var batch = database.For(claim.CompanyId);
            batch.Add($"""
                update step set state = 'closed', settled_at = $5 where {Key} and name = $3 and revision <> $4 and state = 'open'
                    and exists (select from document where {Key} and holder = $6)
                """, claim.Account, claim.Document, name, claim.Revision, database.Now, claim.Holder);
            batch.Add($"""
                insert into step (company_id, account, document, revision, name, state, attempt, opened_at, settled_at, result, sent_as)
                select company_id, account, document, $3, $4, $5, 0, $6, $6, $7::text, $9::text from document where {Key} and holder = $8
                on conflict (company_id, account, document, revision, name) do update
                set state = $5, settled_at = $6, result = $7::text, sent_as = coalesce($9::text, step.sent_as)
                """, claim.Account, claim.Document, claim.Revision, name, state, database.Now, result, claim.Holder, sentAs);
            // Not given up with the try: what was written must be known.
            await batch.RunAsync(CancellationToken.None);
            return 0;
        }, stop);
        rows.RemoveAll(row => row.Name == name && (row.State == StepRow.Open || row.Revision == claim.Revision));
        rows.Add(new StepRow(claim.Revision, name, state, null, null, result, sentAs));
    }

    private async Task UpdateAsync(StepRow row)
    {
        rows.RemoveAll(other => other.Name == row.Name && other.Revision == row.Revision);
        rows.Add(row);
        await LedgerDatabase.UntilTakenAsync(async () =>
        {
            await using var batch = database.For(claim.CompanyId).Add(
                $"update step set unsure_since = $5::timestamptz, empty_look_at = $6::timestamptz where {Key} and revision = $3 and name = $4 and state = 'open'",
                claim.Account, claim.Document, row.Revision, row.Name, row.UnsureSince, row.EmptyLookAt);
            await batch.RunAsync(CancellationToken.None);
            return 0;
        }, stop);
    }

    // What is unsure was perhaps sent under an earlier revision; what was refused has its next number in the closed row.
    private string SeriesOf(string name) =>
        (rows.FirstOrDefault(row => row.Name == name && row.State == StepRow.Open)
            ?? rows.FirstOrDefault(row => row.Name == name && row.Revision == claim.Revision))?.Series ?? $"{claim.Revision}.0";

    private StepRow Last(string name) => rows.Last(row => row.Name == name && row.Revision == claim.Revision);

    private static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, ContractJson.Options)!;
}
