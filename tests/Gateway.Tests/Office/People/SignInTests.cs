using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using OrderSync.Gateway.Tests.Devices;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Office.People;

/// <summary>E-mail, password, and what a guesser learns: nothing.</summary>
[Collection("office")]
public sealed partial class SignInTests(GatewayFixture gateway)
{
    [Fact]
    public async Task A_person_signs_in_is_known_by_name_and_signs_out()
    {
        using var person = await TestPerson.JoinAsync(gateway, "office", name: "Jürgen Büro");
        using var session = await person.AgainAsync();

        var me = await session.Office.GetFromJsonAsync<JsonElement>("/v1/office/me");

        Assert.Equal(("Jürgen Büro", person.Email, "office", "First company", 2), (me.GetProperty("name").GetString(), me.GetProperty("email").GetString(), me.GetProperty("role").GetString(),
            me.GetProperty("company").GetString(), me.GetProperty("sessions").GetInt32()));
        Assert.Equal(HttpStatusCode.NoContent, (await session.Office.PostAsync("/v1/office/sign-out", null)).StatusCode);
        Assert.Equal((HttpStatusCode.Unauthorized, "session.ended"), await session.Office.GetAsync("/v1/office/me").CodeAsync());
        Assert.Equal(HttpStatusCode.OK, (await person.Office.GetAsync("/v1/office/me")).StatusCode);
    }

    [Fact]
    public async Task An_e_mail_is_the_same_in_any_case()
    {
        using var person = await TestPerson.JoinAsync(gateway, "viewer");

        Assert.Equal(HttpStatusCode.OK, (await TestPerson.TryAsync(gateway, $" {person.Email.ToUpperInvariant()} ", TestPerson.Password)).StatusCode);
    }

    [Fact]
    [InCi]
    public async Task An_e_mail_that_nobody_has_is_answered_and_locked_like_a_wrong_password_and_takes_as_long()
    {
        using var person = await TestPerson.JoinAsync(gateway, "owner");
        var nobody = $"nobody.{Guid.NewGuid():N}@people.example";
        var answers = new Dictionary<string, List<string>> { [person.Email] = [], [nobody] = [] };
        var times = new Dictionary<string, List<double>> { [person.Email] = [], [nobody] = [] };
        for (var attempt = 0; attempt < 7; attempt++)
            foreach (var email in new[] { person.Email, nobody })
            {
                var watch = Stopwatch.StartNew();
                var answer = await TestPerson.TryAsync(gateway, email, "not the password");
                times[email].Add(watch.Elapsed.TotalMilliseconds);
                var headers = string.Join(';', answer.Headers.Where(header => header.Key is not ("Date" or "Retry-After")).Select(header => header.Key));
                answers[email].Add($"{(int)answer.StatusCode} {answer.Headers.RetryAfter is not null} {headers} {TraceId().Replace(await answer.Content.ReadAsStringAsync(), "")}");
            }

        Assert.Equal(answers[person.Email], answers[nobody]);
        Assert.Contains("signIn.wrong", answers[nobody][3], StringComparison.Ordinal);
        Assert.StartsWith("429 True", answers[nobody][4], StringComparison.Ordinal);
        Assert.Contains("signIn.locked", answers[nobody][6], StringComparison.Ordinal);
        // The quickest of each: what else the machine does makes some slower, and none quicker.
        Assert.InRange(times[nobody].Take(4).Min() / times[person.Email].Take(4).Min(), 1 / 3.0, 3);
    }

    [Fact]
    public async Task A_lock_holds_for_the_right_password_too_and_ends_by_itself()
    {
        using var person = await TestPerson.JoinAsync(gateway, "viewer");
        for (var attempt = 0; attempt < 5; attempt++)
            await person.TryAsync("not the password");

        var locked = await person.TryAsync();

        Assert.Equal(HttpStatusCode.TooManyRequests, locked.StatusCode);
        Assert.InRange(locked.Headers.RetryAfter!.Delta!.Value.TotalMinutes, 14, 15);
        Assert.Equal(HttpStatusCode.OK, (await person.Office.GetAsync("/v1/office/me")).StatusCode);
        await gateway.Execute($"update gateway.sign_in_try set locked_until = now() - interval '1 second' where company_id = '{gateway.CompanyId}'");
        Assert.Equal(HttpStatusCode.OK, (await person.TryAsync()).StatusCode);
    }

    [Fact]
    public async Task Tries_side_by_side_are_all_counted()
    {
        using var person = await TestPerson.JoinAsync(gateway, "viewer");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => person.TryAsync("not the password")));

        // Four are told that they are wrong before the fifth locks; as many as run at once may slip through.
        Assert.InRange(answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized), 1, 4 + Environment.ProcessorCount);
        Assert.All(answers, answer => Assert.True(answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task No_password_token_code_or_secret_stands_in_the_database_as_it_was_given()
    {
        var email = $"ina.{Guid.NewGuid():N}@people.example";
        var (_, code) = await TestPerson.InviteAsync(gateway.Office, "viewer", email);
        using var person = await TestPerson.JoinAsync(gateway, "viewer");
        var begun = await (await person.Office.PostAsync("/v1/office/me/totp", null)).Content.ReadFromJsonAsync<JsonElement>();
        var secret = begun.GetProperty("secret").GetString()!;
        var recovery = await (await person.Office.PutAsJsonAsync("/v1/office/me/totp", new { code = OrderSync.Testing.Totp.Code(secret), password = TestPerson.Password })).Content.ReadFromJsonAsync<JsonElement>();

        foreach (var table in new[] { "person", "office_session", "audit" })
            foreach (var given in new[] { TestPerson.Password, person.Token, code, code.Replace("-", "", StringComparison.Ordinal), secret, recovery.GetProperty("codes")[0].GetString()! })
                Assert.Equal(0, await gateway.Scalar<long>($"select count(*) from gateway.{table} t where t::text ilike '%{given}%' or t::text ilike '%{Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(given))}%'"));
    }

    [GeneratedRegex("\"traceId\":\"[^\"]*\"")]
    private static partial Regex TraceId();
}
