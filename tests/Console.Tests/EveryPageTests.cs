using System.Net;
using System.Text.RegularExpressions;
using OrderSync.Gateway.Tests;
using OrderSync.Gateway.Tests.Office;
using OrderSync.Gateway.Tests.Office.People;
using OrderSync.Testing;

namespace OrderSync.Console.Tests;

/// <summary>Promise 5 and the roles, asked of every page there is: generated from the pages' own addresses, so that a page cannot be forgotten.</summary>
[InCi]
public sealed partial class EveryPageTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    // Where people look after themselves, whatever their role.
    private static readonly string[] OfOneself = ["/me", "/me/codes"];

    // What is there for whoever has not signed in.
    private static readonly string[] BeforeSignIn = ["/sign-in", "/welcome", "/missing", "/trouble"];

    [Theory]
    [InlineData("viewer")]
    [InlineData("ops")]
    public async Task Who_only_looks_is_offered_nothing_that_changes_something(string role)
    {
        using var device = await console.EnrolAsync();
        await device.PushAsync(An.Order(), An.Customer(name: "Customer to look at"));
        var ids = await OtherCompany.IdsOfAsync(console, console.CompanyId);
        using var person = await TestPerson.JoinAsync(console, role);
        using var http = Visitor(person.Token);
        var offered = new List<string>();
        var seen = 0;
        foreach (var page in Pages().Except(BeforeSignIn).Except(OfOneself))
            foreach (var address in Addresses(page, ids, name => name == "name" ? "erp" : "x"))
            {
                using var answer = await http.GetAsync(address);
                seen += answer.IsSuccessStatusCode ? 1 : 0;
                if (PostForm().IsMatch(await answer.Content.ReadAsStringAsync()))
                    offered.Add($"{role} {address}");
                Assert.True((int)answer.StatusCode < 500, $"{address}: {answer.StatusCode}");
            }

        Assert.Empty(offered);
        Assert.True(seen > 0);
    }

    [Fact]
    public async Task No_page_takes_a_form_that_it_did_not_make_itself()
    {
        using var device = await console.EnrolAsync();
        await device.PushAsync(An.Order(), An.Customer());
        var ids = await OtherCompany.IdsOfAsync(console, console.CompanyId);
        using var person = await TestPerson.JoinAsync(console, "owner");
        using var owner = Visitor(person.Token);
        using var stranger = Visitor(null);
        var (taken, tried) = (new List<string>(), new HashSet<string>());
        foreach (var page in Pages())
            foreach (var address in Addresses(page, ids, name => name == "name" ? "erp" : "x"))
            {
                var http = BeforeSignIn.Contains(page) ? stranger : owner;
                using var shown = await http.GetAsync(address);
                foreach (Match form in OwnForm().Matches(await shown.Content.ReadAsStringAsync()))
                {
                    var (place, handler) = (WebUtility.HtmlDecode(form.Groups["action"].Value), WebUtility.HtmlDecode(form.Groups["handler"].Value));
                    if (!tried.Add($"{page} {handler}"))
                        continue;
                    using var forged = new FormUrlEncodedContent(new Dictionary<string, string> { ["_handler"] = handler, ["verb"] = "retry", ["connection"] = "erp", ["Email"] = person.Email, ["Password"] = TestPerson.Password });
                    using var answer = await http.PostAsync(place.Length > 0 ? place : address, forged);
                    if (answer.StatusCode != HttpStatusCode.BadRequest)
                        taken.Add($"{page} {handler}: {answer.StatusCode}");
                }
            }

        Assert.Empty(taken);
        Assert.True(tried.Count >= 12, string.Join('\n', tried));
    }

    [Fact]
    public async Task No_page_shows_a_company_anything_of_another()
    {
        var other = await OtherCompany.CreateAsync(console);
        using var person = await TestPerson.JoinAsync(console, "owner");
        using var http = Visitor(person.Token);
        string[] secrets = [.. other.Texts.Values.Where(text => text is { Length: > 3 }).Select(text => text!), "Item of Bea", "Company of Bea", "Person of Bea", "what Bea's connector said"];
        var shown = new List<string>();
        foreach (var page in Pages())
            foreach (var address in Addresses(page, other.Ids, name => other.Texts.GetValueOrDefault(name) is { Length: > 0 } text ? text : "x"))
            {
                using var answer = await http.GetAsync(address);
                var text = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
                // What stands in the address may be said back.
                shown.AddRange(secrets.Where(secret => !Uri.UnescapeDataString(address).Contains(secret, StringComparison.Ordinal) && text.Contains(secret, StringComparison.Ordinal)).Select(secret => $"{address} shows {secret}"));
            }

        Assert.Empty(shown);
    }

    [Fact]
    public async Task No_page_but_those_before_it_opens_without_signing_in()
    {
        using var http = Visitor(null);
        foreach (var page in Pages().Except(BeforeSignIn))
            foreach (var address in Addresses(page, [Guid.NewGuid()], _ => "x"))
            {
                using var answer = await http.GetAsync(address);
                Assert.True(answer.StatusCode == HttpStatusCode.Redirect && answer.Headers.Location!.OriginalString.StartsWith("/sign-in", StringComparison.Ordinal), $"{address}: {answer.StatusCode}");
            }
    }

    // The pages' own directives: the test has no other list.
    private static List<string> Pages()
    {
        var pages = Directory.EnumerateFiles(Path.Combine(Repository.Root, "services/Console"), "*.razor", SearchOption.AllDirectories)
            .SelectMany(file => PageDirective().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)).Distinct().Order().ToList();
        Assert.True(pages.Count >= 9, string.Join(' ', pages));
        return pages;
    }

    private static IEnumerable<string> Addresses(string page, IReadOnlyList<Guid> ids, Func<string, string> text)
    {
        var filled = Parameter().Replace(page, parameter => parameter.Groups[2].Value == ":guid" ? parameter.Value : Uri.EscapeDataString(text(char.ToLowerInvariant(parameter.Groups[1].Value[0]) + parameter.Groups[1].Value[1..])));
        return Parameter().IsMatch(filled) ? ids.Select(id => Parameter().Replace(filled, id.ToString())) : [filled];
    }

    private HttpClient Visitor(string? token)
    {
        var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = console.Console.Url };
        if (token is not null)
            http.DefaultRequestHeaders.Add("Cookie", $"__Host-ordersync={token}");
        return http;
    }

    [GeneratedRegex("^@page \"([^\"]+)\"", RegexOptions.Multiline)]
    private static partial Regex PageDirective();

    [GeneratedRegex(@"\{\*?([A-Za-z]+)(:[a-z]+)?\??\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("""<form (?=[^>]*method="post")(?:[^>]*action="(?<action>[^"]*)")?[^>]*>(?:\s*<input type="hidden" name="_handler" value="(?<handler>[^"]*)")?""")]
    private static partial Regex OwnForm();

    [GeneratedRegex("<form[^>]*method=\"?post|<button[^>]*hx-(post|put|delete)", RegexOptions.IgnoreCase)]
    private static partial Regex PostForm();
}
