using System.Diagnostics;
using Npgsql;
using OrderSync.Benchmarks.Push;
using OrderSync.Contracts.Bus;

namespace OrderSync.Benchmarks.Deliver;

/// <summary>
/// Orders that stand in the gateway's store, pushed by devices. Their deliveries are made in one transaction whose commit starts the clock, so that
/// none of the devices' work is measured.
/// </summary>
internal sealed class WaitingOrders(Site site, PausedConnector connector, IReadOnlyList<Client> clients, IReadOnlyDictionary<Guid, Guid> connections)
{
    private const int LookedForAtOnce = 50;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Orders of a round, as pushes bring them: a request of one company after that of another.</summary>
    public IReadOnlyList<(Client Client, GeneratedOrder Order)> Make(int count)
    {
        var requests = (count + (clients.Count * Client.OrdersInRequest) - 1) / (clients.Count * Client.OrdersInRequest);
        var made = clients.Select(client => (client, Requests: client.MakeOrders(requests))).ToList();
        return [.. Enumerable.Range(0, requests).SelectMany(i => made.SelectMany(one => one.Requests[i].Select(order => (one.client, order)))).Take(count)];
    }

    /// <summary>The same orders as messages, for the ceiling.</summary>
    public IReadOnlyList<DeliverRecord> Messages(IReadOnlyList<(Client Client, GeneratedOrder Order)> orders) =>
        [.. orders.Select(some => BareMassTransit.MessageOf(some.Client, connections[some.Client.CompanyId], some.Order))];

    /// <summary>Stores them, lets them go and waits for the ledger's rows; then for all acknowledgements.</summary>
    public async Task<Delivered> RunAsync(IReadOnlyList<(Client Client, GeneratedOrder Order)> orders, CancellationToken stop)
    {
        await using var session = await site.Administrator.OpenConnectionAsync(stop);
        await StoreAsync(session, orders, stop);
        // The tables grow faster than they are counted for the planner; to look costs one probe a row.
        await ExecuteAsync(session, "set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off", stop);
        await using var transaction = await session.BeginTransactionAsync(stop);
        await WaitAsync(session, orders, PausedConnector.Name, stop);
        GC.Collect();
        var cpu = DeliverCpu.Read(site, connector);
        var clock = Stopwatch.GetTimestamp();
        await transaction.CommitAsync(stop);
        await SeenAsync(session, orders, clock, stop);
        var seconds = Stopwatch.GetElapsedTime(clock).TotalSeconds;
        while (await CountAsync(session, "select (select count(*) from outbox) + (select count(*) from zoho.report where due is not null)", stop) > 0)
        {
            Patient(clock);
            await Task.Delay(Between, stop);
        }

        return new Delivered(orders.Count, seconds, Stopwatch.GetElapsedTime(clock).TotalSeconds, DeliverCpu.Read(site, connector) - cpu);
    }

    /// <summary>Stores them and lets them wait for nobody: the ceiling puts their rows itself.</summary>
    public async Task<IReadOnlyList<DeliverRecord>> StoredMessagesAsync(IReadOnlyList<(Client Client, GeneratedOrder Order)> orders, CancellationToken stop)
    {
        await using var session = await site.Administrator.OpenConnectionAsync(stop);
        await StoreAsync(session, orders, stop);
        await WaitAsync(session, orders, "nobody", stop);
        return Messages(orders);
    }

    private static async Task StoreAsync(NpgsqlConnection session, IReadOnlyList<(Client Client, GeneratedOrder Order)> orders, CancellationToken stop)
    {
        foreach (var client in orders.GroupBy(some => some.Client))
        {
            foreach (var some in client.Select(one => one.Order).Chunk(Client.OrdersInRequest))
                await client.Key.PushAsync(Client.BodyOf(some), some.Length, stop);
        }

        await ExecuteAsync(session, "checkpoint", stop);
    }

    private async Task WaitAsync(NpgsqlConnection session, IReadOnlyList<(Client Client, GeneratedOrder Order)> orders, string destination, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand("""
            with waiting as (
                select * from unnest($1::uuid[], $2::uuid[], $3::uuid[]) with ordinality as r (company_id, connection_id, record_id, place)),
            fixed as (
                insert into delivery (company_id, record_id, rev, connection_id) select company_id, record_id, 1, connection_id from waiting)
            insert into outbox (company_id, connection_id, record_id, rev, version, connector, due)
            select company_id, connection_id, record_id, 1, 1, $4, $5 + place * interval '1 microsecond' from waiting order by place
            """, session);
        command.Parameters.Add(new() { Value = orders.Select(some => some.Client.CompanyId).ToArray() });
        command.Parameters.Add(new() { Value = orders.Select(some => connections[some.Client.CompanyId]).ToArray() });
        command.Parameters.Add(new() { Value = orders.Select(some => some.Order.Id).ToArray() });
        command.Parameters.Add(new() { Value = destination });
        command.Parameters.Add(new() { Value = DateTimeOffset.UtcNow.AddSeconds(-10) });
        await command.ExecuteNonQueryAsync(stop);
        await ExecuteAsync(session, "notify gateway_relay", stop);
    }

    // Looks for the next few only: counting all again and again would be work of its own.
    private async Task SeenAsync(NpgsqlConnection session, IReadOnlyList<(Client Client, GeneratedOrder Order)> orders, long clock, CancellationToken stop)
    {
        for (var seen = 0; seen < orders.Count;)
        {
            var next = orders.Skip(seen).Take(LookedForAtOnce).ToList();
            await using var command = new NpgsqlCommand("""
                select count(*) from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as r (company_id, connection_id, record_id)
                join zoho.wish w on w.company_id = r.company_id and w.connection_id = r.connection_id and w.record_id = r.record_id
                """, session);
            command.Parameters.Add(new() { Value = next.Select(some => some.Client.CompanyId).ToArray() });
            command.Parameters.Add(new() { Value = next.Select(some => connections[some.Client.CompanyId]).ToArray() });
            command.Parameters.Add(new() { Value = next.Select(some => some.Order.Id).ToArray() });
            if ((long)(await command.ExecuteScalarAsync(stop))! == next.Count)
            {
                seen += next.Count;
                continue;
            }

            Patient(clock);
            await Task.Delay(Between, stop);
        }
    }

    private static void Patient(long clock)
    {
        if (Stopwatch.GetElapsedTime(clock) > Patience)
            throw new TimeoutException($"Not everything was delivered within {Patience.TotalMinutes:0} minutes.");
    }

    private static async Task<long> CountAsync(NpgsqlConnection session, string sql, CancellationToken stop)
    {
#pragma warning disable CA2100 // Only texts of this file.
        await using var command = new NpgsqlCommand(sql, session);
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync(stop))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection session, string sql, CancellationToken stop)
    {
#pragma warning disable CA2100 // Only texts of this file.
        await using var command = new NpgsqlCommand(sql, session);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(stop);
    }
}
