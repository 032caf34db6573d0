using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Activities;

[Collection("office-2")]
public sealed class FormTests(GatewayFixture gateway)
{
    private static readonly object[] Old = [new { name = "shelf", label = "Is the shelf full?", type = "yesNo", required = true }];

    private static readonly object[] New =
    [
        new { name = "shelf", label = "How full is the shelf?", type = "choice", required = true, choices = new[] { "empty", "half", "full" } },
        new { name = "faces", label = "How many faces?", type = "number", required = true, least = 0, most = 50 },
    ];

    private static JsonObject Response(string form, int version, string answers) =>
        An.Activity("form", part: ("form", $$"""{"name":"{{form}}","version":{{version}},"answers":{{answers}}}"""));

    private async Task<JsonElement> PublishAsync(string form, object[] fields, int? version = null)
    {
        var answer = await gateway.Office.PutAsJsonAsync($"/v1/office/forms/{form}", new { title = "Shelf check", fields, version });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    [Fact]
    public async Task F089_A_form_is_judged_by_the_version_it_was_captured_with_though_there_is_a_newer_one()
    {
        using var device = await gateway.EnrolAsync();
        var form = $"shelf-{Guid.NewGuid():N}";
        Assert.Equal(1, (await PublishAsync(form, Old)).GetProperty("version").GetInt32());
        Assert.Equal(1, (await PublishAsync(form, Old)).GetProperty("version").GetInt32());
        Assert.Equal(2, (await PublishAsync(form, New)).GetProperty("version").GetInt32());

        var verdicts = await device.PushAsync(
            Response(form, 1, """{"shelf":true}"""), Response(form, 2, """{"shelf":"half","faces":12}"""), Response(form, 2, """{"shelf":true,"faces":12}"""), Response(form, 2, """{"shelf":"half"}"""),
            Response(form, 1, "{}"), Response(form, 2, """{"shelf":"half","faces":51}"""), Response(form, 1, """{"shelf":false,"faces":1}"""));

        Assert.Equal([null, null, "form.answer.invalid", "form.answer.missing", "form.answer.missing", "form.answer.invalid", "form.answer.unknown"], verdicts.Select(Said.Code));
        Assert.Equal(["accepted", "accepted", "refused", "refused", "refused", "refused", "refused"], verdicts.Select(Said.Outcome));
        Assert.Equal("\"How full is the shelf?\" was answered with something that does not fit. Answer it again.", verdicts[2].GetProperty("message").GetString());
    }

    [Fact]
    public async Task F089_A_version_nobody_knows_is_held_and_judged_once_the_office_has_published_it()
    {
        using var device = await gateway.EnrolAsync();
        var form = $"shelf-{Guid.NewGuid():N}";
        var (right, wrong) = (Response(form, 3, """{"shelf":true}"""), Response(form, 3, """{"shelf":"half"}"""));

        Assert.All(await device.PushAsync(right, wrong), verdict => Assert.Equal(("accepted", "held", "form.versionUnknown"), (verdict.Outcome(), verdict.State(), verdict.Code())));
        await PublishAsync(form, New);
        await PublishAsync(form, Old, version: 3);

        await Eventually.GetAsync(() => gateway.RecordAsync(right["id"]!.GetValue<Guid>()), record => record.GetProperty("state").GetString() == "accepted", "the right one goes on");
        var record = await gateway.RecordAsync(wrong["id"]!.GetValue<Guid>());
        Assert.Equal(("refused", "form.answer.invalid"), (record.GetProperty("state").GetString(), record.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task F089_A_published_version_never_changes_and_a_form_that_cannot_be_answered_is_not_published()
    {
        var form = $"shelf-{Guid.NewGuid():N}";
        await PublishAsync(form, Old);

        var taken = await gateway.Office.PutAsJsonAsync($"/v1/office/forms/{form}", new { title = "Shelf check", fields = New, version = 1 });
        var unusable = await gateway.Office.PutAsJsonAsync($"/v1/office/forms/{form}", new { title = "Shelf check", fields = new[] { new { name = "a", label = "A", type = "choice" } } });

        Assert.Equal(HttpStatusCode.Conflict, taken.StatusCode);
        Assert.Contains("form.versionTaken", await taken.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("needs choices", await unusable.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var first = await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/forms/{form}/versions/1");
        Assert.Equal("Is the shelf full?", Assert.Single(first.GetProperty("fields").EnumerateArray()).GetProperty("label").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.Office.GetAsync($"/v1/office/forms/{form}/versions/2")).StatusCode);
    }
}
