using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Money;
using OrderSync.Money.Tests.Corpus;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Sync;

/// <summary>The money corpus pushed through a gateway: its first thousand orders, in the full tier all five thousand.</summary>
public sealed class MoneyCorpusTests(CorpusGateway gateway) : IClassFixture<CorpusGateway>
{
    private static readonly string[] Figures = ["subtotal", "discount", "tax", "total"];

    private static IReadOnlyList<CorpusOrder> Orders => Servers.Full ? MoneyCorpus.Orders : [.. MoneyCorpus.Orders.Take(250)];

    public static TheoryData<string> Policies => [.. MoneyCorpus.Policies.Keys];

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task F038_Every_order_of_the_corpus_is_accepted_and_stored_to_the_cent_on_its_own_customer(string policy)
    {
        var sent = Orders.Select(order => (Order: order, Record: gateway.Record(order, policy, order.Totals[policy]))).ToList();

        var verdicts = await gateway.PushAsync(sent.Select(one => one.Record));

        var stored = await gateway.StoredAsync(sent.Select(one => one.Record.Id));
        var tie = policy.Split('/')[1];
        Assert.Equal(sent.Count, stored.Count);
        for (var i = 0; i < sent.Count; i++)
        {
            var (order, (id, json)) = sent[i];
            Assert.True(verdicts[i].GetProperty("outcome").GetString() == "accepted", $"{order}: {verdicts[i]}");
            Assert.Equal(("accepted", order.Order.GetProperty("currency").GetString(), order.Totals[policy].Total), (stored[id].State, stored[id].Currency, stored[id].Total));
            Assert.Equal(order.Amounts[tie], stored[id].Amounts);
            Assert.Equal(order.Customer.Email, stored[id].CustomerEmail);
            Assert.Equal(json, stored[id].Bytes);
        }
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task F038_An_order_with_one_figure_off_by_one_unit_is_refused_with_both_figures_and_kept_as_captured(string policy)
    {
        // Each order once, under one of the policies.
        var turn = MoneyCorpus.Policies.Keys.ToList().IndexOf(policy);
        var sent = Orders.Where(order => order.Number % 4 == turn).Select(order => (Order: order, Figure: Figures[order.Number / 4 % 4], By: UnitOf(order) * (order.Number / 16 % 2 == 0 ? 1 : -1)))
            .Select(one => (one.Order, one.Figure, one.By, Record: gateway.Record(one.Order, policy, Change(one.Order.Totals[policy], one.Figure, one.By)))).ToList();

        var verdicts = await gateway.PushAsync(sent.Select(one => one.Record));

        var stored = await gateway.StoredAsync(sent.Select(one => one.Record.Id));
        for (var i = 0; i < sent.Count; i++)
        {
            var (order, figure, by, (id, json)) = sent[i];
            Assert.True(verdicts[i].GetProperty("outcome").GetString() == "refused", $"{order} with another {figure}: {verdicts[i]}");
            Assert.Equal(("order.totals", $"totals.{figure}"), (verdicts[i].GetProperty("code").GetString(), verdicts[i].GetProperty("field").GetString()));
            var (right, captured) = (stored[id].Params["computed"], stored[id].Params["captured"]);
            Assert.Equal((Of(order.Totals[policy], figure), by), (Number(right), Number(captured) - Number(right)));
            Assert.Contains(right, verdicts[i].GetProperty("message").GetString(), StringComparison.Ordinal);
            Assert.Contains(captured, verdicts[i].GetProperty("message").GetString(), StringComparison.Ordinal);
            Assert.Equal(("refused", json), (stored[id].State, stored[id].Bytes));
            Assert.Empty(stored[id].Amounts);
        }
    }

    [Fact]
    public async Task F038_Twenty_customers_who_share_a_name_keep_their_orders_apart()
    {
        var theirs = Orders.Where(order => order.Customer.Name == "Maria Silva").ToList();
        var sent = theirs.Select(order => gateway.Record(order, "document/halfUp", order.Totals["document/halfUp"])).ToList();

        await gateway.PushAsync(sent);

        var stored = await gateway.StoredAsync(sent.Select(record => record.Id));
        var wanted = theirs.GroupBy(order => order.Customer.Email).ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal(20, wanted.Count);
        Assert.Equal(wanted, stored.Values.GroupBy(order => order.CustomerEmail!).ToDictionary(group => group.Key, group => group.Count()));
    }

    [Fact]
    public async Task F064_At_every_edge_the_legal_quantity_is_accepted_and_another_is_refused_with_the_nearest_that_are_sold()
    {
        var customer = MoneyCorpus.Orders[0].Customer;
        var sent = MoneyCorpus.Quantities.Select(edge => (Edge: edge, Record: gateway.Record(OrderOf(edge, customer)))).ToList();

        var verdicts = await gateway.PushAsync(sent.Select(one => one.Record));

        var stored = await gateway.StoredAsync(sent.Select(one => one.Record.Id));
        for (var i = 0; i < sent.Count; i++)
        {
            var (edge, (id, json)) = sent[i];
            Assert.Equal((edge.Ok ? "accepted" : "refused", json), (stored[id].State, stored[id].Bytes));
            if (edge.Ok)
                continue;

            var message = verdicts[i].GetProperty("message").GetString();
            Assert.StartsWith("line.quantity.", verdicts[i].GetProperty("code").GetString(), StringComparison.Ordinal);
            Assert.Contains(CorpusGateway.SkuOf(edge), message, StringComparison.Ordinal);
            var (named, choices) = (new[] { edge.Below, edge.Above }.OfType<decimal>().ToList(), stored[id].Params["choices"].Split('|'));
            Assert.Equal(named, choices.Take(named.Count).Select(Number));
            Assert.All(choices, choice => Assert.Contains(choice, message, StringComparison.Ordinal));
        }
    }

    private static JsonObject OrderOf(CorpusQuantity edge, CorpusCustomer customer) => new()
    {
        ["customer"] = CorpusGateway.Naming(customer),
        ["currency"] = "KWD",
        ["rounding"] = new JsonObject { ["level"] = "document", ["tie"] = "halfUp" },
        ["lines"] = new JsonArray(new JsonObject { ["sku"] = CorpusGateway.SkuOf(edge), ["quantity"] = edge.Quantity, ["unitPrice"] = 1, ["taxRate"] = 0 }),
        ["totals"] = new JsonObject { ["subtotal"] = edge.Quantity, ["discount"] = 0, ["tax"] = 0, ["total"] = edge.Quantity },
    };

    private static decimal UnitOf(CorpusOrder order) => new(1, 0, 0, false, (byte)Currencies.Decimals(order.Order.GetProperty("currency").GetString()!)!);

    private static decimal Of(CorpusTotals totals, string figure) => figure switch
    {
        "subtotal" => totals.Subtotal,
        "discount" => totals.Discount,
        "tax" => totals.Tax,
        _ => totals.Total,
    };

    private static CorpusTotals Change(CorpusTotals totals, string figure, decimal by) => figure switch
    {
        "subtotal" => totals with { Subtotal = totals.Subtotal + by },
        "discount" => totals with { Discount = totals.Discount + by },
        "tax" => totals with { Tax = totals.Tax + by },
        _ => totals with { Total = totals.Total + by },
    };

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
