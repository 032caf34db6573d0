using System.Net;
using System.Net.Http.Json;

namespace OrderSync.Gateway.Tests.Deliveries;

/// <summary>A person who approved a connection at an ERP comes back through the gateway.</summary>
[Collection("deliveries")]
public sealed class ApprovedTests(DeliveriesFixture gateway)
{
    [Fact]
    public async Task Who_comes_back_from_an_approval_page_is_handed_to_the_connector_and_sees_a_plain_page()
    {
        using var browser = new HttpClient { BaseAddress = gateway.Gateway.Url };

        using var answer = await browser.GetAsync($"/oauth/callback/{DeliveriesFixture.Pages}?state=s1&code=good&location=eu");

        Assert.Equal((HttpStatusCode.OK, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Contains("<h1>The ERP &lt;b&gt;is&lt;/b&gt; asked</h1><p>It said good &amp; more. You can close this page.</p>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Equal(("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'", "no-referrer", "no-store"), (
            answer.Headers.GetValues("Content-Security-Policy").Single(), answer.Headers.GetValues("Referrer-Policy").Single(), answer.Headers.CacheControl!.ToString()));
        var call = gateway.Calls.Single(call => call.Request == "GET /manage/approved?state=s1&code=good&location=eu");
        Assert.Equal(("only-for-tests", ""), (call.Key, call.Person));
    }

    [Theory]
    [InlineData($"/oauth/callback/{DeliveriesFixture.Pages}?state=s2&code=bad", HttpStatusCode.BadRequest)]
    [InlineData("/oauth/callback/away?state=s3&code=good", HttpStatusCode.ServiceUnavailable)]
    [InlineData("/oauth/callback/nobody?state=s4&code=good", HttpStatusCode.NotFound)]
    [InlineData($"/oauth/callback/{DeliveriesFixture.Pages}", HttpStatusCode.NotFound)]
    [InlineData("/oauth/callback/..%2Fmanage?state=s5", HttpStatusCode.NotFound)]
    public async Task Whatever_goes_wrong_the_person_sees_a_page_that_says_what_to_do(string path, HttpStatusCode status)
    {
        using var browser = new HttpClient { BaseAddress = gateway.Gateway.Url };

        using var answer = await browser.GetAsync(path);

        Assert.Equal((status, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
    }

    [Fact]
    public async Task Who_comes_back_lands_on_the_connections_page_of_the_configured_console_whatever_the_address_says()
    {
        var name = await gateway.ConnectAsync("order", DeliveriesFixture.Pages);
        var id = await gateway.Scalar<Guid>($"select connection_id from gateway.connection where name = '{name}'");
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = gateway.Gateway.Url };

        using var approved = await browser.GetAsync($"/oauth/callback/{DeliveriesFixture.Pages}?state=s7&code=good&connection={id}&redirect=https%3A%2F%2Felsewhere.example&returnUrl=https%3A%2F%2Felsewhere.example");
        using var refused = await browser.GetAsync($"/oauth/callback/{DeliveriesFixture.Pages}?state=s8&code=bad&connection={id}");
        using var unknown = await browser.GetAsync($"/oauth/callback/{DeliveriesFixture.Pages}?state=unknown&code=good");

        foreach (var (answer, place) in new[] { (approved, $"connections/{name}?approval=ended"), (refused, $"connections/{name}?approval=ended"), (unknown, "connections?approval=unknown") })
        {
            Assert.Equal((HttpStatusCode.SeeOther, $"{DeliveriesFixture.Console}/{place}"), (answer.StatusCode, answer.Headers.Location!.AbsoluteUri));
            Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        }
    }

    [Fact]
    public async Task A_connector_is_told_where_an_approval_leads_back_to_as_the_outside_sees_it()
    {
        var name = await gateway.ConnectAsync("order", DeliveriesFixture.Pages);

        (await gateway.Office.PostAsJsonAsync($"/v1/office/connections/{name}/manage/connect", new { })).EnsureSuccessStatusCode();

        Assert.Contains(new Uri(gateway.Gateway.Url, $"/oauth/callback/{DeliveriesFixture.Pages}").ToString(), gateway.Callbacks);
    }
}
