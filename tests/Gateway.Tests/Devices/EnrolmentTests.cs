using System.Net;
using System.Text.Json;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Devices;

[Collection("gateway-2")]
public sealed class EnrolmentTests(GatewayFixture gateway)
{
    [Fact]
    public async Task F001_A_code_is_bound_to_the_first_key_that_presents_it_and_may_be_exchanged_again_by_that_key()
    {
        var code = await TestDevice.CodeAsync(gateway.Office);
        using var device = await gateway.EnrolAsync();
        using var thief = await gateway.EnrolAsync();

        Assert.Equal(HttpStatusCode.Created, (await device.EnrolAsync(code.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal))).StatusCode);
        var id = device.Id;
        Assert.Equal(HttpStatusCode.Created, (await device.EnrolAsync(code)).StatusCode);
        Assert.Equal(id, device.Id);
        var stolen = await thief.EnrolAsync(code);
        Assert.Equal(HttpStatusCode.Conflict, stolen.StatusCode);
        Assert.Contains("enrol.codeUsed", await stolen.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await thief.EnrolAsync("AAAA-BBBB-CCCC")).StatusCode);
    }

    [Fact]
    public async Task F001_The_same_hardware_and_key_with_a_new_code_stays_the_same_device()
    {
        using var device = await gateway.EnrolAsync();
        var id = device.Id;
        Assert.Equal(HttpStatusCode.Created, (await device.EnrolAsync(await TestDevice.CodeAsync(gateway.Office, "Grace"))).StatusCode);
        Assert.Equal(id, device.Id);
    }

    [Fact]
    public async Task F003_The_refresh_token_before_stays_good_until_its_successor_is_used()
    {
        using var device = await gateway.EnrolAsync();
        var first = device.RefreshToken;

        var lost = await device.RefreshAsync(first);
        Assert.Equal(HttpStatusCode.OK, lost.StatusCode);
        var again = await device.RefreshAsync(first);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        var second = JsonDocument.Parse(await again.Content.ReadAsStringAsync()).RootElement.GetProperty("refreshToken").GetString()!;
        Assert.Equal(HttpStatusCode.OK, (await device.RefreshAsync(second)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await device.RefreshAsync(first)).StatusCode);
    }

    [Fact]
    public async Task F003_Whichever_of_two_answers_to_a_repeated_refresh_the_device_keeps_goes_on()
    {
        using var device = await gateway.EnrolAsync();
        var parent = device.RefreshToken;
        var kept = await TokenOf(await device.RefreshAsync(parent));
        var overtaken = await TokenOf(await device.RefreshAsync(parent));

        Assert.Equal(HttpStatusCode.OK, (await device.RefreshAsync(kept)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await device.RefreshAsync(overtaken)).StatusCode);

        static async Task<string> TokenOf(HttpResponseMessage answer) =>
            JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("refreshToken").GetString()!;
    }

    [Fact]
    public async Task A_refresh_token_without_the_devices_signature_is_worth_nothing()
    {
        using var device = await gateway.EnrolAsync();
        using var thief = await gateway.EnrolAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await thief.RefreshAsync(device.RefreshToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await device.RefreshAsync()).StatusCode);
    }

    [Fact]
    public async Task A_revoked_device_is_refused_and_nothing_of_it_is_taken()
    {
        using var device = await gateway.EnrolAsync();
        await gateway.Execute($"update gateway.device set revoked_at = now() where device_id = '{device.Id}'");
        var customer = An.Customer();

        var answer = await device.SendAsync(An.Push(customer));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("device.revoked", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await gateway.Scalar<long>($"select count(*) from gateway.record where record_id = '{customer["id"]!.GetValue<Guid>()}'"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await device.RefreshAsync()).StatusCode);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.")]
    public async Task A_token_that_is_not_ours_is_refused_in_plain_words(string token)
    {
        using var device = await gateway.EnrolAsync();
        var answer = await device.SendAsync(An.Push(An.Customer()), token: token);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("token.invalid", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_hashes_of_keys_codes_and_tokens_are_in_the_database()
    {
        var code = await TestDevice.CodeAsync(gateway.Office);
        using var device = await gateway.EnrolAsync();
        foreach (var (table, secret) in new[] { ("api_key", GatewayFixture.ApiKey), ("enrolment_code", code), ("refresh_token", device.RefreshToken) })
            Assert.Equal(0, await gateway.Scalar<long>($"select count(*) from gateway.{table} t where t::text like '%{secret}%' or encode(t.hash, 'escape') like '%{secret}%'"));
    }
}
