using System.Net;
using System.Net.Http.Json;
using Npgsql;
using OrderSync.Gateway.Tests.Devices;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Feed;

/// <summary>Devices that are on line hear at once that there is something to pull, and hold nothing for it.</summary>
[Collection("gateway-2")]
public sealed class NudgeTests(GatewayFixture gateway)
{
    [Fact]
    public async Task F034_A_device_that_listens_is_asked_to_pull_when_it_begins_and_whenever_something_for_it_was_committed()
    {
        using var device = await gateway.EnrolAsync();
        using var line = await NudgeLine.OpenAsync(gateway.Gateway.Url, device);
        await line.PullsAsync();

        await ChangeAsync(gateway.Office);
        await line.PullsAsync();

        using var another = await gateway.EnrolAsync();
        await another.PushAsync(An.Customer());
        await line.PullsAsync();
    }

    [Fact]
    public async Task What_is_for_one_device_wakes_no_other_and_a_second_line_of_a_device_ends_its_first()
    {
        using var seller = await gateway.EnrolAsync("Ada");
        using var other = await gateway.EnrolAsync("Grace");
        var customer = Guid.CreateVersion7();
        await seller.PushAsync(An.Customer(customer));
        using var sellers = await NudgeLine.OpenAsync(gateway.Gateway.Url, seller);
        using var others = await NudgeLine.OpenAsync(gateway.Gateway.Url, other);
        await sellers.PullsAsync();
        await others.PullsAsync();

        await seller.PushAsync(An.Order(customer: customer));
        await sellers.PullsAsync();

        using var again = await NudgeLine.OpenAsync(gateway.Gateway.Url, other);
        await others.EndsAsync("replaced");
        await again.PullsAsync();
    }

    [Fact]
    [InCi]
    public async Task Whoever_listens_holds_no_connection_of_the_database_and_one_device_too_many_is_told_when_to_ask_again()
    {
        const int Most = 12;
        var environment = gateway.Environment;
        environment["ConnectionStrings__gateway"] = new NpgsqlConnectionStringBuilder(environment["ConnectionStrings__gateway"]) { MaxPoolSize = 4 }.ConnectionString;
        environment["Nudge__Listeners"] = $"{Most}";
        await using var small = await ServiceProcess.StartAsync("services/Gateway", environment);
        var lines = new List<NudgeLine>();
        var devices = new List<TestDevice>();
        for (var i = 0; i <= Most; i++)
            devices.Add(await gateway.EnrolAsync());
        foreach (var device in devices.Take(Most))
            lines.Add(await NudgeLine.OpenAsync(small.Url, device));

        var (http, answer) = await NudgeLine.AskAsync(small.Url, devices[Most]);
        // A line that was opened has no end to be read to.
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "nudge.tooMany"), await Task.FromResult(answer).CodeAsync());
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 60, 300);
        using var office = new HttpClient { BaseAddress = small.Url };
        office.DefaultRequestHeaders.Authorization = new("Bearer", GatewayFixture.ApiKey);
        await ChangeAsync(office);
        foreach (var line in lines)
            await line.PullsAsync();

        // A line that was given up makes room.
        lines[0].Dispose();
        await Eventually.TrueAsync(async () =>
        {
            var (again, said) = await NudgeLine.AskAsync(small.Url, devices[Most]);
            using (again)
            using (said)
                return said.StatusCode == HttpStatusCode.OK;
        }, "there is room again");
        http.Dispose();
        lines.ForEach(line => line.Dispose());
        devices.ForEach(device => device.Dispose());
    }

    [Fact]
    [InCi]
    public async Task Whoever_is_revoked_hears_nothing_more()
    {
        var environment = gateway.Environment;
        environment["Nudge__StandingSeconds"] = "0.1";
        await using var attentive = await ServiceProcess.StartAsync("services/Gateway", environment);
        using var device = await gateway.EnrolAsync();
        using var line = await NudgeLine.OpenAsync(attentive.Url, device);
        await line.PullsAsync();

        (await gateway.Office.PostAsJsonAsync($"/v1/office/devices/{device.Id}/revoke", new { reason = "lost" })).EnsureSuccessStatusCode();

        await line.EndsAsync("revoked");
        var (http, answer) = await NudgeLine.AskAsync(attentive.Url, device);
        Assert.Equal((HttpStatusCode.Unauthorized, "device.revoked"), await Task.FromResult(answer).CodeAsync());
        http.Dispose();
    }

    private static async Task ChangeAsync(HttpClient office) => (await office.PutAsJsonAsync("/v1/office/products", new
    {
        products = new[] { new { sku = $"NEW-{Guid.NewGuid():N}", name = "Brand new", price = 10.00m } },
    })).EnsureSuccessStatusCode();
}
