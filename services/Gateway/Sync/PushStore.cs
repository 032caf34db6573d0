using System.Globalization;
using Npgsql;
using OrderSync.Gateway.Coupons;
using OrderSync.Gateway.Customers;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Sync;

/// <summary>
/// Stores a chunk in one transaction. First with plain inserts in one round trip; when a record is already there, on the careful path
/// of <see cref="RepeatedRecords"/>; when the data itself fails, record by record, so that one bad record never touches another.
/// </summary>
internal sealed partial class PushStore(NpgsqlDataSource database, RepeatedRecords repeated, Rules rules, Series series, ILogger<PushStore> logger)
{
    private const int Tries = 3;

    // Who was first is known the next time: many times in a row it is not the same thing.
    private const int MostJudged = 10;

    // Of what two may want at the same moment only one has it: the rules say what becomes of the other.
    private static readonly string?[] OnlyOne = [CouponRows.FirstIsOne, RecordChildren.CapturedCodeIsOne];

    /// <summary>Judges records by what is known and stores them. Where somebody else has just taken what only one can have, they are judged anew by what is known then.</summary>
    public async Task<(IReadOnlyList<Judged> Chunk, IReadOnlyList<(Judged Judged, Verdict Verdict, Fault? Fault)> Answers)> TakeAsync(Push push, IReadOnlyList<PushedRecord> records, Known known, CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
        {
            var chunk = rules.Judge(records, known);
            if (await StoreAsync(push, chunk, stop) is { } answers)
                return (chunk, answers);
            if (attempt == MostJudged)
                return (chunk, Later(chunk));
            known = await rules.LookAsync(push, records, stop);
        }
    }

    // Null: nothing was stored, since somebody else was first.
    private async Task<IReadOnlyList<(Judged Judged, Verdict Verdict, Fault? Fault)>?> StoreAsync(Push push, IReadOnlyList<Judged> chunk, CancellationToken stop)
    {
        // Sorted by id: two chunks with the same ids in different order never dead-lock on them.
        var rows = chunk.OrderBy(judged => judged.Record.Id).ToList();
        // What was acknowledged before is stored with what its proof states.
        var careful = rows.Any(judged => judged.Record.Proof is not null);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await series.EnsureAsync(push.Device, stop);
                return careful ? await repeated.StoreAsync(push, rows, stop) : await InsertAsync(push, rows, stop);
            }
            catch (PostgresException trouble) when (trouble.SqlState == PostgresErrorCodes.UniqueViolation && OnlyOne.Contains(trouble.ConstraintName))
            {
                return null;
            }
            catch (PostgresException trouble) when (trouble.SqlState == PostgresErrorCodes.UniqueViolation && !careful)
            {
                careful = true;
            }
            catch (PostgresException trouble) when (trouble.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected && attempt < Tries)
            {
                LogAgain(logger, trouble.SqlState, attempt);
            }
            catch (PostgresException trouble) when (trouble.SqlState.StartsWith("22", StringComparison.Ordinal) || trouble.SqlState.StartsWith("23", StringComparison.Ordinal))
            {
                LogData(logger, trouble, trouble.SqlState);
                return await OneByOneAsync(push, rows, stop);
            }
            catch (NpgsqlException trouble) when (trouble is not PostgresException && trouble.IsTransient)
            {
                // The commit's answer may be lost: the chunk may be stored. The device sends it again and gets "duplicate" then.
                LogUnknown(logger, trouble, rows.Count);
                return Later(rows);
            }
        }
    }

    private static IReadOnlyList<(Judged, Verdict, Fault?)> Later(IReadOnlyList<Judged> rows) =>
        [.. rows.Select(judged => (judged, new Verdict(judged.Record.Id, judged.Record.Rev, "retryLater", "server.busy"), (Fault?)null))];

    private async Task<IReadOnlyList<(Judged, Verdict, Fault?)>> InsertAsync(Push push, List<Judged> rows, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.ForRecords(connection, push.Device.CompanyId);
        RecordRows.AddInsert(batch, push, rows, onConflict: "");
        Claims.AddNew(batch, push.Device.CompanyId, rows);
        RecordChildren.AddChildren(batch, push, rows, onConflict: "");
        var numbered = rows.Where(judged => judged.State == "accepted" && rules.Numbered(judged.Record.Kind)).ToList();
        CustomerCodes.Add(batch, push.Device.CompanyId, push.ReceivedAt, [.. rows.Where(judged => judged.NeedsCode).Select(judged => judged.Record.Id!.Value)]);
        RecordRows.AddLast(batch, push.Device.CompanyId, rows, [.. numbered.Select(judged => (judged.Record.Id!.Value, push.Device.BranchId, judged.Record.Kind))]);
        var numbers = await RecordRows.ReadNumbersAsync(batch, stop);
        return [.. rows.Select(judged => (judged, VerdictOf(judged, numbers), judged.Fault))];
    }

    public static Verdict VerdictOf(Judged judged, IReadOnlyDictionary<Guid, string> numbers)
    {
        var outcome = judged.State switch
        {
            "held" => "accepted",
            "stopped" => "duplicate",
            _ => judged.State,
        };
        return new Verdict(judged.Record.Id, judged.Record.Rev, outcome, judged.Fault?.Code, judged.Fault?.Field,
            Number: numbers.GetValueOrDefault(judged.Record.Id!.Value), State: judged.State is "held" or "stopped" ? judged.State : null);
    }

    private async Task<IReadOnlyList<(Judged, Verdict, Fault?)>> OneByOneAsync(Push push, List<Judged> rows, CancellationToken stop)
    {
        var verdicts = new List<(Judged, Verdict, Fault?)>();
        foreach (var judged in rows)
        {
            try
            {
                verdicts.AddRange(await repeated.StoreAsync(push, [judged], stop));
            }
            catch (PostgresException trouble) when (trouble.SqlState.StartsWith("22", StringComparison.Ordinal) || trouble.SqlState.StartsWith("23", StringComparison.Ordinal))
            {
                LogData(logger, trouble, trouble.SqlState);
                // Its bytes are kept; nothing taken out of them goes into a column any more.
                verdicts.AddRange(await repeated.StoreAsync(push, [new Judged(judged.Record).Refuse(new Fault("record.unreadable", null))], stop));
            }
        }

        return verdicts;
    }

    [LoggerMessage(LogLevel.Information, "A chunk is tried again after {SqlState}, attempt {Attempt}.")]
    private static partial void LogAgain(ILogger logger, string sqlState, int attempt);

    [LoggerMessage(LogLevel.Warning, "The data of a record failed with {SqlState}; its chunk is stored record by record.")]
    private static partial void LogData(ILogger logger, Exception trouble, string sqlState);

    [LoggerMessage(LogLevel.Warning, "The answer to a commit of {Count} records was lost.")]
    private static partial void LogUnknown(ILogger logger, Exception trouble, int count);
}
