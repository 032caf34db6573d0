using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Sync;

/// <summary>A company's first minutes: what sessions know of its tables is from when they were empty.</summary>
[InCi]
public sealed class StalePlanTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private const int Customers = 3_000;

    [Fact]
    public async Task A_push_looks_its_customer_up_and_not_all_though_its_session_first_met_the_table_when_it_was_empty()
    {
        using var device = await gateway.EnrolAsync();
        var customer = An.Customer(Guid.CreateVersion7());
        await device.PushAsync(customer);
        // As often as PostgreSQL wants to see a statement before it keeps its plan.
        for (var i = 0; i < 10; i++)
            await device.PushAsync(An.Order(customer: customer["id"]!.GetValue<Guid>()));
        await gateway.Execute($"insert into gateway.customer (company_id, customer_id, rev, name, body) select '{gateway.CompanyId}', gen_random_uuid(), 1, 'Shop ' || i, '{{}}' from generate_series(1, {Customers}) i");
        var before = await ReadAsync();

        await device.PushAsync(An.Order(customer: customer["id"]!.GetValue<Guid>()));
        var read = await Eventually.GetAsync(async () => await ReadAsync() - before, rows => rows > 0, "PostgreSQL to count what was read");

        Assert.InRange(read, 1, 10 * Customers);
    }

    // Rows of the table that any statement has looked at.
    private Task<long> ReadAsync() => gateway.Scalar<long>("select (seq_tup_read + coalesce(idx_tup_fetch, 0))::bigint from pg_stat_all_tables where schemaname = 'gateway' and relname = 'customer'");
}
