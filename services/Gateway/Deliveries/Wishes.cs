using Npgsql;
using OrderSync.Contracts.Bus;
using OrderSync.Gateway.Office;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Relay;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Deliveries;

/// <summary>Which destination is meant.</summary>
/// <param name="Connection">Name of one; left out = all of the record.</param>
internal sealed record WishRequest(string? Connection);

internal sealed record WishRow(string Connection, string State, string Wish, long Version);

/// <summary>What is wanted now.</summary>
/// <param name="Id">The record.</param>
/// <param name="State">Its own state at the gateway.</param>
/// <param name="Changed">The deliveries whose wish changed; what became of it comes by reports.</param>
internal sealed record WishAnswer(Guid Id, string State, IReadOnlyList<WishRow> Changed);

/// <summary>
/// What a person wants of a record: try again, stop, reopen. Each is a level with a higher version, stored with its outbox row, so that it reaches a
/// destination that is away now. A record that has not gone on yet is stopped and reopened at the gateway itself.
/// </summary>
internal sealed class Wishes(NpgsqlDataSource database, JudgedAgain judgedAgain, RelaySignal relay, Releases releases, TimeProvider time)
{
    /// <summary>What was held for a decision: the office may let it pass.</summary>
    public static readonly string[] Decisions = ["order.creditLimit", "order.couponUsed", "line.price.outdated", "line.lot.unknown", "line.serial.unknown"];

    /// <summary>Whether a record that stands so may be let pass.</summary>
    public static bool IsDecision(string? state, string? code) => state == "held" && Decisions.Contains(code);

    public async Task<IResult> RetryAsync(OfficeIdentity office, Guid id, WishRequest? request, CancellationToken stop) =>
        await JudgeAsync(office, id, stop) ?? await RaiseAsync(office, id, request, stop);

    private Task<IResult> RaiseAsync(OfficeIdentity office, Guid id, WishRequest? request, CancellationToken stop) => ChangeAsync(office, id, request, new(
        "retry", "push", "d.wish = 'push' and d.state not in ('done', 'stopped', 'superseded')",
        "delivery.nothingToRetry", "Nothing of this record can be tried again: it is where it was to go, or it was stopped. Reopen what was stopped."), stop);

    public Task<IResult> StopAsync(OfficeIdentity office, Guid id, WishRequest? request, CancellationToken stop) => ChangeAsync(office, id, request, new(
        "stop", "stop", "d.wish = 'push' and d.state not in ('done', 'stopped', 'superseded')",
        "delivery.nothingToStop", "Nothing of this record can be stopped: it is already where it was to go, or stopped. What is in the ERP is cancelled there."), stop);

    public Task<IResult> ReopenAsync(OfficeIdentity office, Guid id, WishRequest? request, CancellationToken stop) => ChangeAsync(office, id, request, new(
        "reopen", "push", "d.wish = 'stop' and d.state <> 'superseded'",
        "delivery.nothingToReopen", "Nothing of this record was stopped."), stop);

    /// <summary>Lets a held record go on as it was captured: the office has looked at it. It still waits for what it needs.</summary>
    public Task<IResult> AcceptAsync(OfficeIdentity office, Guid id, CancellationToken stop) => ChangeAsync(office, id, null, new(
        "accept", "push", "false", "record.nothingToAccept",
        "This record is not held for a decision: it went on, it was refused, or what it needs is missing here. What is missing is added; then it goes on by itself."), stop);

    // What was refused is judged again from its kept bytes; null where it does not stand so.
    private async Task<IResult?> JudgeAsync(OfficeIdentity office, Guid id, CancellationToken stop)
    {
        if (await judgedAgain.RunAsync(office.CompanyId, [id], "en", stop) is not [{ Outcome: not "retryLater" } verdict])
            return null;
        var answer = new WishAnswer(id, verdict.State ?? verdict.Outcome, []);
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        AuditLog.Add(batch, office, time.GetUtcNow(), "record.retry", id.ToString(), new { State = "refused" }, new { answer.State, verdict.Code });
        await batch.ExecuteNonQueryAsync(stop);
        return Results.Ok(answer);
    }

    private async Task<IResult> ChangeAsync(OfficeIdentity office, Guid id, WishRequest? request, Wish wish, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        if (await ReadStateAsync(connection, transaction, office.CompanyId, id, stop) is not { } state)
            return Problems.NotFound("record.unknown", "No record with this id.");

        await using var batch = CompanyBatch.For(connection, office.CompanyId, transaction);
        WishAnswer? answer;
        if (state == "accepted")
            answer = await RaiseAsync(batch, office.CompanyId, id, request?.Connection, wish, stop) is { Count: > 0 } changed ? new(id, state, changed) : null;
        else
            answer = await MoveAsync(batch, office.CompanyId, id, state, wish, stop) is { } moved ? new(id, moved, []) : null;
        if (answer is null)
            return Problems.Conflict(wish.NothingCode, wish.Nothing);

        await using var last = CompanyBatch.For(connection, office.CompanyId, transaction);
        AuditLog.Add(last, office, time.GetUtcNow(), $"record.{wish.Verb}", id.ToString(), new { State = state },
            new { answer.State, Connections = answer.Changed.Select(row => row.Connection) });
        if (answer.State != state)
            RecordRows.AddLast(last, office.CompanyId, [id], []);
        last.Add("commit");
        await last.ExecuteNonQueryAsync(stop);
        relay.Wake();
        releases.Look();
        return Results.Ok(answer);
    }

    private static async Task<string?> ReadStateAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid company, Guid id, CancellationToken stop)
    {
        await using var batch = CompanyBatch.For(connection, company, transaction);
        batch.Add("select state from record where company_id = $1 and record_id = $2 for no key update", company, id);
        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop) ? reader.GetString(0) : null;
    }

    private async Task<List<WishRow>> RaiseAsync(NpgsqlBatch batch, Guid company, Guid id, string? connection, Wish wish, CancellationToken stop)
    {
        batch.Add($"""
            with raised as (
                update delivery d set version = d.version + 1, wish = $4, insisted = d.insisted or $4 = 'push' and d.code is not distinct from '{DeliverRecord.MayExistCode}'
                from connection c
                where d.company_id = $1 and d.record_id = $2 and c.company_id = $1 and c.connection_id = d.connection_id and ($3::text is null or c.name = $3) and {wish.Which}
                returning d.connection_id, d.rev, d.version, d.state, c.name, c.connector),
            sent as (
                insert into outbox (company_id, connection_id, record_id, rev, version, connector, due, since)
                select $1, connection_id, $2, rev, version, connector, $5, $5 from raised
                on conflict (company_id, connection_id, record_id) do update set rev = excluded.rev, version = excluded.version, due = excluded.due, tries = 0)
            select name, state, version from raised order by name
            """, company, id, CompanyBatch.Maybe(connection), wish.Level, time.GetUtcNow());
        var rows = new List<WishRow>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
            rows.Add(new(reader.GetString(0), reader.GetString(1), wish.Level, reader.GetInt64(2)));
        return rows;
    }

    // What has not gone on yet is no destination's business. It goes back to where it was, and on by itself from there.
    private static async Task<string?> MoveAsync(NpgsqlBatch batch, Guid company, Guid id, string state, Wish wish, CancellationToken stop)
    {
        switch (wish.Verb, state)
        {
            case ("retry", "waiting" or "held"):
                return state;
            case ("stop", "waiting" or "held" or "refused"):
                batch.Add("update record set state = 'stopped', params = coalesce(params, '{}') || jsonb_build_object('was', state) where company_id = $1 and record_id = $2 returning state", company, id);
                break;
            // What is missing is added, not let pass. The mark says that nobody is asked again, also where it still waits.
            case ("accept", "held"):
                batch.Add("update record set state = 'waiting', code = null, field = null, params = jsonb_build_object('insist', 'true') where company_id = $1 and record_id = $2 and code = any($3) returning state", company, id, Decisions);
                break;
            case ("reopen", "stopped"):
                batch.Add("update record set state = coalesce(params ->> 'was', 'waiting'), params = nullif(params - 'was' - 'by', '{}') where company_id = $1 and record_id = $2 returning state", company, id);
                break;
            default:
                return null;
        }

        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop) ? reader.GetString(0) : null;
    }

    private sealed record Wish(string Verb, string Level, string Which, string NothingCode, string Nothing);
}
