using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Nodes;
using Npgsql;
using OrderSync.Contracts.Bus;
using OrderSync.Money;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>A document in the connector's ledger.</summary>
internal sealed record LedgerDocument(string State, bool Held, string? ExternalId, string? Code, string? Reason, string? Fix, int Pushed);

/// <summary>
/// What every case stands on: a company of its own with a connection to an organisation of its own, the line between them, replicas, and time
/// that passes only while nothing is being worked on.
/// </summary>
public abstract class ConformanceCase : IAsyncLifetime
{
    /// <summary>A worker between two statements is not idle; a worker this long without a call waits for the clock.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(150);

    /// <summary>Nobody at work waits longer than a worker's sweep takes to come round.</summary>
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(5);

    /// <summary>All cases of a real ERP at once crowd a machine: there a hundred calls take minutes.</summary>
    private static readonly TimeSpan? Patience = Servers.Full ? TimeSpan.FromMinutes(3) : null;

    private readonly ConformanceStage stage;
    private readonly List<ConnectorReplica> replicas = [];
    private readonly HashSet<Guid> companies = [];
    private ErpLine? line;
    private IErpOrganisation? organisation;
    private long moved;

    private protected ConformanceCase(ConformanceStage stage) => this.stage = stage;

    private protected ConformanceStage Stage => stage;

    private protected ManualClock Clock => stage.Clock;

    private protected string Schema => stage.Erp.Connector.Info.Name;

    private protected TimeSpan Window => stage.Erp.Connector.Info.AmbiguityWindow;

    private protected ErpLine Line => line!;

    private protected IErpOrganisation Organisation => organisation!;

    private protected Place Home { get; } = Place.New();

    /// <inheritdoc />
    public async Task InitializeAsync()
    {
        line = await ErpLine.StartAsync(stage.Erp, Clock);
        organisation = await stage.Erp.OrganisationAsync(line.Address, stage.Erp.Usual);
        companies.Add(Home.Company);
    }

    /// <inheritdoc />
    public async Task DisposeAsync()
    {
        // What a case leaves unfinished must not be worked on by the replicas of the next.
        await ExecuteAsync($"update {Schema}.account set reconnect = true where company_id = any($1)", companies.ToArray());
        await line!.DisposeAsync();
        foreach (var replica in replicas)
            await replica.DisposeAsync();
    }

    /// <summary>A replica, and the connection of the case with it.</summary>
    private protected async Task<ConnectorReplica> ConnectedAsync(JsonObject? settings = null)
    {
        var replica = await ReplicaAsync();
        await replica.ConnectAsync(Home, settings ?? Organisation.Settings());
        return replica;
    }

    /// <summary>One more replica.</summary>
    private protected async Task<ConnectorReplica> ReplicaAsync(Uri? broker = null, string? redis = null)
    {
        var replica = await ConnectorReplica.StartAsync(stage, broker, redis);
        replicas.Add(replica);
        return replica;
    }

    /// <summary>Another company, so that its ledger is empty.</summary>
    private protected Place AnotherPlace()
    {
        var place = Place.New();
        companies.Add(place.Company);
        return place;
    }

    /// <summary>An organisation that rounds in this way, in place of the usual one.</summary>
    private protected async Task OrganisationThatRoundsAsync(RoundingPolicy rounding) => organisation = await stage.Erp.OrganisationAsync(Line.Address, rounding);

    private protected Task<IErpOrganisation> AnotherOrganisationAsync() => stage.Erp.OrganisationAsync(Line.Address, stage.Erp.Usual);

    /// <summary>Whether the ERP has something, by what its class declares.</summary>
    private protected bool Has(Ability ability) => GetType().GetCustomAttributes<WithoutAttribute>().All(without => without.Ability != ability);

    /// <summary>Waits, while time passes, until a document is in a state and nobody works on it.</summary>
    private protected Task<LedgerDocument> UntilAsync(DeliverRecord record, string state) => UntilAsync(record.CompanyId, record.RecordId, state);

    private protected async Task<LedgerDocument> UntilAsync(Guid company, Guid record, string state, bool timePasses = true) => (await Eventually.GetAsync(async () =>
    {
        var seen = await DocumentAsync(company, record);
        if (timePasses && (seen?.State != state || seen.Held))
            await PassTimeAsync(record, state);
        return seen;
    }, seen => seen?.State == state && !seen.Held, $"document {record} to be {state}", Patience))!;

    private protected async Task DoneAsync(params IEnumerable<DeliverRecord> records)
    {
        foreach (var record in records)
            await UntilAsync(record, "done");
    }

    /// <summary>Waits, while time passes, until something is so.</summary>
    private protected Task UntilTrueAsync(Func<Task<bool>> so, string what, TimeSpan? patience = null) => Eventually.TrueAsync(async () =>
    {
        if (await so())
            return true;
        await PassTimeAsync();
        return false;
    }, what, patience ?? Patience);

    /// <summary>Waits until a call stands still where the case holds it.</summary>
    private protected Task ReachedAsync(Held held) => UntilTrueAsync(() => Task.FromResult(held.Reached), "the call that is to be held");

    /// <summary>Takes records and waits until each is done.</summary>
    private protected async Task PushAsync(ConnectorReplica replica, params IReadOnlyList<DeliverRecord> records)
    {
        foreach (var record in records)
            await replica.TakeAsync(record);
        await DoneAsync(records);
    }

    private protected async Task<LedgerDocument?> DocumentAsync(Guid company, Guid record)
    {
        await using var command = stage.Administrator.CreateCommand(
            $"select state, holder is not null, external_id, code, reason, fix, pushed_revision from {Schema}.document where company_id = $1 and record_id = $2 and target = ''");
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = record });
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync()
            ? new(reader.GetString(0), reader.GetBoolean(1), Text(2), Text(3), Text(4), Text(5), reader.GetInt32(6))
            : null;

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    private protected async Task<T> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private protected async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The order and its customer are in the ERP once each, final, with the sum the customer was shown.</summary>
    private protected async Task OnceAsync(DeliverRecord order)
    {
        var theirs = Assert.Single(await Organisation.OrdersAsync(), one => one.RecordId == order.RecordId);
        Assert.Equal((order.Number, order.Total(), true), (theirs.Number, theirs.Total, theirs.Final));
        Assert.Single(await Organisation.CustomersAsync(), one => one.RecordId == order.Customer!.Id);
    }

    /// <summary>The sessions that hold a lock end; everything else of the replicas still works.</summary>
    private protected Task EndLockSessionsAsync() => ExecuteAsync(
        "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())");

    // Straight to the next time at which anything is due, but never while a call or a try is under way, and not past what is only so for a while. Where
    // a try is under way and nothing moves it waits for a timer: a repeat, a place in the minute, the next sweep.
    // A document that has got where it is wanted since one looked stays there: what is due of it later, such as a second look, is not due yet.
    private async Task PassTimeAsync(Guid record = default, string until = "")
    {
        if (Line.Busy > 0)
            return;
        await using var command = Command($"""
            select count(*) filter (where d.holder is not null), least(min(d.look_at) filter (where d.holder is null), min(greatest(d.due, coalesce(a.paused_until, d.due))) filter (
                where d.holder is null and d.state in ('pending', 'ambiguous') and not a.reconnect and not exists (
                    select from {Schema}.dependency n
                    left join {Schema}.document p on p.company_id = n.company_id and p.account = n.account and p.document = n.needs
                    where n.company_id = d.company_id and n.account = d.account and n.document = d.document and coalesce(p.pushed_revision, 0) = 0))),
                coalesce(bool_or(d.state = 'ambiguous' and d.holder is null), false),
                coalesce(bool_or(d.record_id = $2 and d.state = $3 and d.target = '' and d.holder is null), false)
            from {Schema}.document d join {Schema}.account a on a.company_id = d.company_id and a.account = d.account
            where d.company_id = any($1)
            """, [companies.ToArray(), record, until]);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        var (held, next) = (reader.GetInt64(0) > 0, await reader.IsDBNullAsync(1) ? (DateTimeOffset?)null : reader.GetFieldValue<DateTimeOffset>(1));
        var now = Clock.GetUtcNow();
        var atWork = held || next <= now;
        if (reader.GetBoolean(3))
            return;
        if ((until == "ambiguous" && reader.GetBoolean(2)) || (atWork && (Line.Quiet < Idle || Stopwatch.GetElapsedTime(moved) < Idle || Line.Busy > 0)))
            return;
        if (atWork || next is null)
            next = Clock.NextTimer is { } timer && timer > now && timer <= now + Sweep ? timer : now + TimeSpan.FromSeconds(1);
        // In whole milliseconds: PostgreSQL keeps fewer digits than the clock has.
        Clock.Advance(TimeSpan.FromMilliseconds(Math.Ceiling((next.Value - now).TotalMilliseconds)));
        moved = Stopwatch.GetTimestamp();
    }

    private NpgsqlCommand Command(string sql, object[] values)
    {
        var command = stage.Administrator.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
