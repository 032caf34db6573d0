using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OrderSync.Gateway.Tests.Policies;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Customers;

/// <summary>Codes of customers: typed, given by the company's pattern, and looked up.</summary>
[Collection("office-2")]
public sealed class CustomerCodeTests(GatewayFixture gateway)
{
    [Fact]
    public async Task F076_Customers_captured_without_a_code_get_one_of_the_pattern_no_two_the_same_under_parallel_writers()
    {
        var head = $"P{Guid.NewGuid():N}"[..8];
        await gateway.CustomerAsync(code: Expected(3));
        await using var setting = await gateway.SetAsync("customerCode", $"{head}-{{yy}}-{{n:0000}}");
        using var device = await gateway.EnrolAsync();
        var typed = An.Customer();
        typed["body"]!["code"] = Expected(5);
        await device.PushAsync(typed);
        Guid[] ids = [.. Enumerable.Range(0, 16).Select(_ => Guid.CreateVersion7())];

        await Task.WhenAll(ids.Chunk(2).Select(pair => device.PushAsync([.. pair.Select(id => An.Customer(id))])));
        await device.PushAsync([.. ids.Select(id => An.Customer(id))]);

        var list = string.Join(',', ids.Select(id => $"'{id}'"));
        var given = (await gateway.Scalar<string>($"select string_agg(code, ' ' order by code) from gateway.customer where customer_id in ({list})")).Split(' ');
        Assert.Equal(Enumerable.Range(1, 18).Where(n => n is not (3 or 5)).Select(Expected), given);
        Assert.Equal(Expected(5), await gateway.Scalar<string>($"select captured_code from gateway.customer where customer_id = '{typed["id"]!.GetValue<Guid>()}' and code is null"));
        Assert.Contains($"\"code\":\"{given[0]}\"", (await (await device.GetAsync("/v1/sync/pull")).Content.ReadAsStringAsync()).Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);

        string Expected(int n) => string.Create(CultureInfo.InvariantCulture, $"{head}-{DateTimeOffset.UtcNow:yy}-{n:0000}");
    }

    [Fact]
    public async Task F075_Of_two_devices_that_give_the_same_code_to_their_customers_at_the_same_moment_one_has_it_and_orders_by_it_are_that_ones()
    {
        var (code, reps) = ($"T-{Guid.NewGuid():N}", await Task.WhenAll(Enumerable.Range(0, 4).Select(i => gateway.EnrolAsync($"Rep {i}"))));
        var customers = reps.Select(_ => An.Customer()).ToArray();
        foreach (var customer in customers)
            customer["body"]!["code"] = code;

        var verdicts = await Task.WhenAll(reps.Select((rep, i) => rep.PushAsync(customers[i])));

        Assert.All(verdicts, answer => Assert.Equal("accepted", answer[0].Outcome()));
        Assert.Equal(3, verdicts.Count(answer => answer[0].Code() == "customer.codeTaken"));
        var winner = customers[Array.FindIndex(verdicts, answer => answer[0].Code() is null)]["id"]!.GetValue<Guid>();
        var order = Order(code);
        await reps[0].PushAsync(order);
        Assert.Equal(winner, await CustomerOfAsync(order));
        foreach (var rep in reps)
            rep.Dispose();
    }

    [Fact]
    public async Task F075_While_the_office_adds_codes_orders_by_them_are_held_or_linked_and_never_to_another_customer()
    {
        using var device = await gateway.EnrolAsync();
        var codes = Enumerable.Range(0, 6).Select(_ => $"K-{Guid.NewGuid():N}").ToArray();
        var orders = codes.SelectMany(code => Enumerable.Range(0, 3).Select(_ => (Code: code, Order: Order(code)))).ToArray();
        var customers = new Dictionary<string, Guid>();

        await Task.WhenAll(
            Task.WhenAll(orders.Select(one => device.PushAsync(one.Order))),
            Task.Run(async () =>
            {
                foreach (var code in codes.Reverse().Skip(1))
                    customers[code] = await gateway.CustomerAsync(code: code);
            }));

        foreach (var (code, order) in orders.Where(one => one.Code != codes[^1]))
        {
            await Eventually.GetAsync(() => gateway.RecordAsync(order["id"]!.GetValue<Guid>()), found => found.GetProperty("state").GetString() == "accepted", "the order goes on");
            Assert.Equal(customers[code], await CustomerOfAsync(order));
        }

        Assert.Equal(3, await gateway.Scalar<long>($"select count(*) from gateway.record where state = 'held' and code = 'customer.codeUnknown' and customer_id is null and params ->> 'code' = '{codes[^1]}'"));
    }

    private static JsonObject Order(string code)
    {
        var order = An.Order();
        order["body"]!["customer"] = new JsonObject { ["code"] = code };
        return order;
    }

    private Task<Guid> CustomerOfAsync(JsonObject order) => gateway.Scalar<Guid>($"select customer_id from gateway.record where record_id = '{order["id"]!.GetValue<Guid>()}'");
}
