using System.Text.Json;
using Npgsql;
using OrderSync.Contracts;
using OrderSync.Contracts.Records;
using OrderSync.Gateway.Credit;
using OrderSync.Gateway.Customers;
using OrderSync.Gateway.Deliveries;
using OrderSync.Gateway.Feed.Nudges;
using OrderSync.Gateway.Relay;
using OrderSync.Gateway.Sales;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Sync;

/// <summary>
/// Releases records once all they wait for is there: customers and records they name, a number or code the office has added, their rep switched on again.
/// Looked at after each push that could release one, and by a sweep: two pushes that commit at once would else leave an order waiting for ever beside its stored customer.
/// </summary>
internal sealed partial class Releases(
    NpgsqlDataSource database, [FromKeyedServices(GatewaySchema.AuthRole)] NpgsqlDataSource auth, Rules rules, WaitingReasons reasons, Merges merges, Repoints repoints, RelaySignal relay, FeedSignal feed, TimeProvider time, ILogger<Releases> logger)
    : BackgroundService
{
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(5);
    private static readonly string[] Reread = [Kinds.Customer, .. RecordKinds.All.Where(kind => kind.Posts).Select(kind => kind.Name)];
    private readonly Signal signal = new();
    private volatile HashSet<Guid> waiting = [];

    /// <summary>A chunk was committed: looks at once whether it releases something. Companies known to have nothing waiting are left to the sweep.</summary>
    public void Stored(Guid company, IReadOnlyList<Judged> chunk)
    {
        if (chunk.Any(judged => judged.Customer is not null || judged.State == "waiting") || waiting.Contains(company))
            signal.Wake();
    }

    /// <summary>Looks at once whether something can go on.</summary>
    public void Look() => signal.Wake();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                foreach (var company in await CompaniesAsync("companies_to_merge", stoppingToken))
                    await MergeAllAsync(company, stoppingToken);
                waiting = (await CompaniesAsync("companies_to_release", stoppingToken)).ToHashSet();
                foreach (var company in waiting)
                    await ReleaseAllAsync(company, stoppingToken);
            }
            catch (Exception trouble) when (trouble is NpgsqlException or TimeoutException)
            {
                LogTrouble(logger, trouble);
            }

            await signal.WaitAsync(Sweep, time, stoppingToken);
        }
    }

    private async Task<List<Guid>> CompaniesAsync(string function, CancellationToken stop)
    {
        var companies = new List<Guid>();
        await using var command = auth.CreateCommand($"select company_id from {function}()");
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            companies.Add(reader.GetGuid(0));
        return companies;
    }

    // What can be decided without a person, and records of merged customers.
    private async Task MergeAllAsync(Guid company, CancellationToken stop)
    {
        try
        {
            if (await merges.ByRuleAsync(company, stop) > 0)
                feed.Committed(company);
            await repoints.RunAsync(company, stop);
        }
        catch (Exception trouble) when (trouble is NpgsqlException or TimeoutException or JsonException)
        {
            LogTrouble(logger, trouble);
        }
    }

    // One company's trouble is not the next one's. What was released may release others.
    private async Task ReleaseAllAsync(Guid company, CancellationToken stop)
    {
        try
        {
            while (await ReleaseAsync(company, stop) > 0)
            {
                relay.Wake();
                feed.Committed(company);
            }

            while (await reasons.RefreshAsync(company, stop) == PushLimits.Chunk)
                continue;
        }
        catch (Exception trouble) when (trouble is NpgsqlException or TimeoutException or JsonException)
        {
            LogTrouble(logger, trouble);
        }
    }

    private async Task<int> ReleaseAsync(Guid company, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var released = await ClaimAsync(connection, transaction, company, stop);
        if (released.Count == 0)
            return 0;

        var doubted = await DoubtAsync(connection, transaction, company, released, stop);
        released.RemoveAll(one => doubted.Contains(one.Id));
        var conflicts = await CustomerChanges.ApplyAsync(connection, transaction, company, [.. released.Select(one => one.Change).OfType<CustomerChange>()], stop);
        doubted.UnionWith(conflicts.Select(one => one.Record));
        doubted.UnionWith(await CreditAtRelease.ApplyAsync(connection, transaction, company, RaisesOf(released.Where(one => !doubted.Contains(one.Id))), stop));
        released.RemoveAll(one => doubted.Contains(one.Id));
        await using var batch = CompanyBatch.ForRecords(connection, company, transaction);
        RecordChildren.AddCustomers(batch, company, [.. released.Where(r => r.IsNewCustomer).Select(r => (r.Id, r.Rev, CustomerOf(r)))], withoutTaken: true);
        AddPosts(batch, company, released);
        DeliveryRows.AddMissing(batch, company, time.GetUtcNow(), [.. released.Select(r => new Deliverable(r.Id, r.Rev, r.Kind))]);
        DeliveryRows.AddNeeded(batch, company, time.GetUtcNow(), released.SelectMany(r => r.Needs.Select(id => new Needed(id, r.Kind))));
        CustomerCodes.Add(batch, company, time.GetUtcNow(), [.. released.Where(r => r.IsNewCustomer && r.Reference is null).Select(r => r.Id)]);
        RecordRows.AddLast(batch, company, [.. released.Select(r => r.Id), .. doubted], [.. released.Where(r => !r.HasNumber && rules.Numbered(r.Kind)).Select(r => (r.Id, r.Branch, r.Kind))]);
        batch.Add("commit");
        await RecordRows.ReadNumbersAsync(batch, stop);
        LogReleased(logger, released.Count);
        return released.Count + doubted.Count;
    }

    // A customer that waited claims its keys only now: another one may have them.
    private async Task<HashSet<Guid>> DoubtAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid company, List<Released> released, CancellationToken stop)
    {
        List<(Guid, string)> customers = [.. released.Where(one => one.IsNewCustomer).Select(one => (one.Id, CustomerOf(one).Body))];
        var doubted = await CustomerKeys.ClaimAsync(connection, transaction, company, customers, time.GetUtcNow(), stop);
        if (doubted.Count == 0)
            return [];
        await using var batch = CompanyBatch.ForRecords(connection, company, transaction);
        foreach (var one in doubted)
            batch.Add("update record set state = 'held', code = $3, params = $4::jsonb where company_id = $1 and record_id = $2", company, one.Id, Claims.PossibleDuplicate, Claims.FaultOf(one).ParamsJson()!.ToJsonString());
        await batch.ExecuteNonQueryAsync(stop);
        return [.. doubted.Select(one => one.Id)];
    }

    private static async Task<List<Released>> ClaimAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid company, CancellationToken stop)
    {
        await using var claim = CompanyBatch.ForRecords(connection, company, transaction);
        claim.Add("""
            update record r set state = 'accepted', customer_id = free.customer_id, awaits = '{}', code = null, field = null, params = null
            from (select w.record_id, coalesce(found.customer_id, w.customer_id) as customer_id, coalesce((w.params ->> 'insist')::boolean, false) as insist
                from record w
                join rep p on p.company_id = w.company_id and p.rep_id = w.rep_id and not p.disabled
                left join lateral (select c.customer_id from customer c
                    where c.company_id = w.company_id and w.state = 'held'
                        and (c.number = w.params ->> 'number' or c.code = w.params ->> 'code' or c.captured_code = w.params ->> 'code')
                    order by c.number is not distinct from w.params ->> 'number' desc, c.code is not distinct from w.params ->> 'code' desc, c.customer_id limit 1) found on true
                where w.company_id = $1 and (w.state = 'waiting' or (w.state = 'held' and w.code = 'customer.codeUnknown' and found.customer_id is not null))
                    and (w.kind = 'customer' or coalesce(found.customer_id, w.customer_id) is null
                        or exists (select from customer c where c.company_id = $1 and c.customer_id = coalesce(found.customer_id, w.customer_id)))
                    and not exists (select from unnest(w.awaits) as a (id)
                        where not exists (select from customer c where c.company_id = $1 and c.customer_id = a.id)
                            and not exists (select from record d where d.company_id = $1 and d.record_id = a.id and d.state = 'accepted'))
                order by w.record_id limit $2 for update of w skip locked) free
            where r.company_id = $1 and r.record_id = free.record_id
            returning r.record_id, r.rev, r.kind, r.branch_id, r.reference,
                r.rep_id, r.captured_at, r.customer_id,
                (select c.bytes from capture c where r.kind = any($3) and c.company_id = r.company_id and c.record_id = r.record_id and c.rev = r.rev and c.sha256 = r.sha256),
                array(select r.customer_id where r.customer_id <> r.record_id union select unnest(r.depends_on)
                    union select a.order_id from allocation a where a.company_id = r.company_id and a.record_id = r.record_id and a.rev = r.rev and a.order_id is not null),
                exists (select from record_number n where n.company_id = r.company_id and n.record_id = r.record_id), free.insist
            """, company, PushLimits.Chunk, Reread);
        var released = new List<Released>();
        await using var reader = await claim.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            var (bytes, customer) = (reader.IsDBNull(8) ? null : reader.GetFieldValue<byte[]>(8), reader.IsDBNull(7) ? (Guid?)null : reader.GetGuid(7));
            var isCustomer = reader.GetString(2) == Kinds.Customer;
            released.Add(new(reader.GetGuid(0), reader.GetInt32(1), reader.GetString(2), reader.GetGuid(3), reader.IsDBNull(4) ? null : reader.GetString(4),
                reader.GetGuid(5), reader.GetFieldValue<DateTimeOffset>(6), customer, bytes, reader.GetFieldValue<Guid[]>(9), reader.GetBoolean(10), reader.GetBoolean(11), isCustomer ? ChangeOf(reader.GetGuid(0), bytes, customer, reader.GetBoolean(11)) : null));
        }

        return released;
    }

    private static List<Raise> RaisesOf(IEnumerable<Released> released) => [.. released.Where(one => one.CustomerId is not null && one.Kind is Kinds.Order or Kinds.Sale).OrderBy(one => one.CapturedAt)
        .Select(one => new Raise(one.Id, one.Kind == Kinds.Sale ? SaleKind.OwedBy(PushedRecord.BodyOf(one.Bytes).Deserialize<SaleBody>(ContractJson.Options)!) : null, one.IsInsisted))];

    private static CustomerChange? ChangeOf(Guid record, byte[]? bytes, Guid? customer, bool insisted) =>
        bytes is not null && customer is { } changed && JsonSerializer.SerializeToNode(PushedRecord.BodyOf(bytes))!.AsObject() is var body && body["changes"] is not null
            ? new(record, changed, body, insisted)
            : null;

    private static JudgedCustomer CustomerOf(Released released)
    {
        var body = PushedRecord.BodyOf(released.Bytes).Deserialize<CustomerBody>(ContractJson.Options)!;
        return CustomerKind.RowOf(body, released.Reference);
    }

    // What follows from a record is read out of its bytes again.
    private static void AddPosts(NpgsqlBatch batch, Guid company, List<Released> released)
    {
        foreach (var kind in released.GroupBy(one => one.Kind))
            if (RecordKinds.Find(kind.Key) is { Posts: true } known)
                known.Post(batch, company, [.. kind.Select(one => new AcceptedRecord(
                    one.Id, one.Rep, one.CustomerId, one.CapturedAt, PushedRecord.BodyOf(one.Bytes).Deserialize(known.Body, ContractJson.Options)!))]);
    }

    private sealed record Released(
        Guid Id, int Rev, string Kind, Guid Branch, string? Reference, Guid Rep, DateTimeOffset CapturedAt, Guid? CustomerId, byte[]? Bytes, Guid[] Needs, bool HasNumber, bool IsInsisted, CustomerChange? Change)
    {
        public bool IsNewCustomer => Kind == Kinds.Customer && Bytes is not null && Change is null;
    }

    [LoggerMessage(LogLevel.Information, "{Count} waiting records go on: what they waited for has come.")]
    private static partial void LogReleased(ILogger logger, int count);

    [LoggerMessage(LogLevel.Warning, "Waiting records could not be looked at; the next sweep does.")]
    private static partial void LogTrouble(ILogger logger, Exception trouble);
}
