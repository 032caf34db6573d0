using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Faults;

/// <summary>What changes several things at once is cut off from its database before one of its round trips after the other: all of it was done or nothing, and asked again it is done once.</summary>
[InCi]
public sealed class CutOperationTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>, IAsyncLifetime
{
    // More round trips than any of them has that name what it is about.
    private const int Most = 8;
    private LostAnswerLine line = null!;
    private ServiceProcess behindLine = null!;
    private HttpClient office = null!;
    private TestDevice device = null!;

    public async Task InitializeAsync()
    {
        var server = new NpgsqlConnectionStringBuilder(gateway.Environment["ConnectionStrings__gateway"]);
        line = new LostAnswerLine(server.Host!, server.Port);
        server.Port = line.Port;
        behindLine = await ServiceProcess.StartAsync("services/Gateway", new Dictionary<string, string>(gateway.Environment) { ["ConnectionStrings__gateway"] = server.ConnectionString });
        office = new HttpClient { BaseAddress = behindLine.Url };
        office.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", GatewayFixture.ApiKey);
        device = await gateway.EnrolAsync();
    }

    public async Task DisposeAsync()
    {
        device.Dispose();
        office.Dispose();
        await behindLine.DisposeAsync();
        await line.DisposeAsync();
    }

    [Fact]
    public Task F078_A_lead_that_becomes_a_customer_is_never_half_a_customer() => CutAsync(
        async () =>
        {
            var lead = An.Lead(name: $"Kiosk {Guid.NewGuid():N}");
            lead["body"]!["email"] = $"{Guid.NewGuid():N}@leads.example";
            await device.PushAsync(lead);
            return IdOf(lead);
        },
        (lead, key) => LiveAsync($"/v1/live/leads/{lead}/customer", key),
        lead => [Count("customer where customer_id", lead), Count("customer_key where customer_id", lead), Count("feed where collection = 'customers' and key", lead)]);

    [Fact]
    public Task F060_A_quote_that_becomes_an_order_is_never_half_an_order() => CutAsync(
        async () =>
        {
            var customer = An.Customer();
            var quote = An.Quote(customer: IdOf(customer));
            await device.PushAsync(customer, quote);
            return IdOf(quote);
        },
        (quote, key) => LiveAsync($"/v1/live/quotes/{quote}/order", key),
        quote =>
        [
            Count("conversion where source_id", quote), Count("record_number n join gateway.conversion c on c.target_id = n.record_id where c.source_id", quote),
            Count("outbox o join gateway.conversion c on c.target_id = o.record_id where c.source_id", quote), Orders(quote),
        ]);

    [Fact]
    public Task F045_A_merge_is_never_half_a_merge() => CutAsync(
        async () =>
        {
            var (first, second) = (An.Customer(), An.Customer());
            foreach (var one in new[] { first, second })
                (one["body"]!["name"], one["body"]!["billing"]!["postalCode"]) = ($"Kiosk {IdOf(first):N}", "4711");
            await device.PushAsync(first);
            await device.PushAsync(second);
            return IdOf(second);
        },
        async (second, _) =>
        {
            var pair = await gateway.Scalar<Guid>($"select duplicate_id from gateway.customer_duplicate where customer_id = '{second}'");
            return await office.PostAsJsonAsync($"/v1/office/duplicates/{pair}/merge", new { survivor = await gateway.Scalar<Guid>($"select other_id from gateway.customer_duplicate where duplicate_id = '{pair}'") });
        },
        second =>
        [
            Count("customer where merged_into is not null and customer_id", second), Count("record where code = 'customer.merged' and record_id", second),
            Count("customer_duplicate where decision = 'merged' and customer_id", second), Count("audit where action = 'customer.merge' and subject", second),
            // Devices were told once already that it is held.
            $"select count(*) - 1 from gateway.feed where collection = 'verdicts' and key = '{second}'",
        ]);

    // Each time one more of the round trips passes that name the subject.
    private async Task CutAsync(Func<Task<Guid>> make, Func<Guid, string, Task<HttpResponseMessage>> act, Func<Guid, string[]> effects)
    {
        var cut = 0;
        for (var passing = 0; passing < Most; passing++)
        {
            var (subject, key) = (await make(), Guid.NewGuid().ToString());
            line.CutBefore(subject.ToByteArray(bigEndian: true), passing);

            var answer = await act(subject, key);
            var found = await SumsAsync(effects(subject));
            Assert.True(found.All(one => one == 0) || found.All(one => one > 0), $"after {passing} round trips there was {string.Join(", ", found)}");
            // Behind its commit there is nothing to halve; it may be cut off from its answer there.
            if (found[0] > 0)
                break;

            Assert.True(line.WasCut && !answer.IsSuccessStatusCode, $"after {passing} round trips nothing was done: {answer.StatusCode}");
            cut++;
            var again = await act(subject, key);
            Assert.True(again.IsSuccessStatusCode, $"after {passing} round trips, again: {again.StatusCode} {await again.Content.ReadAsStringAsync()}");
            Assert.Equal(1, (await SumsAsync(effects(subject)))[0]);
        }

        Assert.InRange(cut, 2, Most - 1);
    }

    private async Task<long[]> SumsAsync(string[] effects)
    {
        var found = new long[effects.Length];
        foreach (var (i, effect) in effects.Index())
            found[i] = await gateway.Scalar<long>(effect);
        return found;
    }

    private async Task<HttpResponseMessage> LiveAsync(string path, string key)
    {
        using var http = new HttpClient { BaseAddress = behindLine.Url };
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", device.AccessToken);
        request.Headers.Add("Idempotency-Key", key);
        return await http.SendAsync(request);
    }

    private static string Count(string which, Guid id) => $"select count(*) from gateway.{which} = '{id}'";

    private static string Orders(Guid quote) =>
        $"select count(*) from gateway.record r join gateway.capture c using (company_id, record_id, rev, sha256) where r.kind = 'order' and convert_from(c.bytes, 'UTF8')::jsonb -> 'body' ->> 'sourceQuote' = '{quote}'";

    private static Guid IdOf(JsonObject record) => record["id"]!.GetValue<Guid>();
}
