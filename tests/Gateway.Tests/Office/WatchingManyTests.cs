using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Testing;
using Xunit.Abstractions;

namespace OrderSync.Gateway.Tests.Office;

/// <summary>What the overview and Needs attention ask, of a company with very many orders: right, and quick in the full tier.</summary>
[Collection("many orders")]
public sealed class WatchingManyTests(ManyOrders orders, ITestOutputHelper output)
{
    private const int Times = 20;

    [Theory]
    [InlineData("flow", 50)]
    [InlineData("attention", 300)]
    [InlineData("attention?reason=refused&limit=50", 300)]
    [InlineData("attention?connection=books&reason=attention&limit=50", 300)]
    [InlineData("attention/groups", 300)]
    public async Task F114_What_is_looked_at_all_day_answers_at_once_however_many_there_are(string path, int milliseconds)
    {
        var office = orders.Gateway.Office;
        var took = new List<double>();
        for (var i = 0; i < (Servers.Full ? Times : 2); i++)
        {
            var watch = Stopwatch.StartNew();
            using var answer = await office.GetAsync($"/v1/office/{path}");
            await answer.Content.ReadAsByteArrayAsync();
            Assert.True(answer.IsSuccessStatusCode, path);
            took.Add(watch.Elapsed.TotalMilliseconds);
        }

        var ordered = took.Order().ToList();
        var (middle, p95) = (ordered[took.Count / 2], ordered[(int)Math.Ceiling(took.Count * 0.95) - 1]);
        output.WriteLine($"{path}: first {took[0]:0} ms, median {middle:0} ms, p95 {p95:0} ms of {took.Count}");
        if (Servers.Full)
            Assert.True(p95 <= milliseconds, $"{path}: p95 {p95:0} ms");
    }

    [Fact]
    public async Task What_needs_a_person_is_counted_alike_by_the_list_its_groups_and_the_overview()
    {
        var (flow, list, groups) = (await AskAsync("flow"), await AskAsync("attention"), await AskAsync("attention/groups"));

        var counted = await orders.Gateway.Scalar<long>("select (select count(*) from gateway.record where state in ('held', 'refused')) + (select count(*) from gateway.delivery where state = 'attention')");
        Assert.Equal(counted, list.GetProperty("total").GetInt64());
        Assert.Equal(counted, groups.GetProperty("total").GetInt64());
        Assert.Equal(counted, flow.GetProperty("attention").EnumerateObject().Sum(reason => reason.Value.GetInt64()));
        var pending = flow.GetProperty("connections").EnumerateArray().Single(one => one.GetProperty("name").GetString() == "books").GetProperty("backlog").GetProperty("pending").GetInt64();
        Assert.Equal(await orders.Gateway.Scalar<long>("select count(*) from gateway.delivery where state = 'pending'"), pending);
    }

    [Fact]
    public async Task F058_A_large_group_is_stopped_and_reopened_in_short_transactions_and_stands_as_it_stood()
    {
        var held = await orders.Gateway.Scalar<long>("select count(*) from gateway.record where state = 'held'");

        var (stopped, stopping) = await ActAsync("stop", new { reason = "held", connection = "" });
        var (reopened, reopening) = await ActAsync("reopen", new { reason = "stopped", connection = "" });
        var (retried, retrying) = await ActAsync("retry", new { reason = "attention", connection = "books" });

        output.WriteLine($"{held} held: stopped in {stopping:0} ms, reopened in {reopening:0} ms; {retried} tried again in {retrying:0} ms");
        Assert.Equal((held, held), (stopped, reopened));
        Assert.Equal(held, await orders.Gateway.Scalar<long>("select count(*) from gateway.record where state = 'held'"));
        Assert.Equal(0, await orders.Gateway.Scalar<long>("select count(*) from (select tx from gateway.feed group by tx having count(*) > 500) many"));
    }

    private async Task<(long Done, double Milliseconds)> ActAsync(string verb, object order)
    {
        var watch = Stopwatch.StartNew();
        using var answer = await orders.Gateway.Office.PostAsJsonAsync($"/v1/office/attention/{verb}", order);
        answer.EnsureSuccessStatusCode();
        var done = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(0, done.GetProperty("left").GetInt64());
        return (done.GetProperty("done").GetInt64(), watch.Elapsed.TotalMilliseconds);
    }

    private Task<JsonElement> AskAsync(string path) => orders.Gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/{path}");
}
