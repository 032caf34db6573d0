using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Gateway.Tests.Devices;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Office.People;

/// <summary>Invitations, roles, and people who are switched off.</summary>
[Collection("office")]
[InCi]
public sealed class CompanyPeopleTests(GatewayFixture gateway)
{
    private static int companies;

    [Fact]
    public async Task An_invitation_shows_whose_it_is_works_once_and_only_for_seven_days()
    {
        var email = $"ina.{Guid.NewGuid():N}@people.example";
        var (id, code) = await TestPerson.InviteAsync(gateway.Office, "office", email);
        using var http = new HttpClient { BaseAddress = gateway.Gateway.Url };
        var look = await (await http.PostAsJsonAsync("/v1/office/welcome/look", new { code = code.ToLowerInvariant() })).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("First company", "Ina Vited", email, "office"), (look.GetProperty("company").GetString(), look.GetProperty("name").GetString(), look.GetProperty("email").GetString(), look.GetProperty("role").GetString()));
        Assert.InRange(look.GetProperty("expiresAt").GetDateTimeOffset() - DateTimeOffset.UtcNow, TimeSpan.FromDays(6.9), TimeSpan.FromDays(7));
        Assert.Equal((HttpStatusCode.Unauthorized, "signIn.wrong"), await TestPerson.TryAsync(gateway, email, TestPerson.Password).CodeAsync());
        await gateway.Execute($"update gateway.person set invitation_until = now() where person_id = '{id}'");
        Assert.Equal((HttpStatusCode.Conflict, "welcome.codeExpired"), await JoinAsync(code));
        await gateway.Execute($"update gateway.person set invitation_until = now() + interval '1 day' where person_id = '{id}'");
        Assert.Equal((HttpStatusCode.BadRequest, "password.weak"), await JoinAsync(code, "short"));

        var both = await Task.WhenAll(http.PostAsJsonAsync("/v1/office/welcome", new { code, password = TestPerson.Password }), http.PostAsJsonAsync("/v1/office/welcome", new { code, password = TestPerson.Password }));

        Assert.Single(both, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Equal((HttpStatusCode.NotFound, "welcome.codeUnknown"), await JoinAsync(code));
        Assert.Equal(1, await gateway.Scalar<long>($"select count(*) from gateway.audit where subject = '{id}' and actor_id = '{id}' and action = 'person.welcome'"));

        Task<(HttpStatusCode Status, string? Code)> JoinAsync(string with, string password = TestPerson.Password) => http.PostAsJsonAsync("/v1/office/welcome", new { code = with, password }).CodeAsync();
    }

    [Fact]
    public async Task An_e_mail_signs_in_for_one_person_of_all_companies_and_only_who_holds_an_invitation_learns_it()
    {
        using var person = await TestPerson.JoinAsync(gateway, "viewer");
        using var stranger = await CompanyAsync(null);

        var (_, code) = await TestPerson.InviteAsync(stranger, "viewer", person.Email);

        using var http = new HttpClient { BaseAddress = gateway.Gateway.Url };
        Assert.Equal((HttpStatusCode.Conflict, "person.emailTaken"), await http.PostAsJsonAsync("/v1/office/welcome", new { code, password = TestPerson.Password }).CodeAsync());
        var own = await http.PostAsJsonAsync("/v1/office/welcome", new { code, email = $"own.{person.Email}", password = TestPerson.Password });
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        Assert.Equal((HttpStatusCode.Conflict, "person.emailTaken"), await gateway.Office.PostAsJsonAsync("/v1/office/people", new { name = "Twice", email = person.Email.ToUpperInvariant(), role = "office" }).CodeAsync());
    }

    [Fact]
    public async Task A_person_switched_off_is_out_at_once_and_stays_out_of_old_sessions()
    {
        using var person = await TestPerson.JoinAsync(gateway, "office");

        await PutAsync(person, "office", disabled: true);

        Assert.Equal((HttpStatusCode.Unauthorized, "session.ended"), await person.Office.GetAsync("/v1/office/me").CodeAsync());
        Assert.Equal((HttpStatusCode.Unauthorized, "signIn.wrong"), await person.TryAsync().CodeAsync());
        await PutAsync(person, "office", disabled: false);
        Assert.Equal(HttpStatusCode.Unauthorized, (await person.Office.GetAsync("/v1/office/me")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await person.TryAsync()).StatusCode);
    }

    [Fact]
    public async Task An_invitation_of_who_is_switched_off_opens_nothing_until_they_are_switched_on_again()
    {
        var (id, code) = await TestPerson.InviteAsync(gateway.Office, "viewer", $"ina.{Guid.NewGuid():N}@people.example");
        using var http = new HttpClient { BaseAddress = gateway.Gateway.Url };
        (await gateway.Office.PutAsJsonAsync($"/v1/office/people/{id}", new { role = "viewer", disabled = true })).EnsureSuccessStatusCode();

        Assert.Equal((HttpStatusCode.NotFound, "welcome.codeUnknown"), await http.PostAsJsonAsync("/v1/office/welcome", new { code, password = TestPerson.Password }).CodeAsync());

        (await gateway.Office.PutAsJsonAsync($"/v1/office/people/{id}", new { role = "viewer", disabled = false })).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.OK, (await http.PostAsJsonAsync("/v1/office/welcome", new { code, password = TestPerson.Password })).StatusCode);
    }

    [Fact]
    public async Task Another_role_counts_with_the_next_request()
    {
        using var person = await TestPerson.JoinAsync(gateway, "viewer");
        Assert.Equal((HttpStatusCode.Forbidden, "role.insufficient"), await person.Office.GetAsync("/v1/office/audit").CodeAsync());

        await PutAsync(person, "office");

        Assert.Equal(HttpStatusCode.OK, (await person.Office.GetAsync("/v1/office/audit")).StatusCode);
    }

    [Fact]
    public async Task A_reset_takes_password_second_factor_and_sessions_and_gives_a_new_invitation()
    {
        using var person = await TestPerson.JoinAsync(gateway, "viewer");
        await TotpTests.TurnOnAsync(person);

        var reset = await (await gateway.Office.PostAsync($"/v1/office/people/{person.Id}/reset", null)).Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.Unauthorized, (await person.Office.GetAsync("/v1/office/me")).StatusCode);
        Assert.Equal((HttpStatusCode.Unauthorized, "signIn.wrong"), await person.TryAsync().CodeAsync());
        using var http = new HttpClient { BaseAddress = gateway.Gateway.Url };
        Assert.Equal((HttpStatusCode.OK, null), await http.PostAsJsonAsync("/v1/office/welcome", new { code = reset.GetProperty("code").GetString(), password = "another three words" }).CodeAsync());
        Assert.Equal(HttpStatusCode.OK, (await person.TryAsync("another three words")).StatusCode);
    }

    [Fact]
    public async Task The_last_owner_cannot_be_lowered_or_switched_off_even_when_two_owners_do_it_to_each_other_at_once()
    {
        using var key = await CompanyAsync(null);
        using var one = await TestPerson.JoinAsync(gateway, "owner", key);
        await TestPerson.InviteAsync(key, "owner", $"invited.{Guid.NewGuid():N}@people.example");
        Assert.Equal((HttpStatusCode.Conflict, "person.lastOwner"), await TryPutAsync(one, one, "office").CodeAsync());
        Assert.Equal((HttpStatusCode.Conflict, "person.lastOwner"), await TryPutAsync(one, one, "owner", disabled: true).CodeAsync());
        // Nor when the other owner has only a new invitation.
        using (var reset = await TestPerson.JoinAsync(gateway, "owner", key))
        {
            (await key.PostAsync($"/v1/office/people/{reset.Id}/reset", null)).EnsureSuccessStatusCode();
            Assert.Equal((HttpStatusCode.Conflict, "person.lastOwner"), await TryPutAsync(one, one, "office").CodeAsync());
        }

        for (var round = 0; round < 3; round++)
        {
            using var two = await TestPerson.JoinAsync(gateway, "owner", key);

            var both = await Task.WhenAll(TryPutAsync(one, two, "viewer"), TryPutAsync(two, one, "viewer"));

            Assert.Contains(both, answer => answer.StatusCode == HttpStatusCode.NoContent);
            Assert.Equal(1, await gateway.Scalar<long>($"select count(*) from gateway.person where person_id in ('{one.Id}', '{two.Id}') and role = 'owner'"));
            await gateway.Execute($"update gateway.person set role = 'owner' where person_id = '{one.Id}'; update gateway.person set role = 'viewer' where person_id = '{two.Id}'");
        }

        static Task<HttpResponseMessage> TryPutAsync(TestPerson who, TestPerson whom, string role, bool disabled = false) => who.Office.PutAsJsonAsync($"/v1/office/people/{whom.Id}", new { role, disabled });
    }

    [Fact]
    public async Task What_a_person_does_bears_the_persons_name_as_it_bears_a_keys()
    {
        using var person = await TestPerson.JoinAsync(gateway, "office", name: "Änne Müller");
        using var device = await gateway.EnrolAsync();
        await gateway.Execute($"""
            insert into gateway.alert (company_id, alert_id, at, kind, subject, device_id, last_at) values ('{gateway.CompanyId}', '{person.Id}', now(), 'token.theft', '{person.Id}', '{device.Id}', now())
            """);

        (await person.Office.PutAsJsonAsync("/v1/office/branches/NAMED", new { name = $"Branch of {person.Id}" })).EnsureSuccessStatusCode();
        (await person.Office.PostAsync($"/v1/office/alerts/{person.Id}/seen", null)).EnsureSuccessStatusCode();

        var change = (await gateway.Office.GetFromJsonAsync<JsonElement>("/v1/office/audit")).GetProperty("changes").EnumerateArray().First(one => one.GetProperty("action").GetString() == "branch.put");
        Assert.Equal(("Änne Müller", person.Id), (change.GetProperty("actor").GetString(), change.GetProperty("actorId").GetGuid()));
        var alert = (await gateway.Office.GetFromJsonAsync<JsonElement>("/v1/office/alerts?limit=500&seen=true")).GetProperty("alerts").EnumerateArray().First(one => one.GetProperty("id").GetGuid() == person.Id);
        Assert.Equal("Änne Müller", alert.GetProperty("seenByName").GetString());
    }

    [Fact]
    public async Task The_first_sign_in_of_a_company_works_once_and_a_company_with_people_is_left_alone()
    {
        const string Code = "first-sign-in-of-a-test-company-0001";
        using var key = await CompanyAsync(Code);
        using var http = new HttpClient { BaseAddress = gateway.Gateway.Url };
        await gateway.Execute("update gateway.person set invitation_until = now() where name = 'First owner'");
        using var again = await CompanyAsync(Code, companies);
        var email = $"first.{Guid.NewGuid():N}@people.example";
        Assert.Equal((HttpStatusCode.BadRequest, "person.email"), await http.PostAsJsonAsync("/v1/office/welcome", new { code = Code, password = TestPerson.Password }).CodeAsync());

        var joined = await http.PostAsJsonAsync("/v1/office/welcome", new { code = Code, email, name = "Fritz", password = TestPerson.Password });

        Assert.Equal("owner", (await joined.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("person").GetProperty("role").GetString());
        using var after = await CompanyAsync(Code, companies);
        Assert.Equal((HttpStatusCode.NotFound, "welcome.codeUnknown"), await http.PostAsJsonAsync("/v1/office/welcome/look", new { code = Code }).CodeAsync());
        Assert.Equal(1, (await key.GetFromJsonAsync<JsonElement>("/v1/office/people")).GetProperty("people").GetArrayLength());
    }

    private async Task PutAsync(TestPerson person, string role, bool disabled = false) =>
        Assert.Equal(HttpStatusCode.NoContent, (await gateway.Office.PutAsJsonAsync($"/v1/office/people/{person.Id}", new { role, disabled })).StatusCode);

    // Each has a company of its own; the same number again is another run for the same company.
    private async Task<HttpClient> CompanyAsync(string? firstSignIn, int? number = null)
    {
        var key = $"os_test-key-of-a-company-of-people-{number ?? ++companies:0000}";
        await GatewayFixture.MigrateAsync(gateway.Database.ConnectionString, "Company of people", key, firstSignIn);
        return gateway.OfficeOf(key);
    }
}
