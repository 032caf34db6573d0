using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Gateway.Tests.Devices;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Office.Access;

[Collection("office")]
public sealed class ApiKeyTests(GatewayFixture gateway)
{
    [Fact]
    public async Task A_key_is_shown_once_works_at_once_and_is_dead_with_the_next_request_after_it_was_revoked()
    {
        var (id, key) = await CreateAsync(gateway.Office, "viewer");
        using var office = gateway.OfficeOf(key);
        Assert.Equal(HttpStatusCode.OK, (await office.GetAsync("/v1/office/summary")).StatusCode);
        var list = await gateway.Office.GetStringAsync("/v1/office/api-keys");
        Assert.Contains(id.ToString(), list, StringComparison.Ordinal);
        Assert.DoesNotContain(key, list, StringComparison.Ordinal);

        for (var twice = 0; twice < 2; twice++)
            Assert.Equal(HttpStatusCode.NoContent, (await gateway.Office.PostAsync($"/v1/office/api-keys/{id}/revoke", null)).StatusCode);

        Assert.Equal((HttpStatusCode.Unauthorized, "key.invalid"), await office.GetAsync("/v1/office/summary").CodeAsync());
        Assert.Equal(1, await gateway.Scalar<long>($"select count(*) from gateway.audit where subject = '{id}' and action = 'key.revoke'"));
        Assert.Equal(0, await gateway.Scalar<long>($"select count(*) from gateway.audit t where t::text like '%{key}%'"));
    }

    [Fact]
    [InCi]
    public async Task The_last_owners_key_cannot_be_revoked_even_when_two_owners_revoke_each_other_at_once()
    {
        const string First = "os_test-key-of-the-last-owner-0003";
        await GatewayFixture.MigrateAsync(gateway.Database.ConnectionString, "Company of two owners", First);
        using var one = gateway.OfficeOf(First);
        var firstId = (await one.GetFromJsonAsync<JsonElement>("/v1/office/api-keys")).GetProperty("keys")[0].GetProperty("id").GetGuid();
        Assert.Equal((HttpStatusCode.Conflict, "key.lastOwner"), await one.PostAsync($"/v1/office/api-keys/{firstId}/revoke", null).CodeAsync());
        for (var round = 0; round < 5; round++)
        {
            var (secondId, second) = await CreateAsync(one, "owner");
            using var two = gateway.OfficeOf(second);

            var both = await Task.WhenAll(one.PostAsync($"/v1/office/api-keys/{secondId}/revoke", null), two.PostAsync($"/v1/office/api-keys/{firstId}/revoke", null));

            var owners = await gateway.Scalar<long>($"select count(*) from gateway.api_key where company_id = (select company_id from gateway.api_key where key_id = '{firstId}') and role = 'owner' and revoked_at is null");
            Assert.Equal(1, owners);
            Assert.Contains(both, answer => answer.StatusCode == HttpStatusCode.NoContent);
            await gateway.Execute($"update gateway.api_key set revoked_at = null where key_id = '{firstId}'");
            await gateway.Execute($"update gateway.api_key set revoked_at = now() where key_id = '{secondId}'");
        }
    }

    [Theory]
    [InlineData(null, "owner")]
    [InlineData("Somebody", "king")]
    [InlineData("  ", "office")]
    public async Task A_key_needs_a_name_and_a_role_that_exists(string? name, string role) =>
        Assert.Equal((HttpStatusCode.BadRequest, "key.incomplete"), await gateway.Office.PostAsJsonAsync("/v1/office/api-keys", new { name, role }).CodeAsync());

    private static async Task<(Guid Id, string Key)> CreateAsync(HttpClient office, string role)
    {
        var answer = await office.PostAsJsonAsync("/v1/office/api-keys", new { name = $"A {role}", role });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var made = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (made.GetProperty("id").GetGuid(), made.GetProperty("key").GetString()!);
    }
}
