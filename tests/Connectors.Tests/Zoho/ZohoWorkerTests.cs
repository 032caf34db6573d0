using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Contracts;
using OrderSync.Contracts.Bus;
using OrderSync.Framework;
using OrderSync.Money;
using OrderSync.Testing;
using OrderSync.Zoho;

namespace OrderSync.Connectors.Tests.Zoho;

/// <summary>The connector under the framework's own ledger and worker, with real PostgreSQL and the stand-in over HTTP.</summary>
[InCi]
public sealed class ZohoWorkerTests(ZohoLedgerFixture database, ZohoSandbox sandbox) : IClassFixture<ZohoLedgerFixture>, IClassFixture<ZohoSandbox>
{
    private readonly Guid company = Guid.NewGuid();
    private readonly Guid connection = Guid.NewGuid();

    [Theory]
    [InlineData(ZohoProduct.Inventory, 40)]
    [InlineData(ZohoProduct.Books, 20)]
    public async Task F104_F106_With_two_replicas_lost_answers_and_late_commits_each_order_is_there_once_with_equal_sums(ZohoProduct product, int everyday)
    {
        var count = Servers.Full ? 1000 : everyday;
        var zoho = await sandbox.OrganisationAsync();
        await using var first = await ZohoReplica.StartAsync(database);
        await using var second = await ZohoReplica.StartAsync(database);
        await first.ConnectAsync(company, connection, zoho.Settings with { Product = product, AmbiguitySeconds = 2 });
        // Twenty customers, of whom two always share a name.
        var customers = Enumerable.Range(0, 20).Select(i => Some.Customer($"Zoë Ñandú {i / 2}", $"c{i}@shop.example")).ToList();
        var orders = Enumerable.Range(0, count).Select(i => Some.Order(Some.Line("A", 1 + i % 3), Some.Line("B", 2, 1.1m, 8)) with
        {
            Customer = new CustomerOfOrder(customers[i % 20].Info.RecordId, null, customers[i % 20].Body),
        }).ToList();

        JsonNode lost;
        await using (await sandbox.FaultsAsync(new { dropAnswer = 0.1, commitLate = 0.05, commitLateSeconds = new[] { 0.1, 0.5 }, seed = 5, paths = "salesorders|contacts" }))
        {
            await Parallel.ForEachAsync(orders, async (order, _) => await (order.Body.Totals.Total > 100 ? first : second).TakeAsync(Message(order)));
            await UntilAsync("done", count + 20);
            lost = await sandbox.GetAsync("_control/faults");
        }

        Assert.True((int)lost["drawn"]!["dropAnswer"]! > count / 12 && (int)lost["drawn"]!["commitLate"]! > 0, lost.ToJsonString());
        var summary = await zoho.SummaryAsync();
        Assert.Equal((count, count, 20), ((int)summary["salesorders"]!, (int)summary["confirmed"]!, (int)summary["contacts"]!));
        Assert.Equal((0, 0), ((int)summary["duplicates_by_custom_field"]!, (int)summary["duplicates_contacts"]!));
        var sum = orders.Sum(order => order.Body.Totals.Total);
        Assert.Equal(sum, (decimal)summary["total"]!);
        Assert.Equal(sum, await ScalarAsync<decimal>("select sum(external_total) from zoho.document where company_id = $1"));
    }

    [Fact]
    public async Task F105_What_the_office_mends_goes_on_by_a_retry()
    {
        var zoho = await sandbox.OrganisationAsync(new { tax_level = "line" });
        await using var replica = await ZohoReplica.StartAsync(database);
        await replica.ConnectAsync(company, connection, zoho.Settings);
        var order = Some.Order(RoundingLevel.Document, body => body, Some.Line("C", 1, 3.35m, 10), Some.Line("C", 1, 3.35m, 10), Some.Line("C", 1, 3.35m, 10));
        await replica.TakeAsync(Message(order));
        await UntilAsync("refused", 1);
        Assert.Equal("erp.amountDiffers", await ScalarAsync<string>("select code from zoho.document where company_id = $1 and state = 'refused'"));

        await replica.ConnectAsync(company, connection, zoho.Settings with { TaxLevel = RoundingLevel.Line, OnDifference = OnDifference.Adjust });
        await replica.RetryAsync(company, connection);
        await UntilAsync("done", 2);

        var row = Assert.Single(await zoho.SalesOrdersAsync())!;
        Assert.Equal(("confirmed", 11.06m), ((string)row["status"]!, (decimal)row["total"]!));
    }

    private DeliverRecord Message(Order order) => Message(company, connection, order);

    internal static DeliverRecord Message(Guid company, Guid connection, Order order) => new(
        company, connection, order.Info.RecordId, 1, 1, DeliveryWish.Push, order.Info.Kind, order.Info.Number, order.Info.CapturedAt, order.Info.Date,
        order.Info.ReceivedAt, null, JsonSerializer.Serialize(order.Body, ContractJson.Options), "00",
        new CustomerSnapshot(order.Customer!.Id, 1, null, JsonSerializer.Serialize(order.Customer.Body, ContractJson.Options)), [], null);

    private async Task UntilAsync(string state, long count)
    {
        var seen = await Eventually.GetAsync(
            () => ScalarAsync<string>("select coalesce(string_agg(line, '; '), '') from (select format('%s %s %s', count(*), state, reason) as line from zoho.document where company_id = $1 group by state, reason) lines"),
            seen => seen.Split("; ").Where(line => line.Split(' ')[1] == state).Sum(line => long.Parse(line.Split(' ')[0], null)) == count, $"{count} documents to be {state}");
        Assert.NotEmpty(seen);
    }

    private async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = database.Administrator.CreateCommand(sql);
        command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = company });
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
