using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using OrderSync.Gateway.Tests.Office.People;

namespace OrderSync.Gateway.Tests.Office.Access;

/// <summary>Every office endpoint of the OpenAPI document is called with a key of each role and by a person of each: a new endpoint is covered by the rule as soon as it is mapped.</summary>
[Collection("office")]
public sealed class RoleTests(GatewayFixture gateway)
{
    private const string SignOut = "/v1/office/sign-out";
    private static readonly string[] OpenToOps = ["/v1/office/summary", "/v1/office/flow", "/v1/office/connections", "/v1/office/connections/{name}/backfill", "/v1/office/devices", "/v1/office/devices/{id}", "/v1/office/alerts", "/v1/office/connectors", "/v1/office/standings", "/v1/office/me"];

    [Theory]
    [InlineData("owner", false)]
    [InlineData("office", false)]
    [InlineData("viewer", false)]
    [InlineData("ops", false)]
    [InlineData("owner", true)]
    [InlineData("office", true)]
    [InlineData("viewer", true)]
    [InlineData("ops", true)]
    public async Task A_role_may_do_what_is_its_own_at_every_office_endpoint_and_nothing_else(string role, bool asPerson)
    {
        using var person = asPerson ? await TestPerson.JoinAsync(gateway, role) : null;
        using var office = gateway.OfficeOf(person?.Token ?? await KeyAsync(role));
        var wrong = new List<string>();
        foreach (var (method, path) in (await EndpointsAsync()).OrderBy(endpoint => endpoint.Path == SignOut))
        {
            using var request = new HttpRequestMessage(method, path.Replace("{id}", Guid.NewGuid().ToString(), StringComparison.Ordinal).Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal));
            if (method != HttpMethod.Get)
                request.Content = new StringContent("null", Encoding.UTF8, "application/json");

            var answer = await office.SendAsync(request);

            var allowed = answer.StatusCode is not (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized);
            if (allowed != May(role, asPerson, method, path))
                wrong.Add($"{role} {method} {path}: {answer.StatusCode}");
            if (!allowed)
                Assert.Contains("role.insufficient", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task No_office_endpoint_answers_without_a_key_or_with_a_devices_token()
    {
        using var device = await gateway.EnrolAsync();
        using var nobody = new HttpClient { BaseAddress = gateway.Gateway.Url };
        using var asDevice = gateway.OfficeOf(device.AccessToken);
        foreach (var (method, path) in await EndpointsAsync())
        {
            foreach (var client in new[] { nobody, asDevice })
            {
                using var request = new HttpRequestMessage(method, path.Replace("{id}", Guid.NewGuid().ToString(), StringComparison.Ordinal));
                Assert.Equal(HttpStatusCode.Unauthorized, (await client.SendAsync(request)).StatusCode);
            }
        }
    }

    private static bool May(string role, bool asPerson, HttpMethod method, string path) => role switch
    {
        // What people do about themselves, all of them may and no key may.
        _ when path == SignOut || path.StartsWith("/v1/office/me/", StringComparison.Ordinal) => asPerson,
        _ when path == "/v1/office/me" => true,
        "owner" => true,
        _ when path.StartsWith("/v1/office/api-keys", StringComparison.Ordinal) || path.StartsWith("/v1/office/people", StringComparison.Ordinal) => false,
        "office" => true,
        "viewer" => method == HttpMethod.Get && path != "/v1/office/audit",
        _ => method == HttpMethod.Get && OpenToOps.Contains(path),
    };

    private async Task<List<(HttpMethod Method, string Path)>> EndpointsAsync()
    {
        using var http = new HttpClient { BaseAddress = gateway.Gateway.Url };
        var document = await http.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        var endpoints = document.GetProperty("paths").EnumerateObject().Where(path => path.Name.StartsWith("/v1/office", StringComparison.Ordinal) && !OpenApiTests.BeforeSignIn.Contains(path.Name))
            .SelectMany(path => path.Value.EnumerateObject().Where(member => member.Name is "get" or "put" or "post" or "delete" or "patch").Select(member => (new HttpMethod(member.Name.ToUpperInvariant()), path.Name))).ToList();
        Assert.True(endpoints.Count > 20, $"{endpoints.Count} endpoints");
        return endpoints;
    }

    private async Task<string> KeyAsync(string role)
    {
        var answer = await gateway.Office.PostAsJsonAsync("/v1/office/api-keys", new { name = $"Key of the {role}", role });
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("key").GetString()!;
    }
}
