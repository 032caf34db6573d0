using System.Security.Cryptography;
using OrderSync.Money;
using OrderSync.Simulator.Faults;
using OrderSync.Simulator.Office;
using OrderSync.Simulator.Sales;
using OrderSync.Testing.Run;

namespace OrderSync.EndToEnd.Tests.Faults;

/// <summary>Each promise that `faults` checks is seen to be broken when it is.</summary>
public sealed class InvariantsTests
{
    private readonly Capture capture = Capture.Of(SalesFile.Read(SeededSales.Write(TestFolder.Create("invariants"), 5, 6), int.MaxValue), RoundingLevel.Document, "USD");
    private readonly Dictionary<Guid, OfficeRecord?> records;
    private readonly List<SandboxDocument> held;
    private readonly Dictionary<string, IReadOnlyList<string>> mails;

    public InvariantsTests()
    {
        records = capture.Customers.Concat(capture.Orders).Select((record, place) => (record, place)).ToDictionary(one => one.record.Id, one => (OfficeRecord?)new OfficeRecord(
            "accepted", null, null, $"SO-{one.place}", null, [new("zoho", 1, "done", null, null, null, null)], [new(1, Convert.ToHexStringLower(SHA256.HashData(one.record.Bytes.Span)), "accepted")]));
        held = [.. capture.Orders.Select(order => new SandboxDocument("SO", order.Total(), "confirmed", order.Id.ToString()))];
        var names = capture.Customers.ToDictionary(customer => customer.Id, customer => customer.Name);
        mails = capture.Orders.GroupBy(order => names[order.Customer]).ToDictionary(one => one.Key, one => (IReadOnlyList<string>)[.. one.Select(order => $"<{order.Id}>")]);
    }

    [Fact]
    public void Nothing_is_broken_when_all_is_there() => Assert.All(Look().Checks, check => Assert.Empty(check.Broken));

    [Fact]
    public void A_record_that_is_missing_or_has_other_bytes_breaks_the_first()
    {
        records[capture.Customers[0].Id] = null;
        records[capture.Orders[1].Id] = records[capture.Orders[1].Id]! with { Captures = [new(1, new string('0', 64), "accepted")] };
        Assert.Equal(2, Broken("I1").Count);
    }

    [Fact]
    public void A_number_given_twice_breaks_the_second()
    {
        records[capture.Orders[1].Id] = records[capture.Orders[1].Id]! with { Number = records[capture.Orders[0].Id]!.Number };
        Assert.Single(Broken("I2"));
    }

    [Fact]
    public void An_order_that_came_nowhere_breaks_the_third()
    {
        records[capture.Orders[0].Id] = records[capture.Orders[0].Id]! with { Deliveries = [] };
        records[capture.Orders[1].Id] = records[capture.Orders[1].Id]! with { Deliveries = [new("zoho", 1, "waiting", null, null, "It is away.", null)] };
        Assert.Equal(2, Broken("I3").Count);
    }

    [Fact]
    public void Two_documents_or_none_break_the_fourth_and_another_sum_the_sixth()
    {
        held.Add(held[0]);
        held.RemoveAt(1);
        held[2] = held[2] with { Total = held[2].Total + 0.01m };
        Assert.Equal(2, Broken("I4").Count);
        Assert.Equal(3, Broken("I6").Count);
    }

    [Fact]
    public void A_customer_that_is_in_the_ERP_twice_breaks_the_fifth() => Assert.Single(Broken("I5", twiceTheSameCustomer: 1));

    [Fact]
    public void A_lost_mail_and_more_repeats_than_kills_explain_break_the_eleventh()
    {
        var (first, last) = (mails.Keys.First(), mails.Keys.Last());
        mails[first] = [.. mails[first].Skip(1)];
        mails[last] = [.. mails[last], .. Enumerable.Repeat(mails[last][0], 3)];
        Assert.Equal(2, Broken("I11").Count);
    }

    private IReadOnlyList<string> Broken(string promise, int twiceTheSameCustomer = 0) => Look(twiceTheSameCustomer).Checks.Single(check => check.Promise.StartsWith(promise + " ", StringComparison.Ordinal)).Broken;

    private Invariants Look(int twiceTheSameCustomer = 0) => Invariants.Of(capture, records, "zoho", held, new SandboxSummary(held.Count, 0, held.Sum(one => one.Total), twiceTheSameCustomer), mails, mostRepeats: 2);
}
