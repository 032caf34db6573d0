using System.Net;
using System.Net.Http.Headers;
using System.Text;
using OrderSync.Framework;

namespace OrderSync.Connectors.Tests.Zoho;

public sealed class ZohoClientTests(ZohoSandbox sandbox) : IClassFixture<ZohoSandbox>
{
    [Fact]
    public async Task A_token_that_ended_is_replaced_without_anybody_noticing()
    {
        var zoho = await sandbox.OrganisationAsync();
        var ledger = new MemoryLedger(zoho.Settings);
        Assert.IsType<Outcome.Done>(await ledger.PushAsync(Some.Order(Some.Line())));
        await zoho.ForgetTokensAsync();

        Assert.IsType<Outcome.Done>(await ledger.PushAsync(Some.Order(Some.Line())));

        Assert.Equal(2, ledger.Calls.Count("POST", "/oauth/v2/token"));
    }

    [Fact]
    public async Task A_sign_in_that_Zoho_no_longer_takes_asks_for_a_new_one()
    {
        var zoho = await sandbox.OrganisationAsync();

        var revoked = Assert.IsType<Outcome.Reconnect>(await new MemoryLedger(zoho.Settings with { RefreshToken = "1000.revoked" }).TryAsync(Some.Customer()));
        var unknown = Assert.IsType<Outcome.Reconnect>(await new MemoryLedger(zoho.Settings with { ClientId = "nobody" }).TryAsync(Some.Customer()));

        Assert.Equal("Zoho no longer takes our sign-in (invalid_code). Connect Zoho again.", revoked.Reason);
        Assert.Equal("Zoho does not know the application. Check ClientId, ClientSecret and data centre in Connections > Zoho.", unknown.Reason);
    }

    [Fact]
    public async Task A_wrong_organisation_is_a_matter_of_the_connection()
    {
        var zoho = await sandbox.OrganisationAsync();

        var wrong = Assert.IsType<Outcome.Reconnect>(await new MemoryLedger(zoho.Settings with { OrganizationId = "1" }).TryAsync(Some.Customer()));

        Assert.StartsWith("Zoho does not know this organisation", wrong.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3600, 3600)]
    [InlineData(null, 60)]
    public async Task A_limit_pauses_the_whole_account_for_as_long_as_Zoho_says(int? retryAfter, int seconds)
    {
        var later = Assert.IsType<Outcome.Later>(await Fake(_ => Answer(429, """{"code":44,"message":"busy"}""", retryAfter)).TryAsync(Some.Customer()));

        Assert.Equal((TimeSpan.FromSeconds(seconds), true), (later.After!.Value, later.WholeAccount));
    }

    [Fact]
    public async Task A_token_whose_answer_was_lost_is_asked_for_again()
    {
        var ledger = new MemoryLedger(Settings, new FakeZoho(_ => throw new HttpRequestException(HttpRequestError.ResponseEnded)));

        Assert.IsType<Outcome.Later>(await ledger.TryAsync(Some.Customer()));
    }

    [Fact]
    public async Task Too_many_token_requests_are_waited_out_although_Zoho_answers_200()
    {
        var later = Assert.IsType<Outcome.Later>(await Fake(_ => null, token: """{"error":"Access Denied"}""").TryAsync(Some.Customer()));

        Assert.True(later.WholeAccount);
    }

    [Fact]
    public async Task Trouble_while_reading_is_later_and_while_writing_is_ambiguous()
    {
        var nothing = """{"code":0,"message":"success","contacts":[]}""";

        Assert.IsType<Outcome.Later>(await Fake(_ => Answer(502, "<html>bad gateway</html>")).TryAsync(Some.Customer()));
        Assert.IsType<Outcome.Later>(await Fake(_ => Answer(200, "<html>please log in</html>")).TryAsync(Some.Customer()));
        Assert.IsType<Outcome.Later>(await Fake(_ => throw new HttpRequestException(HttpRequestError.ResponseEnded)).TryAsync(Some.Customer()));
        Assert.IsType<Outcome.Ambiguous>(await Fake(call => call.Method == HttpMethod.Post ? Answer(502, "") : Answer(200, nothing)).TryAsync(Some.Customer()));
        Assert.IsType<Outcome.Ambiguous>(await Fake(call => call.Method == HttpMethod.Post ? Answer(200, "<html>") : Answer(200, nothing)).TryAsync(Some.Customer()));
        Assert.IsType<Outcome.Ambiguous>(await Fake(call => call.Method == HttpMethod.Post ? throw new HttpRequestException(HttpRequestError.ResponseEnded) : Answer(200, nothing)).TryAsync(Some.Customer()));
        Assert.IsType<Outcome.Later>(await Fake(call => call.Method == HttpMethod.Post ? throw new HttpRequestException(HttpRequestError.ConnectionError) : Answer(200, nothing)).TryAsync(Some.Customer()));
    }

    [Fact]
    public async Task A_search_that_Zoho_ignored_is_not_taken_for_an_empty_answer()
    {
        const string Strangers = """{"code":0,"message":"success","contacts":[{"contact_id":4815000000044080,"contact_name":"Somebody else","email":"else@where.example"}]}""";

        var refused = Assert.IsType<Outcome.Refused>(await Fake(_ => Answer(200, Strangers)).TryAsync(Some.Customer()));

        Assert.Equal("erp.searchIgnored", refused.Code);
    }

    [Fact]
    public async Task A_refusal_hidden_in_a_success_is_seen()
    {
        var refused = Assert.IsType<Outcome.Refused>(await Fake(call => call.Method == HttpMethod.Post
            ? Answer(200, """{"code":2,"message":"Invalid value passed for contact_name."}""")
            : Answer(200, """{"code":0,"message":"success","contacts":[]}""")).TryAsync(Some.Customer()));

        Assert.Equal("Zoho refused customer Al Noor Grocery: Invalid value passed for contact_name (code 2).", refused.Reason);
    }

    [Fact]
    public async Task A_permission_that_is_missing_is_a_matter_of_the_connection()
    {
        var missing = Assert.IsType<Outcome.Reconnect>(await Fake(_ => Answer(403, """{"code":57,"message":"You are not authorized to perform this operation"}""")).TryAsync(Some.Customer()));

        Assert.Contains("You are not authorized", missing.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_order_that_waits_for_approval_in_Zoho_is_not_called_done()
    {
        var order = Some.Order(Some.Line());
        var held = $$"""
            "salesorder_id":5,"salesorder_number":"{{order.Info.Number}}","status":"pending_approval","total":12.00,"tax_total":2.00,"currency_code":"EUR",
            "line_items":[{"item_id":1,"quantity":1,"rate":10.0}],"custom_fields":[{"api_name":"cf_ordersync_id","value":"{{order.Info.RecordId}}"}]
            """;
        var ledger = Fake(call => Answer(200, call.RequestUri!.AbsolutePath.Split('/')[3] switch
        {
            "items" => """{"code":0,"items":[{"item_id":1,"sku":"A","status":"active"}]}""",
            "settings" => """{"code":0,"taxes":[{"tax_id":2,"tax_name":"Standard","tax_percentage":20}]}""",
            "contacts" => """{"code":0,"contact":{"contact_id":3,"contact_name":"Ann"}}""",
            _ when call.RequestUri.AbsolutePath.EndsWith("/5", StringComparison.Ordinal) => $$"""{"code":0,"salesorder": { {{held}} } }""",
            _ => $$"""{"code":0,"salesorders":[ { {{held}} } ]}""",
        }));
        await ledger.TryAsync(Some.CustomerOf(order) with { ErpNumber = "3" });

        var refused = Assert.IsType<Outcome.Refused>(await ledger.TryAsync(order));

        Assert.Equal($"Zoho took order {order.Info.Number} but holds it as pending_approval, not confirmed.", refused.Reason);
    }

    private static OrderSync.Zoho.ZohoSettings Settings => new() { OrganizationId = "1", ClientId = "c", ClientSecret = "s", RefreshToken = "r" };

    private static MemoryLedger Fake(
        Func<HttpRequestMessage, HttpResponseMessage?> answer, string token = """{"access_token":"t","expires_in":3600,"api_domain":"https://api.example"}""") => new(
        Settings,
        new FakeZoho(request => request.RequestUri!.AbsolutePath.EndsWith("/token", StringComparison.Ordinal) ? Answer(200, token) : answer(request)!));

    private static HttpResponseMessage Answer(int status, string body, int? retryAfter = null)
    {
        var answer = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (retryAfter is { } seconds)
            answer.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds));
        return answer;
    }

    private sealed class FakeZoho(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer(request));
    }
}
