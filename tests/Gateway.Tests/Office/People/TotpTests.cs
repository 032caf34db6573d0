using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Gateway.Tests.Devices;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Office.People;

/// <summary>Codes of an authenticator app, and recovery codes for who lost it.</summary>
[Collection("office")]
[InCi]
public sealed class TotpTests(GatewayFixture gateway)
{
    [Fact]
    public async Task A_code_is_asked_for_once_it_was_confirmed_and_opens_once()
    {
        using var person = await TestPerson.JoinAsync(gateway, "viewer");
        using var elsewhere = await person.AgainAsync();
        var (secret, _) = await TurnOnAsync(person);

        Assert.Equal(HttpStatusCode.Unauthorized, (await elsewhere.Office.GetAsync("/v1/office/me")).StatusCode);
        Assert.Equal((HttpStatusCode.Unauthorized, "signIn.codeNeeded"), await person.TryAsync().CodeAsync());
        Assert.Equal((HttpStatusCode.Unauthorized, "signIn.wrong"), await person.TryAsync("not the password", Totp.Code(secret, 1)).CodeAsync());
        Assert.Equal((HttpStatusCode.Unauthorized, "signIn.codeWrong"), await person.TryAsync(code: Totp.Code(secret, 50)).CodeAsync());
        var code = Totp.Code(secret, 1);
        var both = await Task.WhenAll(person.TryAsync(code: code), person.TryAsync(code: code));
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Unauthorized], both.Select(answer => answer.StatusCode).Order());
        Assert.Equal((HttpStatusCode.Unauthorized, "signIn.codeWrong"), await person.TryAsync(code: code).CodeAsync());
    }

    [Fact]
    public async Task The_code_that_turned_it_on_opens_nothing_more()
    {
        using var person = await TestPerson.JoinAsync(gateway, "viewer");
        var begun = await (await person.Office.PostAsync("/v1/office/me/totp", null)).Content.ReadFromJsonAsync<JsonElement>();
        var code = Totp.Code(begun.GetProperty("secret").GetString()!);
        (await person.Office.PutAsJsonAsync("/v1/office/me/totp", new { code, password = TestPerson.Password })).EnsureSuccessStatusCode();

        Assert.Equal((HttpStatusCode.Unauthorized, "signIn.codeWrong"), await person.TryAsync(code: code).CodeAsync());
    }

    [Fact]
    public async Task A_recovery_code_opens_once_and_it_says_how_many_are_left()
    {
        using var person = await TestPerson.JoinAsync(gateway, "viewer");
        var (_, codes) = await TurnOnAsync(person);
        Assert.Equal(10, codes.Distinct().Count());

        Assert.Equal(HttpStatusCode.OK, (await person.TryAsync(code: codes[3].ToLowerInvariant())).StatusCode);

        Assert.Equal((HttpStatusCode.Unauthorized, "signIn.codeWrong"), await person.TryAsync(code: codes[3]).CodeAsync());
        var me = await person.Office.GetFromJsonAsync<JsonElement>("/v1/office/me");
        Assert.Equal((true, 9), (me.GetProperty("totp").GetBoolean(), me.GetProperty("recoveryCodes").GetInt32()));
    }

    [Fact]
    public async Task Wrong_codes_lock_like_wrong_passwords()
    {
        using var person = await TestPerson.JoinAsync(gateway, "viewer");
        var (secret, _) = await TurnOnAsync(person);
        for (var attempt = 0; attempt < 5; attempt++)
            await person.TryAsync(code: Totp.Code(secret, 50 + attempt));

        Assert.Equal((HttpStatusCode.TooManyRequests, "signIn.locked"), await person.TryAsync(code: Totp.Code(secret, 1)).CodeAsync());
    }

    [Fact]
    public async Task Turning_it_off_needs_the_password_and_turning_it_on_a_right_code_too()
    {
        using var person = await TestPerson.JoinAsync(gateway, "viewer");
        Assert.Equal((HttpStatusCode.Conflict, "totp.notBegun"), await person.Office.PutAsJsonAsync("/v1/office/me/totp", new { code = "123456", password = TestPerson.Password }).CodeAsync());
        var begun = await (await person.Office.PostAsync("/v1/office/me/totp", null)).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((HttpStatusCode.BadRequest, "totp.codeWrong"), await person.Office.PutAsJsonAsync("/v1/office/me/totp", new { code = Totp.Code(begun.GetProperty("secret").GetString()!, 50), password = TestPerson.Password }).CodeAsync());
        foreach (var (password, no) in new[] { ("not the password", "password.wrong"), ("", "password.missing") })
            Assert.Equal((HttpStatusCode.BadRequest, no), await person.Office.PutAsJsonAsync("/v1/office/me/totp", new { code = Totp.Code(begun.GetProperty("secret").GetString()!), password }).CodeAsync());
        Assert.Equal(HttpStatusCode.OK, (await person.TryAsync()).StatusCode);
        await TurnOnAsync(person);
        Assert.Equal((HttpStatusCode.Conflict, "totp.on"), await person.Office.PostAsync("/v1/office/me/totp", null).CodeAsync());
        Assert.Equal((HttpStatusCode.BadRequest, "password.wrong"), await OffAsync("not the password"));

        using var off = new HttpRequestMessage(HttpMethod.Delete, "/v1/office/me/totp") { Content = JsonContent.Create(new { password = TestPerson.Password }) };
        Assert.Equal(HttpStatusCode.NoContent, (await person.Office.SendAsync(off)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await person.TryAsync()).StatusCode);

        async Task<(HttpStatusCode Status, string? Code)> OffAsync(string password)
        {
            using var request = new HttpRequestMessage(HttpMethod.Delete, "/v1/office/me/totp") { Content = JsonContent.Create(new { password }) };
            return await person.Office.SendAsync(request).CodeAsync();
        }
    }

    internal static async Task<(string Secret, string[] Codes)> TurnOnAsync(TestPerson person)
    {
        var begun = await (await person.Office.PostAsync("/v1/office/me/totp", null)).Content.ReadFromJsonAsync<JsonElement>();
        var secret = begun.GetProperty("secret").GetString()!;
        Assert.Contains($"secret={secret}&issuer=OrderSync", begun.GetProperty("uri").GetString(), StringComparison.Ordinal);
        var confirmed = await person.Office.PutAsJsonAsync("/v1/office/me/totp", new { code = Totp.Code(secret), password = TestPerson.Password });
        Assert.True(confirmed.IsSuccessStatusCode, await confirmed.Content.ReadAsStringAsync());
        return (secret, [.. (await confirmed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("codes").EnumerateArray().Select(code => code.GetString()!)]);
    }
}
