using System.Text.Json.Nodes;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Leads;

[Collection("office-2")]
public sealed class LeadTests(GatewayFixture gateway)
{
    [Fact]
    public async Task F077_Leads_and_new_outlets_are_accepted_with_their_position_and_photos_to_come()
    {
        using var device = await gateway.EnrolAsync();
        var (lead, outlet) = (An.Lead(), An.Customer());
        outlet["body"]!["position"] = lead["body"]!["position"]!.DeepClone();
        outlet["body"]!["attachmentsExpected"] = 3;

        Assert.All(await device.PushAsync(lead, outlet), verdict => Assert.Equal(("accepted", null), (verdict.Outcome(), verdict.Code())));

        foreach (var record in new[] { lead, outlet })
        {
            var body = (await gateway.RecordAsync(record["id"]!.GetValue<Guid>())).GetProperty("captured").GetProperty("body");
            Assert.Equal(52.5200066m, body.GetProperty("position").GetProperty("latitude").GetDecimal());
            Assert.True(body.GetProperty("attachmentsExpected").GetInt32() > 1);
        }
    }

    [Theory]
    [InlineData("name", "\" \"", "lead.name")]
    [InlineData("email", "\"nobody\"", "lead.email")]
    [InlineData("position", """{"latitude":91,"longitude":0}""", "lead.position")]
    [InlineData("attachmentsExpected", "101", "number.outOfRange")]
    public async Task What_the_rep_can_mend_of_a_lead_is_refused(string field, string value, string code)
    {
        using var device = await gateway.EnrolAsync();
        var lead = An.Lead();
        lead["body"]![field] = JsonNode.Parse(value);

        var verdict = Assert.Single(await device.PushAsync(lead));

        Assert.Equal(("refused", code), (verdict.Outcome(), verdict.Code()));
    }
}
