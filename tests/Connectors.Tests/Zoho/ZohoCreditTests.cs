using System.Text.Json;
using OrderSync.Zoho;

namespace OrderSync.Connectors.Tests.Zoho;

/// <summary>What Zoho says of a customer's credit.</summary>
public sealed class ZohoCreditTests
{
    [Theory]
    [InlineData("""{"contact_id":1,"contact_name":"Ann","credit_limit":500,"outstanding_receivable_amount":120.5,"unused_credits_receivable_amount":20,"currency_code":"USD"}""", "500", "100.5", "USD")]
    [InlineData("""{"contact_id":1,"contact_name":"Ann","credit_limit":0,"currency_code":""}""", "0", null, null)]
    [InlineData("""{"contact_id":1,"contact_name":"Ann"}""", null, null, null)]
    public void F081_Limit_and_what_is_owed_come_with_the_customer(string json, string? limit, string? balance, string? currency)
    {
        var level = PullMapping.Customer(JsonSerializer.Deserialize<Contact>(json, ZohoWire.Json)!);

        Assert.Equal((limit, balance, currency), (level.CreditLimit?.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture), level.Balance?.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture), level.Currency));
    }
}
