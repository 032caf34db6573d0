using System.Net;
using System.Text.RegularExpressions;
using OrderSync.Gateway.Tests.Office.People;

namespace OrderSync.Console.Tests.SignIn;

/// <summary>The browser's half of a session, as it goes over the line.</summary>
[Collection("console of people and devices")]
public sealed partial class SessionCookieTests(ConsoleFixture console)
{
    [Fact]
    public async Task A_session_is_kept_in_a_cookie_that_no_script_reads_no_other_site_sends_and_no_plain_line_carries()
    {
        using var person = await TestPerson.JoinAsync(console, "viewer");
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = console.Console.Url };
        using var page = await http.GetAsync("/sign-in");
        var form = Cookies(page).Single(cookie => cookie.StartsWith("__Host-ordersync-form=", StringComparison.Ordinal));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in")
        {
            Headers = { { "Cookie", form.Split(';')[0] } },
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["_handler"] = "sign-in", ["__RequestVerificationToken"] = Token().Match(await page.Content.ReadAsStringAsync()).Groups[1].Value,
                ["Email"] = person.Email, ["Password"] = TestPerson.Password,
            }),
        };

        using var signedIn = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        var session = Cookies(signedIn).Single(cookie => cookie.StartsWith("__Host-ordersync=oss_", StringComparison.Ordinal));
        Assert.Equal(["httponly", "path=/", "samesite=lax", "secure"], Marks(session));
        Assert.Equal(["httponly", "path=/", "samesite=strict", "secure"], Marks(form));
    }

    private static IEnumerable<string> Cookies(HttpResponseMessage answer) => answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [];

    private static IEnumerable<string> Marks(string cookie) =>
        cookie.Split("; ").Skip(1).Select(mark => mark.ToLowerInvariant()).Where(mark => !mark.StartsWith("expires=", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
