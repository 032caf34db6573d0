using System.Net.Http.Json;
using System.Text.Json;

namespace OrderSync.Gateway.Tests.Office.People;

/// <summary>Somebody who was invited and has signed in.</summary>
public sealed class TestPerson(GatewayFixture gateway, Guid id, string email, string token) : IDisposable
{
    public const string Password = "three words nobody knows";

    public Guid Id => id;

    public string Email => email;

    public string Token => token;

    /// <summary>Calls with the session.</summary>
    public HttpClient Office { get; } = gateway.OfficeOf(token);

    public static async Task<TestPerson> JoinAsync(GatewayFixture gateway, string role, HttpClient? owner = null, string? name = null)
    {
        var email = $"{role}.{Guid.NewGuid():N}@people.example";
        var (id, code) = await InviteAsync(owner ?? gateway.Office, role, email, name ?? $"Person who is {role}");
        using var http = new HttpClient { BaseAddress = gateway.Gateway.Url };
        return new(gateway, id, email, await TokenAsync(await http.PostAsJsonAsync("/v1/office/welcome", new { code, password = Password })));
    }

    public static async Task<(Guid Id, string Code)> InviteAsync(HttpClient owner, string role, string email, string name = "Ina Vited")
    {
        var answer = await owner.PostAsJsonAsync("/v1/office/people", new { name, email, role });
        answer.EnsureSuccessStatusCode();
        var invited = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (invited.GetProperty("id").GetGuid(), invited.GetProperty("code").GetString()!);
    }

    public Task<HttpResponseMessage> TryAsync(string password = Password, string? code = null) => TryAsync(gateway, email, password, code);

    public static async Task<HttpResponseMessage> TryAsync(GatewayFixture gateway, string email, string password, string? code = null)
    {
        using var http = new HttpClient { BaseAddress = gateway.Gateway.Url };
        return await http.PostAsJsonAsync("/v1/office/sign-in", new { email, password, code });
    }

    /// <summary>Signs in once more.</summary>
    public async Task<TestPerson> AgainAsync(string password = Password, string? code = null) => new(gateway, id, email, await TokenAsync(await TryAsync(password, code)));

    public void Dispose() => Office.Dispose();

    private static async Task<string> TokenAsync(HttpResponseMessage answer)
    {
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString()!;
    }
}
