using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Framework;
using OrderSync.NetSuite;

namespace OrderSync.Connectors.Tests.NetSuite;

public sealed class NetSuiteErrorTests
{
    [Theory]
    [InlineData(400, "INVALID_CONTENT", "Invalid content.", "erp.refused", "item.items[0].item")]
    [InlineData(400, "USER_ERROR", "You must enter a value for Subsidiary.", "erp.refused", "Subsidiary")]
    [InlineData(400, "USER_ERROR", "Invalid Field Value 501 for the following field: item.", "erp.missing", "501")]
    [InlineData(400, "USER_ERROR", "This record has been locked by a user defined workflow.", "erp.refused", "workflow")]
    [InlineData(400, "USER_ERROR", "Your current role does not have permission to perform this action.", "erp.rights", "role")]
    [InlineData(403, "INSUFFICIENT_PERMISSION", "No.", "erp.rights", "role")]
    [InlineData(404, "NONEXISTENT_ID", "The record instance does not exist.", "erp.missing", "deleted")]
    [InlineData(400, "USER_ERROR", "The books of March are closed", "erp.refused", "The books of March are closed")]
    public void F105_A_refusal_is_told_in_plain_words_with_what_to_do(int status, string code, string detail, string ours, string says)
    {
        var refused = Assert.IsType<Outcome.Refused>(NetSuiteErrors.Outcome((HttpStatusCode)status, Problem(status, code, detail), "order A-1042"));

        Assert.Equal(ours, refused.Code);
        Assert.Contains(says, refused.Reason + refused.Fix, StringComparison.Ordinal);
        Assert.Contains("A-1042", refused.Reason, StringComparison.Ordinal);
        Assert.All([refused.Reason, refused.Fix], words => Assert.EndsWith(".", words, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Bad Request")]
    [InlineData("Too Many Requests")]
    public void F105_Too_many_calls_at_once_rest_the_account_whatever_the_title(string title)
    {
        var later = NetSuiteErrors.Limit(new ErpAnswer(HttpStatusCode.TooManyRequests, $$"""{"title":"{{title}}","status":429}"""));

        Assert.True(later.WholeAccount);
    }

    [Fact]
    public void F105_A_new_token_that_is_refused_rests_the_account_and_asks_nobody_for_a_new_key()
    {
        var later = Assert.IsType<Outcome.Later>(NetSuiteErrors.Outcome(HttpStatusCode.Unauthorized, Problem(401, "INVALID_LOGIN", "Invalid login attempt."), "order A-1042"));

        Assert.True(later.WholeAccount);
        Assert.True(later.After > TimeSpan.Zero);
    }

    [Fact]
    public void F105_Another_entity_of_the_name_is_known_by_its_words()
    {
        Assert.True(NetSuiteErrors.IsNameTaken(HttpStatusCode.BadRequest, Problem(400, "USER_ERROR", "Error while accessing a resource. This entity already exists.")));
        Assert.False(NetSuiteErrors.IsNameTaken(HttpStatusCode.BadRequest, Problem(400, "USER_ERROR", "You must enter a value for companyName.")));
    }

    [Fact]
    public void F105_References_are_read_as_object_as_text_and_not_at_all()
    {
        const string json = """{"id":17,"tranId":"SO-1","status":"Pending Approval","orderStatus":{"id":"A","refName":"Pending Approval"},"currency":null,"total":"12.50","links":[]}""";

        var read = JsonSerializer.Deserialize<SalesRecord>(json, NetSuiteWire.Json)!;

        Assert.Equal(("17", "Pending Approval", "A", null, 12.50m), (read.Id, read.Status!.RefName, read.OrderStatus!.Id, read.Currency, read.Total));
    }

    private static Problem Problem(int status, string code, string detail)
    {
        var error = new JsonObject { ["detail"] = detail, ["o:errorCode"] = code };
        if (code == "INVALID_CONTENT")
            error["o:errorPath"] = "item.items[0].item";
        return new JsonObject { ["title"] = "Bad Request", ["status"] = status, ["o:errorDetails"] = new JsonArray(error) }.Deserialize<Problem>(NetSuiteWire.Json)!;
    }
}
