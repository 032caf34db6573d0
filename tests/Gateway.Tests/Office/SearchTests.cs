using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using OrderSync.Gateway.Office.Search;
using OrderSync.Gateway.Storage;
using OrderSync.Testing;
using Xunit.Abstractions;

namespace OrderSync.Gateway.Tests.Office;

/// <summary>What the office looks for it finds, and no search reads a whole table.</summary>
[Collection("many orders")]
public sealed class SearchTests(ManyOrders orders, ITestOutputHelper output)
{
    private const int MostRowsRead = 150_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    /// <summary>A query, and the same in plain SQL: as an administrator, without an index in mind.</summary>
    public static TheoryData<string, string> Searches => new()
    {
        { "", "true" },
        { "number=SO-B2-000", "n.number like 'SO-B2-000%'" },
        { "number=so-b3-0000104", "n.number like 'SO-B3-0000104%'" },
        { "number=nothing", "false" },
        { "reference=R-5-", "r.reference like 'R-5-%'" },
        { "reference=R-100-77", "r.reference like 'R-100-77%'" },
        { "state=refused", "r.state = 'refused'" },
        { "state=held", "r.state = 'held'" },
        { "state=stopped", "false" },
        { "state=accepted", "r.state = 'accepted'" },
        { "customerNumber=C-77", "c.number = 'C-77'" },
        { "customer=M%C3%BCller", "c.name like '%Müller%'" },
        { "customer=m%C3%9CLLER%201", "c.name like '%Müller 1%'" },
        { "customer=C-33", "c.number like 'C-33%'" },
        { "customer=nobody", "false" },
        { "rep=Rep%207", "r.rep_id = md5('r7')::uuid" },
        { "rep=Nobody", "false" },
        { "branch=B3", "r.branch_id = md5('b3')::uuid" },
        { "branch=B9", "false" },
        { "branch=B3&rep=Rep%207", "r.branch_id = md5('b3')::uuid and r.rep_id = md5('r7')::uuid" },
        { "from=2024-03-01&to=2024-03-02", "r.document_date between '2024-03-01' and '2024-03-02'" },
        { "from=2024-03-01", "r.document_date >= '2024-03-01'" },
        { "to=2023-11-03", "r.document_date <= '2023-11-03'" },
        { "rep=Rep%207&to=2023-12-01", "r.rep_id = md5('r7')::uuid and r.document_date <= '2023-12-01'" },
        { "destinationState=attention", "exists (select from gateway.delivery d where d.record_id = r.record_id and d.state = 'attention')" },
        { "destinationState=pending&destination=books", "exists (select from gateway.delivery d where d.record_id = r.record_id and d.state = 'pending')" },
        { "destinationState=done&destination=mail", "exists (select from gateway.delivery d where d.record_id = r.record_id and d.connection_id = md5('x2')::uuid)" },
        { "destinationState=reconnect", "false" },
        { "search=SO-B4-00000", "n.number like 'SO-B4-00000%'" },
        { "search=Finn%20Sato", "c.name like 'Finn Sato%'" },
        { "search=R-100-1", "r.reference like 'R-100-1%'" },
        { "search=nothing", "false" },
        { "externalNumber=X-000012", "exists (select from gateway.delivery d where d.record_id = r.record_id and d.external_number like 'X-000012%')" },
        { "externalNumber=x-00001234", "exists (select from gateway.delivery d where d.record_id = r.record_id and d.external_number = 'X-00001234')" },
        { "search=X-00004321", "exists (select from gateway.delivery d where d.record_id = r.record_id and d.external_number = 'X-00004321')" },
        { "sku=SKU-RARE-77", "exists (select from gateway.order_line l where l.record_id = r.record_id and l.rev = r.rev and l.sku = 'SKU-RARE-77')" },
        { "sku=sku-7", "exists (select from gateway.order_line l where l.record_id = r.record_id and l.rev = r.rev and l.sku = 'SKU-7')" },
        { "sku=SKU-7&state=held", "r.state = 'held' and exists (select from gateway.order_line l where l.record_id = r.record_id and l.rev = r.rev and l.sku = 'SKU-7')" },
        { "sku=SKU-OLD", "false" },
        { "search=sku-rare-13", "exists (select from gateway.order_line l where l.record_id = r.record_id and l.rev = r.rev and l.sku = 'SKU-RARE-13')" },
        { "search=SKU-3", "exists (select from gateway.order_line l where l.record_id = r.record_id and l.rev = r.rev and l.sku = 'SKU-3')" },
        { "branch=B2&state=held&from=2024-01-01", "r.branch_id = md5('b2')::uuid and r.state = 'held' and r.document_date >= '2024-01-01'" },
    };

    [Theory]
    [MemberData(nameof(Searches))]
    public async Task A_search_finds_exactly_what_is_there_newest_first_and_page_after_page(string query, string where)
    {
        await using var command = orders.Gateway.Database.Administrator.CreateCommand($"""
            select r.record_id from gateway.record r left join gateway.record_number n using (company_id, record_id) left join gateway.customer c using (company_id, customer_id)
            where {where} order by r.received_at desc, r.record_id desc limit 150
            """);
        command.CommandTimeout = 120;
        var expected = new List<Guid>();
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync())
                expected.Add(reader.GetGuid(0));

        var found = new List<Guid>();
        string? next = null;
        var slowest = TimeSpan.Zero;
        do
        {
            var watch = Stopwatch.StartNew();
            var page = await orders.Gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/orders?limit=50&{query}{(next is null ? "" : $"&next={next}")}");
            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
            found.AddRange(page.GetProperty("orders").EnumerateArray().Select(row => row.GetProperty("id").GetGuid()));
            next = page.TryGetProperty("next", out var value) ? value.GetString() : null;
        }
        while (next is not null && found.Count < 150);

        output.WriteLine($"{slowest.TotalMilliseconds:0} ms: {query}{(slowest > Patience ? " (slow)" : "")}");
        Assert.Equal(expected, found);
    }

    [Theory]
    [MemberData(nameof(Searches))]
    public async Task A_search_walks_indexes_and_stops_after_a_page(string query, string where)
    {
        _ = where;
        var company = orders.Gateway.CompanyId;
        await using var service = NpgsqlDataSource.Create(orders.Gateway.Database.ConnectionStringAs("gateway"));
        await using var connection = await service.OpenConnectionAsync();
        var filter = Filter(query);
        var candidates = await Candidates.ReadAsync(connection, company, filter, default);
        var statement = new RecordStatement(company, filter, candidates, 51);
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add(RecordSearch.WalkIndexes);
        batch.Add($"explain (analyze, format json) {statement.Sql}", [.. statement.Parameters]);
        await using var reader = await batch.ReadAsync(default);
        await reader.NextResultAsync();
        await reader.ReadAsync();
        var plan = JsonSerializer.Deserialize<JsonElement>(reader.GetString(0))[0].GetProperty("Plan");

        var nodes = Nodes(plan).Where(node => node.TryGetProperty("Relation Name", out var name) && name.GetString()!.StartsWith("record_p", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(nodes);
        Assert.DoesNotContain(nodes, node => node.GetProperty("Node Type").GetString() is "Seq Scan" or "Bitmap Heap Scan");
        var read = nodes.Sum(node => (Number(node, "Actual Rows") + Number(node, "Rows Removed by Filter")) * Number(node, "Actual Loops"));
        Assert.True(read <= MostRowsRead, $"{read} rows read");
    }

    [Fact]
    public async Task A_record_received_in_the_same_instant_as_others_is_neither_lost_nor_shown_twice_between_pages()
    {
        using var device = await orders.Gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        var sent = Enumerable.Range(0, 23).Select(i => An.Order(customer: customer, seq: i)).ToArray();
        await device.PushAsync([An.Customer(customer), .. sent]);

        var found = new List<Guid>();
        string? next = null;
        do
        {
            var page = await orders.Gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/orders?limit=5&device={device.Id}{(next is null ? "" : $"&next={next}")}");
            found.AddRange(page.GetProperty("orders").EnumerateArray().Select(row => row.GetProperty("id").GetGuid()));
            next = page.TryGetProperty("next", out var value) ? value.GetString() : null;
        }
        while (next is not null);

        Assert.Equal(sent.Select(order => order["id"]!.GetValue<Guid>()).Order(), found.Order());
        Assert.Equal(24, (await orders.Gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/records?device={device.Id}")).GetProperty("records").GetArrayLength());
    }

    private static RecordFilter Filter(string query)
    {
        var values = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(query);
        string? Text(string name) => values.TryGetValue(name, out var value) ? value.ToString() : null;
        DateOnly? Date(string name) => Text(name) is { } text ? DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : null;
        return new(Text("number"), Text("reference"), Text("externalNumber"), Text("sku"), Text("state"), null, Text("customerNumber"), Text("customer"), Text("rep"), Text("branch"), null, Date("from"), Date("to"),
            Text("destination"), Text("destinationState"), Text("search"), null, null) { Kind = "order" };
    }

    private static IEnumerable<JsonElement> Nodes(JsonElement node) =>
        node.TryGetProperty("Plans", out var plans) ? plans.EnumerateArray().SelectMany(Nodes).Prepend(node) : [node];

    private static double Number(JsonElement node, string name) => node.TryGetProperty(name, out var value) ? value.GetDouble() : 0;
}
