namespace OrderSync.ErpSandbox.Tests.NetSuite;

/// <summary>SuiteQL: what it finds, how it pages, and what it refuses.</summary>
public sealed class NetSuiteQueryTests(SharedSandbox sandbox) : IClassFixture<SharedSandbox>
{
    [Fact]
    public async Task Conditions_joins_and_order_find_what_they_should()
    {
        var suite = await Suite.OpenAsync(sandbox.Server, new { priceLevels = new[] { "Dealer" }, items = new object[] { new { sku = "O'Neil", name = "Cup", price = 5, prices = new { Dealer = 4 }, stock = new { Main = 12 } }, new { sku = "P : A", name = "Part" } } }, sandbox.Clock);
        await suite.CustomerAsync("C-1");
        await suite.CustomerAsync("C-2");
        async Task<string> FindAsync(string query) => string.Join(',', (await suite.RowsAsync(query)).Select(row => string.Join('/', row!.AsObject().Where(field => field.Key != "links").Select(field => (string?)field.Value))));

        Assert.Equal("O'Neil/Cup", await FindAsync("SELECT itemid, displayname FROM item WHERE itemid IN ('O''Neil', 'X') OR itemid LIKE '% : X'"));
        Assert.Equal("P : A", await FindAsync("select itemid from item where itemid like '% : A' and isinactive = 'F'"));
        Assert.Equal("C-2,C-1", await FindAsync("SELECT externalid FROM customer WHERE id > 0 AND externalid IS NOT NULL ORDER BY id DESC"));
        Assert.Equal("C-2", await FindAsync("SELECT externalid FROM customer WHERE NOT (externalid = 'C-1' OR email = 'x@y.z') AND UPPER(entityid) <> 'SHOP'"));
        Assert.Equal("Dealer/4", await FindAsync("SELECT l.name, p.unitprice FROM item i JOIN pricing p ON p.item = i.id INNER JOIN pricelevel AS l ON l.id = p.pricelevel WHERE i.itemid = 'O''Neil' AND l.name = 'Dealer'"));
        Assert.Equal("O'Neil/12,P : A", await FindAsync("SELECT i.itemid, s.quantityavailable free FROM item i LEFT JOIN inventoryitemlocations s ON s.item = i.id ORDER BY i.itemid"));
        Assert.Equal("2", await FindAsync("SELECT COUNT(*) AS many FROM customer"));
    }

    [Fact]
    public async Task Times_are_those_of_the_account_and_what_changed_since_one_is_found()
    {
        var suite = await Suite.OpenAsync(sandbox.Server, new { utcOffsetMinutes = 120 }, sandbox.Clock);
        await suite.CustomerAsync("C-1");
        sandbox.Clock.Advance(TimeSpan.FromMinutes(10));
        var since = sandbox.Clock.GetUtcNow().AddHours(2);
        await suite.CustomerAsync("C-2");

        var rows = await suite.RowsAsync($"SELECT externalid, TO_CHAR(lastmodifieddate, 'YYYY-MM-DD HH24:MI:SS') AS changed FROM customer WHERE lastmodifieddate >= TO_TIMESTAMP('{since:yyyy-MM-dd HH:mm:ss}', 'YYYY-MM-DD HH24:MI:SS') AND id > 0 ORDER BY id");

        Assert.Equal(("C-2", $"{since:yyyy-MM-dd HH:mm:ss}"), ((string?)Assert.Single(rows)!["externalid"], (string?)rows[0]!["changed"]));
        await suite.ControlAsync(HttpMethod.Put, "", new { queryTimes = "date", queryValues = "figures" });
        Assert.Equal($"{since:yyyy-MM-dd}", (string?)(await suite.RowsAsync("SELECT MAX(lastmodifieddate) AS newest FROM customer"))[0]!["newest"]);
    }

    [Fact]
    public async Task Pages_say_whether_there_is_more_and_a_query_stops_after_so_many_rows()
    {
        var suite = await Suite.OpenAsync(sandbox.Server, new { queryRows = 4 }, sandbox.Clock);

        var page = await suite.QueryAsync("SELECT id FROM item ORDER BY id", "?limit=2&offset=2");

        Assert.Equal((2, 4, false), ((int)page["count"], (int)page["totalResults"], (bool)page["hasMore"]));
        Assert.Equal("INVALID_CONTENT", (await suite.QueryAsync("SELECT id FROM item", "?limit=1001")).Code);
        Assert.Equal("INVALID_CONTENT", (await suite.QueryAsync("SELECT id FROM item", prefer: null)).Code);
    }

    [Theory]
    [InlineData("SELECT * FROM customer")]
    [InlineData("SELECT id FROM nothing")]
    [InlineData("SELECT nothing FROM customer")]
    [InlineData("SELECT id FROM customer WHERE name == 'x'")]
    [InlineData("SELECT id FROM customer GROUP BY id")]
    [InlineData("SELECT id FROM customer WHERE lastmodifieddate >= '2026-11-20'")]
    [InlineData("SELECT id FROM customer WHERE entityid = 'x' LIMIT 1")]
    [InlineData("SELECT SUM(id) FROM customer")]
    [InlineData("DELETE FROM customer")]
    [InlineData("SELECT id FROM aggregateitemlocation")]
    public async Task What_it_does_not_know_is_refused(string query)
    {
        var suite = await Suite.OpenAsync(sandbox.Server, clock: sandbox.Clock);
        await suite.CustomerAsync();

        Assert.Equal("INVALID_CONTENT", (await suite.QueryAsync(query)).Code);
    }
}
