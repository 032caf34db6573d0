using System.Text.Json;
using OrderSync.Contracts;
using OrderSync.Contracts.Records;
using OrderSync.Money;
using OrderSync.Simulator.Sales;

namespace OrderSync.EndToEnd.Tests.Sales;

public class CaptureTests
{
    private static string Sample => Path.Combine(AppContext.BaseDirectory, "Samples", "sixty-orders.csv");

    [Fact]
    public void The_same_file_gives_the_same_bytes_every_time()
    {
        var (one, other) = (Captured(RoundingLevel.Line), Captured(RoundingLevel.Line));

        Assert.Equal(
            [.. one.Customers.Concat(one.Orders).Select(r => Convert.ToHexString(r.Bytes.Span))],
            other.Customers.Concat(other.Orders).Select(r => Convert.ToHexString(r.Bytes.Span)).ToList());
    }

    [Fact]
    public void A_customer_is_the_same_record_whichever_file_it_stands_in()
    {
        var whole = Captured(RoundingLevel.Document).Customers;
        var part = Capture.Of([.. SalesFile.Read(Sample).Skip(30)], RoundingLevel.Document, "USD").Customers;

        Assert.All(part, customer => Assert.Equal(
            Convert.ToHexString(customer.Bytes.Span), Convert.ToHexString(whole.Single(c => c.Id == customer.Id).Bytes.Span)));
    }

    [Fact]
    public void Ids_and_stock_keeping_units_never_change()
    {
        var first = Captured(RoundingLevel.Document).Orders[0];

        Assert.Equal(new Guid("f19cefec-11f9-555a-89a4-0054e9882880"), first.Id);
        Assert.Equal(new Guid("061d3943-325b-5643-9e9e-2834ad3ca6b0"), first.Customer);
        Assert.Equal("SKU-9C9C7201", Capture.Sku("Cast-iron pan 24 cm"));
    }

    [Fact]
    public void Customers_who_share_a_name_are_two_and_one_spelled_in_capitals_is_one()
    {
        var customers = Captured(RoundingLevel.Document).Customers.Select(c => Body<CustomerBody>(c.Bytes)).ToList();

        Assert.Equal(24, customers.Count);
        Assert.Equal(["t.harrow@harrow-and-sons.example", "tom.harrow@example.com"], customers.Where(c => c.Name == "Tom Harrow").Select(c => c.Email).Order());
        Assert.Contains(customers, c => c.Name == "Łukasz Wrona");
    }

    [Fact]
    public void An_order_says_what_its_rows_say_and_its_totals_follow_the_rounding_it_names()
    {
        var capture = Captured(RoundingLevel.Document);
        var envelope = JsonSerializer.Deserialize<RecordEnvelope>(capture.Orders[0].Bytes.Span, ContractJson.Options)!;
        var order = Body<OrderBody>(capture.Orders[0].Bytes);

        Assert.Equal(("order", 1, 1L, "2026-09-01T09:00:00-05:00"), (envelope.Kind, envelope.Rev, envelope.Seq, envelope.CapturedAt.ToString("yyyy-MM-ddTHH:mm:sszzz", null)));
        Assert.Equal([order.Customer!.Id!.Value], envelope.DependsOn!);
        Assert.Equal(("W-1001", "USD", new TaxRounding("document", "halfUp")), (order.Reference, order.Currency, order.Rounding));
        Assert.Equal([("T20", 20m), ("T5.5", 5.5m), ("T20", 20m)], order.Lines.Select(l => (l.TaxCode!, l.TaxRate)));
        Assert.Equal(new OrderTotals(281.60m, 0.00m, 50.98m, 332.58m), order.Totals);
    }

    [Theory]
    [InlineData(RoundingLevel.Document)]
    [InlineData(RoundingLevel.Line)]
    public void The_captured_sum_is_the_sum_of_the_orders(RoundingLevel level)
    {
        var capture = Captured(level);

        Assert.Equal(60, capture.Orders.Count);
        Assert.Equal(capture.Total, capture.Orders.Sum(o => Body<OrderBody>(o.Bytes).Totals.Total));
        Assert.Equal([5.5m, 20m], capture.Rates.Keys);
        Assert.Empty(capture.OddRates);
    }

    private static Capture Captured(RoundingLevel level) => Capture.Of(SalesFile.Read(Sample), level, "USD");

    private static T Body<T>(ReadOnlyMemory<byte> record) =>
        JsonSerializer.Deserialize<RecordEnvelope>(record.Span, ContractJson.Options)!.Body.Deserialize<T>(ContractJson.Options)!;
}
