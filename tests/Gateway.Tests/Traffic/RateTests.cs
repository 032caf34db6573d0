using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using OrderSync.Gateway.Tests.Devices;
using OrderSync.Gateway.Traffic;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Traffic;

/// <summary>Limits on how often: each test has a gateway of its own with small figures, beside the shared one on the same database.</summary>
[Collection("gateway")]
[InCi]
public sealed class RateTests(GatewayFixture gateway)
{
    private const string WrongCode = "AAAA-BBBB-CCCC";

    [Fact]
    public async Task F047_A_device_beyond_its_advertised_rate_is_told_when_to_come_again_nothing_is_stored_and_others_go_on()
    {
        await using var small = await StartAsync(("Limits__Device__Burst", "5"), ("Limits__Device__PerSecond", "1"));
        using var device = await TestDevice.EnrolAsync(gateway.Office, small.Url, "Ada");
        using var other = await TestDevice.EnrolAsync(gateway.Office, small.Url, "Grace");
        using var http = new HttpClient { BaseAddress = small.Url };
        var rate = (await http.GetFromJsonAsync<JsonElement>("/v1/capabilities")).GetProperty("rates").GetProperty("device");
        Assert.Equal((5, 1), (rate.GetProperty("burst").GetInt32(), rate.GetProperty("perSecond").GetInt32()));
        var started = Stopwatch.StartNew();

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => device.SendAsync(An.Push(An.Customer()))));

        var taken = answers.Count(answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.InRange(taken, 5, 5 + (int)Math.Ceiling(started.Elapsed.TotalSeconds));
        var refused = answers.First(answer => answer.StatusCode != HttpStatusCode.OK);
        Assert.Equal((HttpStatusCode.TooManyRequests, "rate.device"), await refused.CodeAsync());
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 30);
        Assert.Equal(taken, await gateway.Scalar<long>($"select count(*) from gateway.record where device_id = '{device.Id}'"));
        await other.PushAsync(An.Customer());
        await Eventually.TrueAsync(async () => (await device.SendAsync(An.Push(An.Customer()))).StatusCode == HttpStatusCode.OK, "the device's bucket fills again");
    }

    [Fact]
    public async Task F047_F132_Who_finds_no_room_for_its_body_is_told_when_to_come_again_and_is_taken_once_there_is()
    {
        await using var small = await StartAsync(("Limits__BodyMegabytes", "96"));
        using var device = await TestDevice.EnrolAsync(gateway.Office, small.Url, "Ada");
        var slow = new List<TcpClient>();
        HttpResponseMessage? refused = null;
        await Eventually.TrueAsync(async () =>
        {
            // A company alone may hold half: six that announce 4 MB and send none of it have the 48 MB, until they are cut off as too slow.
            slow.AddRange(await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => AnnounceAsync(small, device, 4 * 1024 * 1024))));
            refused = await device.SendAsync(An.Push(An.Customer()));
            return refused.StatusCode != HttpStatusCode.OK;
        }, "the room is full");
        Assert.Equal((HttpStatusCode.TooManyRequests, "server.full"), await refused!.CodeAsync());
        Assert.InRange(refused!.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 5, 30);

        foreach (var line in slow)
            line.Dispose();
        await Eventually.TrueAsync(async () => (await device.SendAsync(An.Push(An.Customer()))).StatusCode == HttpStatusCode.OK, "there is room again");
    }

    [Fact]
    public async Task A_company_beyond_its_rate_is_told_so_and_another_company_goes_on()
    {
        const string OtherKey = "os_test-key-of-the-rate-tests-0004";
        await GatewayFixture.MigrateAsync(gateway.Database.ConnectionString, "Company of the rate tests", OtherKey);
        await using var small = await StartAsync(("Limits__Company__Burst", "4"), ("Limits__Company__PerSecond", "1"));
        using var office = Office(small, GatewayFixture.ApiKey);
        using var other = Office(small, OtherKey);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => office.GetAsync("/v1/office/summary").CodeAsync()));

        Assert.Contains((HttpStatusCode.TooManyRequests, "rate.company"), answers);
        Assert.InRange(answers.Count(answer => answer.Status == HttpStatusCode.OK), 4, 39);
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/v1/office/summary")).StatusCode);
    }

    [Fact]
    public async Task Whoever_guesses_codes_is_held_up_at_once_however_many_tries_come_at_once_and_burns_no_code()
    {
        await using var small = await StartAsync(("Limits__AddressFailures", "5"));
        var code = await TestDevice.CodeAsync(gateway.Office);
        using var guesser = TestDevice.New(small.Url);

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => guesser.EnrolAsync(WrongCode)));

        // Eight tries run at one time; each of them may have begun before the fifth had failed.
        Assert.InRange(answers.Count(answer => answer.StatusCode == HttpStatusCode.NotFound), 5, 12);
        var refused = answers.First(answer => answer.StatusCode != HttpStatusCode.NotFound);
        Assert.Equal((HttpStatusCode.TooManyRequests, "rate.address"), await refused.CodeAsync());
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal((HttpStatusCode.TooManyRequests, "rate.address"), await guesser.EnrolAsync(code).CodeAsync());

        using var elsewhere = TestDevice.New(gateway.Gateway.Url);
        Assert.Equal(HttpStatusCode.Created, (await elsewhere.EnrolAsync(code)).StatusCode);
    }

    [Fact]
    public async Task Guesses_from_many_addresses_together_reach_the_limit_of_the_installation_and_only_enrolment_waits()
    {
        await using var small = await StartAsync(("Limits__CodeFailures", "6"), ("Limits__Proxies__0", "127.0.0.0/8"));
        using var device = await TestDevice.EnrolAsync(gateway.Office, small.Url, "Ada");
        var answers = new List<(HttpStatusCode Status, string? Code)>();
        for (var i = 1; i <= 7; i++)
            answers.Add(await EnrolFromAsync(small, $"203.0.113.{i}"));

        Assert.Equal(6, answers.Count(answer => answer.Code == "enrol.codeUnknown"));
        Assert.Equal((HttpStatusCode.TooManyRequests, "rate.enrolment"), answers[^1]);
        await device.RenewAsync();
    }

    [Fact]
    public async Task Failures_count_for_the_address_a_known_proxy_names_and_a_stranger_cannot_name_one()
    {
        await using var behindProxy = await StartAsync(("Limits__AddressFailures", "2"), ("Limits__Proxies__0", "127.0.0.1"));
        for (var i = 0; i < 2; i++)
            Assert.Equal("enrol.codeUnknown", (await EnrolFromAsync(behindProxy, "203.0.113.9")).Code);
        Assert.Equal("rate.address", (await EnrolFromAsync(behindProxy, "203.0.113.9")).Code);
        Assert.Equal("enrol.codeUnknown", (await EnrolFromAsync(behindProxy, "203.0.113.10")).Code);
        // An IPv6 household has 2^64 addresses and one counter.
        for (var i = 1; i <= 2; i++)
            Assert.Equal("enrol.codeUnknown", (await EnrolFromAsync(behindProxy, $"2001:db8:1:2::{i}")).Code);
        Assert.Equal("rate.address", (await EnrolFromAsync(behindProxy, "2001:db8:1:2:ffff::3")).Code);

        await using var direct = await StartAsync(("Limits__AddressFailures", "2"));
        for (var i = 0; i < 2; i++)
            Assert.Equal("enrol.codeUnknown", (await EnrolFromAsync(direct, $"203.0.113.{i}")).Code);
        Assert.Equal("rate.address", (await EnrolFromAsync(direct, "203.0.113.99")).Code);
    }

    [Fact]
    public async Task Wrong_keys_and_tokens_hold_up_their_address_but_not_what_was_right_there_before()
    {
        await using var small = await StartAsync(("Limits__AddressFailures", "3"));
        using var office = Office(small, GatewayFixture.ApiKey);
        using var wrong = Office(small, "os_wrong");
        using var device = await TestDevice.EnrolAsync(gateway.Office, small.Url, "Ada");
        using var stranger = await gateway.EnrolAsync();
        Assert.Equal(HttpStatusCode.OK, (await office.GetAsync("/v1/office/summary")).StatusCode);

        Assert.Equal((HttpStatusCode.Unauthorized, "key.invalid"), await wrong.GetAsync("/v1/office/summary").CodeAsync());
        Assert.Equal((HttpStatusCode.Unauthorized, "key.invalid"), await wrong.GetAsync("/v1/office/summary").CodeAsync());
        Assert.Equal((HttpStatusCode.Unauthorized, "device.denied"), await device.RefreshAsync("or_wrong").CodeAsync());

        var refused = await wrong.GetAsync("/v1/office/summary");
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal((HttpStatusCode.TooManyRequests, "rate.address"), await refused.CodeAsync());
        Assert.Equal((HttpStatusCode.TooManyRequests, "rate.address"), await device.RefreshAsync("or_wrong").CodeAsync());
        Assert.Equal(HttpStatusCode.OK, (await office.GetAsync("/v1/office/summary")).StatusCode);
        await device.RenewAsync();
        await device.RenewAsync();
    }

    [Theory]
    [InlineData("Device:Burst", "0", "Device:Burst")]
    [InlineData("Company:PerSecond", "-1", "Company:PerSecond")]
    [InlineData("AddressFailures", "0", "AddressFailures")]
    [InlineData("Proxies:0", "the proxy", "Proxies")]
    public void A_limit_that_cannot_be_is_named(string key, string value, string named)
    {
        var limits = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [key] = value }).Build().Get<LimitSettings>()!;
        Assert.StartsWith(named, limits.WhyNot(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_that_cannot_be_keeps_the_gateway_from_starting()
    {
        var environment = gateway.Environment;
        environment["Limits__Device__Burst"] = "0";
        var (code, output) = await ServiceProcess.RunAsync("services/Gateway", environment).WaitAsync(Eventually.Patience);
        Assert.NotEqual(0, code);
        Assert.Contains("Limits:Device:Burst", output, StringComparison.Ordinal);
    }

    private async Task<ServiceProcess> StartAsync(params (string Key, string Value)[] limits)
    {
        var environment = gateway.Environment;
        foreach (var (key, value) in limits)
            environment[key] = value;
        return await ServiceProcess.StartAsync("services/Gateway", environment);
    }

    /// <summary>A push of which only the head has been sent.</summary>
    private static async Task<TcpClient> AnnounceAsync(ServiceProcess service, TestDevice device, int bytes)
    {
        var line = new TcpClient();
        await line.ConnectAsync(service.Url.Host, service.Url.Port);
        await line.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/sync/push HTTP/1.1\r\nHost: {service.Url.Authority}\r\nAuthorization: Bearer {device.AccessToken}\r\nContent-Type: application/json\r\nContent-Length: {bytes}\r\n\r\n"));
        return line;
    }

    private static HttpClient Office(ServiceProcess service, string key)
    {
        var client = new HttpClient { BaseAddress = service.Url };
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        return client;
    }

    private static async Task<(HttpStatusCode Status, string? Code)> EnrolFromAsync(ServiceProcess service, string address)
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        using var http = new HttpClient { BaseAddress = service.Url };
        http.DefaultRequestHeaders.Add("X-Forwarded-For", address);
        return await http.PostAsJsonAsync("/v1/devices/enrol", new { code = WrongCode, hardwareId = "hw", publicKey = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()) }).CodeAsync();
    }
}
