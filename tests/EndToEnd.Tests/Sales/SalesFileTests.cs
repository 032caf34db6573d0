using OrderSync.Simulator.Sales;

namespace OrderSync.EndToEnd.Tests.Sales;

public class SalesFileTests
{
    private const string Header = "SalesOrderNumber,SalesOrderLineNumber,OrderDate,CustomerName,EmailAddress,Item,Quantity,UnitPrice,TaxAmount\n";

    [Fact]
    public void Lines_of_an_order_that_stand_apart_are_one_order_in_the_order_of_their_numbers()
    {
        var orders = Read(
            "A,2,2021-07-01,Zoë Ö,Zoe@Example.com,\"Rope, \"\"thin\"\"\",2.5,0.8475,0.1695\n"
            + "B,1,2021-07-01,Tom,tom@example.com,Mug,1,10,0.8\n"
            + "A,1,2021-07-01,Zoë Ö,zoe@example.com,Mug,1,10,0.8\n");

        Assert.Equal(["A", "B"], orders.Select(o => o[0].Order));
        Assert.Equal(["Mug", "Rope, \"thin\""], orders[0].Select(l => l.Item));
        Assert.Equal(("Zoë Ö", "zoe@example.com", 2.5m, 0.8475m, 2), (orders[0][1].Customer, orders[0][1].Email, orders[0][1].Quantity, orders[0][1].UnitPrice, orders[0][1].Row));
    }

    [Fact]
    public void One_order_number_used_for_two_customers_is_two_orders() =>
        Assert.Equal(2, Read("A,1,2021-07-01,Tom,tom@a.example,Mug,1,10,0.8\nA,1,2021-07-01,Tom,tom@b.example,Mug,1,10,0.8\n").Count);

    [Fact]
    public void A_limit_takes_whole_orders_from_the_start()
    {
        var orders = Read("A,1,2021-07-01,T,t@a.example,Mug,1,10,0.8\nB,1,2021-07-01,T,t@a.example,Mug,1,10,0.8\nA,2,2021-07-01,T,t@a.example,Cup,1,10,0.8\n", 1);

        Assert.Equal(["Mug", "Cup"], Assert.Single(orders).Select(l => l.Item));
    }

    [Fact]
    public void Each_row_that_cannot_be_read_is_named_with_its_column()
    {
        var trouble = Assert.Throws<CannotReplay>(() => Read("A,1,01.07.2021,T,t@a.example,Mug,1,10,0.8\nB,1,2021-07-01,T,,Mug,\"1,5\",10,0.8\n"));

        Assert.Contains("row 2: OrderDate is not a date like 2021-07-31: 01.07.2021", trouble.Message, StringComparison.Ordinal);
        Assert.Contains("row 3: EmailAddress is empty", trouble.Message, StringComparison.Ordinal);
        Assert.Contains("row 3: Quantity is not a possible number: 1,5", trouble.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "sales.csv has no column SalesOrderNumber")]
    [InlineData("SalesOrderNumber,Item\nA,Mug\n", "sales.csv has no column SalesOrderLineNumber, OrderDate")]
    [InlineData(Header, "sales.csv has no orders.")]
    public void A_file_without_what_is_needed_is_refused_in_words(string text, string message)
    {
        var trouble = Assert.Throws<CannotReplay>(() => SalesFile.Read(new StringReader(text), "sales.csv"));

        Assert.StartsWith(message, trouble.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<IReadOnlyList<SalesLine>> Read(string rows, int limit = int.MaxValue) =>
        SalesFile.Read(new StringReader(Header + rows), "sales.csv", limit);
}
