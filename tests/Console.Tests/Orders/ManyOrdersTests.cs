using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Gateway.Tests;
using OrderSync.Gateway.Tests.Office;
using OrderSync.Testing;
using Xunit.Abstractions;

namespace OrderSync.Console.Tests.Orders;

/// <summary>Lists stay quick however much is stored: the page as a browser gets it, and the gateway behind it.</summary>
public sealed class ManyOrdersTests(ManyOrders orders, ITestOutputHelper output) : IClassFixture<ManyOrders>
{
    private static readonly TimeSpan Most = TimeSpan.FromMilliseconds(300);
    private static readonly string[] Searches = ["", "?search=SO-B2-000", "?search=R-5-", "?search=Finn%20Sato", "?search=SKU-7", "?search=X-00004321", "?sku=SKU-RARE-77", "?state=held", "?destination=books&destinationState=attention"];

    [Fact]
    [InCi]
    public async Task A_page_of_orders_is_there_at_once_however_many_there_are()
    {
        await using var console = await ConsoleProcess.StartAsync(orders.Gateway.Gateway.Url);
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false });
        http.DefaultRequestHeaders.Add("Cookie", $"__Host-ordersync={GatewayFixture.ApiKey}");
        var (pages, answers) = (new List<TimeSpan>(), new List<TimeSpan>());
        var rounds = Servers.Full ? 20 : 2;
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var search in Searches)
            {
                var (page, text) = await TimedAsync(() => http.GetStringAsync(new Uri(console.Url, $"orders{search}")));
                var (answer, list) = await TimedAsync(() => orders.Gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/records{search}{(search.Length == 0 ? "?" : "&")}kind=order"));
                Assert.Contains(list.GetProperty("records")[0].GetProperty("id").GetString()!, text, StringComparison.Ordinal);
                // The first round warms both up.
                if (round == 0)
                    continue;
                pages.Add(page);
                answers.Add(answer);
            }
        }

        output.WriteLine($"{ManyOrders.Count} orders: p95 of the page {P95(pages).TotalMilliseconds:0} ms, of the gateway {P95(answers).TotalMilliseconds:0} ms; medians {Median(pages).TotalMilliseconds:0} and {Median(answers).TotalMilliseconds:0} ms");
        if (Servers.Full)
            Assert.True(P95(answers) <= Most, $"the gateway's p95 is {P95(answers)}");
    }

    private static async Task<(TimeSpan Took, T Answer)> TimedAsync<T>(Func<Task<T>> ask)
    {
        var watch = Stopwatch.StartNew();
        var answer = await ask();
        return (watch.Elapsed, answer);
    }

    private static TimeSpan P95(List<TimeSpan> times) => times.Order().ElementAt((int)Math.Ceiling(times.Count * 0.95) - 1);

    private static TimeSpan Median(List<TimeSpan> times) => times.Order().ElementAt(times.Count / 2);
}
