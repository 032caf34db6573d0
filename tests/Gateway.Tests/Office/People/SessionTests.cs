using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Gateway.Tests.Devices;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Office.People;

/// <summary>How long one is signed in, where, and what ends it.</summary>
[Collection("office")]
public sealed class SessionTests(GatewayFixture gateway)
{
    [Theory]
    [InlineData("last_seen_at = now() - interval '12 hours'")]
    [InlineData("expires_at = now() - interval '1 second'")]
    public async Task A_session_ends_after_twelve_hours_without_use_and_after_seven_days(string set)
    {
        using var person = await TestPerson.JoinAsync(gateway, "viewer");
        Assert.Equal(7, await gateway.Scalar<int>($"select extract(day from expires_at - created_at)::int from gateway.office_session where person_id = '{person.Id}'"));
        await gateway.Execute($"update gateway.office_session set {set} where person_id = '{person.Id}'");

        Assert.Equal((HttpStatusCode.Unauthorized, "session.ended"), await person.Office.GetAsync("/v1/office/me").CodeAsync());
    }

    [Fact]
    public async Task Its_use_is_noted_at_most_once_a_minute()
    {
        using var person = await TestPerson.JoinAsync(gateway, "viewer");
        var begun = await SeenAsync();
        await person.Office.GetAsync("/v1/office/me");
        Assert.Equal(begun, await SeenAsync());
        await gateway.Execute($"update gateway.office_session set last_seen_at = last_seen_at - interval '61 seconds' where person_id = '{person.Id}'");

        await person.Office.GetAsync("/v1/office/me");

        Assert.True(await SeenAsync() >= begun);

        Task<DateTime> SeenAsync() => gateway.Scalar<DateTime>($"select last_seen_at from gateway.office_session where person_id = '{person.Id}'");
    }

    [Fact]
    public async Task A_session_can_be_looked_at_and_ended_from_elsewhere_but_not_somebody_elses()
    {
        using var person = await TestPerson.JoinAsync(gateway, "viewer");
        using var lost = await person.AgainAsync();
        using var other = await TestPerson.JoinAsync(gateway, "owner");
        var sessions = (await person.Office.GetFromJsonAsync<JsonElement>("/v1/office/me/sessions")).GetProperty("sessions").EnumerateArray().ToList();
        Assert.Equal(2, sessions.Count);
        var wanted = sessions.Single(session => !session.GetProperty("current").GetBoolean()).GetProperty("id").GetGuid();
        Assert.Equal((HttpStatusCode.NotFound, "session.unknown"), await other.Office.PostAsync($"/v1/office/me/sessions/{wanted}/end", null).CodeAsync());

        for (var twice = 0; twice < 2; twice++)
            Assert.Equal(HttpStatusCode.NoContent, (await person.Office.PostAsync($"/v1/office/me/sessions/{wanted}/end", null)).StatusCode);

        Assert.Equal(HttpStatusCode.Unauthorized, (await lost.Office.GetAsync("/v1/office/me")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await person.Office.GetAsync("/v1/office/me")).StatusCode);
        Assert.Equal(1, await gateway.Scalar<long>($"select count(*) from gateway.audit where action = 'session.end' and subject = '{wanted}'"));
    }

    [Fact]
    public async Task All_others_can_be_ended_at_once()
    {
        using var person = await TestPerson.JoinAsync(gateway, "viewer");
        using var other = await person.AgainAsync();

        Assert.Equal(HttpStatusCode.NoContent, (await person.Office.PostAsync("/v1/office/me/sessions/end-others", null)).StatusCode);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), ((await other.Office.GetAsync("/v1/office/me")).StatusCode, (await person.Office.GetAsync("/v1/office/me")).StatusCode));
    }

    [Fact]
    [InCi]
    public async Task Another_password_needs_the_present_one_and_ends_the_sessions_elsewhere()
    {
        const string Next = "four other words entirely";
        using var person = await TestPerson.JoinAsync(gateway, "viewer");
        using var elsewhere = await person.AgainAsync();
        Assert.Equal((HttpStatusCode.BadRequest, "password.wrong"), await ChangeAsync("not the password", Next));
        foreach (var weak in new[] { "short", "aaaaaaaaaaaa", person.Email })
            Assert.Equal((HttpStatusCode.BadRequest, "password.weak"), await ChangeAsync(TestPerson.Password, weak));

        Assert.Equal(HttpStatusCode.NoContent, (await person.Office.PostAsJsonAsync("/v1/office/me/password", new { current = TestPerson.Password, password = Next })).StatusCode);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), ((await elsewhere.Office.GetAsync("/v1/office/me")).StatusCode, (await person.Office.GetAsync("/v1/office/me")).StatusCode));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), ((await person.TryAsync()).StatusCode, (await person.TryAsync(Next)).StatusCode));

        // As a sign-in leaves it that has checked the old password just before, and stores its session just after.
        await gateway.Execute($"update gateway.office_session set ended_at = null where person_id = '{person.Id}'");
        Assert.Equal((HttpStatusCode.Unauthorized, "session.ended"), await elsewhere.Office.GetAsync("/v1/office/me").CodeAsync());

        Task<(HttpStatusCode Status, string? Code)> ChangeAsync(string current, string password) => person.Office.PostAsJsonAsync("/v1/office/me/password", new { current, password }).CodeAsync();
    }

    [Fact]
    public async Task Who_guesses_the_present_password_in_an_open_session_is_locked_out_as_at_sign_in()
    {
        using var person = await TestPerson.JoinAsync(gateway, "viewer");
        for (var attempt = 0; attempt < 5; attempt++)
            Assert.Equal((HttpStatusCode.BadRequest, "password.wrong"), await ChangeAsync("not the password"));

        Assert.Equal((HttpStatusCode.TooManyRequests, "signIn.locked"), await ChangeAsync(TestPerson.Password));
        Assert.Equal((HttpStatusCode.TooManyRequests, "signIn.locked"), await person.TryAsync().CodeAsync());

        Task<(HttpStatusCode Status, string? Code)> ChangeAsync(string current) => person.Office.PostAsJsonAsync("/v1/office/me/password", new { current, password = "four other words entirely" }).CodeAsync();
    }
}
