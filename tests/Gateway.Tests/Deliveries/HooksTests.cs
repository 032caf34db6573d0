using System.Net;
using System.Text;

namespace OrderSync.Gateway.Tests.Deliveries;

/// <summary>An ERP says of its own accord that something changed there.</summary>
[Collection("deliveries")]
public sealed class HooksTests(DeliveriesFixture gateway)
{
    private static readonly Guid Connection = Guid.NewGuid();

    [Fact]
    public async Task F107_What_an_ERP_says_is_handed_to_the_connector_byte_for_byte_with_its_headers()
    {
        using var answer = await CallAsync(DeliveriesFixture.Pages, "[ {\"a\":1}]", "c2lnbmVk");

        Assert.Equal((HttpStatusCode.OK, ""), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        var call = gateway.Calls.Single(call => call.Request == $"POST /manage/connections/{gateway.CompanyId}/{Connection}/hint");
        Assert.Equal(("only-for-tests", ""), (call.Key, call.Person));
        Assert.Contains(Convert.ToBase64String("[ {\"a\":1}]"u8), call.Body, StringComparison.Ordinal);
        Assert.Contains("\"c2lnbmVk\"", call.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DeliveriesFixture.Pages, 10, "forged", HttpStatusCode.NotFound)]
    [InlineData("nobody", 10, "c2lnbmVk", HttpStatusCode.NotFound)]
    [InlineData("away", 10, "c2lnbmVk", HttpStatusCode.ServiceUnavailable)]
    [InlineData(DeliveriesFixture.Pages, 300_000, "c2lnbmVk", HttpStatusCode.RequestEntityTooLarge)]
    public async Task F107_What_is_forged_too_long_or_for_nobody_is_refused_and_told_nothing(string connector, int length, string signature, HttpStatusCode status)
    {
        using var answer = await CallAsync(connector, new string(' ', length), signature);

        Assert.Equal(status, answer.StatusCode);
        Assert.DoesNotContain("signed", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> CallAsync(string connector, string body, string signature)
    {
        using var erp = new HttpClient { BaseAddress = gateway.Gateway.Url };
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var call = new HttpRequestMessage(HttpMethod.Post, $"/hooks/{connector}/{gateway.CompanyId}/{Connection}") { Content = content };
        call.Headers.Add("intuit-signature", signature);
        return await erp.SendAsync(call);
    }
}
