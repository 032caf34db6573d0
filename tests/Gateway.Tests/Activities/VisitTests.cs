using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Activities;

[Collection("office-2")]
public sealed class VisitTests(GatewayFixture gateway)
{
    private static JsonObject Step(Guid visit, string step, int minute = 15, int day = 3) =>
        An.Activity("visit", part: ("visit", $$"""{"id":"{{visit}}","step":"{{step}}"}"""), capturedAt: $"2026-03-{day:00}T10:{minute:00}:00+01:00");

    [Fact]
    public async Task F088_A_visit_is_checked_in_has_notes_and_photos_and_is_marked_complete()
    {
        using var device = await gateway.EnrolAsync();
        var visit = Guid.CreateVersion7();
        var photo = Step(visit, "photo", minute: 20);
        photo["body"]!["attachmentsExpected"] = 2;

        // In one push and in two, a photo that was taken before the end comes after it.
        Assert.All(await device.PushAsync(Step(visit, "checkIn"), Step(visit, "note", minute: 16)), verdict => Assert.Equal("accepted", verdict.Outcome()));
        Assert.All(await device.PushAsync(Step(visit, "complete", minute: 30), photo), verdict => Assert.Equal(("accepted", null), (verdict.Outcome(), verdict.Code())));
    }

    [Fact]
    public async Task F088_What_does_not_fit_the_visit_is_refused_with_its_reason_and_accepted_once_it_fits()
    {
        using var device = await gateway.EnrolAsync();
        var visit = Guid.CreateVersion7();
        var early = Step(visit, "complete", minute: 30);

        var verdict = Assert.Single(await device.PushAsync(early));
        Assert.Equal(("refused", "visit.notCheckedIn"), (verdict.Outcome(), verdict.Code()));
        Assert.Equal("Nobody has checked in to this visit. Check in first, then send this again.", verdict.GetProperty("message").GetString());

        Assert.Equal("visit.notCheckedIn", Assert.Single(await device.PushAsync(Step(visit, "note"))).Code());
        Assert.Equal("visit.step", Assert.Single(await device.PushAsync(Step(visit, "dance"))).Code());
        Assert.Equal(["accepted", "accepted"], (await device.PushAsync(Step(visit, "checkIn"), early)).Select(Said.Outcome));
        Assert.Equal(["visit.checkedInAlready", "visit.completedAlready", "visit.over"],
            (await device.PushAsync(Step(visit, "checkIn"), Step(visit, "complete", minute: 31), Step(visit, "note", minute: 40))).Select(Said.Code));
        Assert.Equal("duplicate", Assert.Single(await device.PushAsync(early)).Outcome());
    }

    [Fact]
    public async Task F088_A_step_that_names_a_check_in_still_to_come_waits_for_it()
    {
        using var device = await gateway.EnrolAsync();
        var visit = Guid.CreateVersion7();
        var (checkIn, complete) = (Step(visit, "checkIn"), Step(visit, "complete", minute: 30));
        complete["dependsOn"] = new JsonArray(checkIn["id"]!.GetValue<Guid>());

        Assert.Equal("waiting", Assert.Single(await device.PushAsync(complete)).Outcome());
        Assert.Equal("accepted", Assert.Single(await device.PushAsync(checkIn)).Outcome());

        await Eventually.GetAsync(() => gateway.RecordAsync(complete["id"]!.GetValue<Guid>()), record => record.GetProperty("state").GetString() == "accepted", "the end goes on");
    }

    [Fact]
    public async Task F093_The_office_sees_a_reps_visits_of_a_day_as_they_were_captured()
    {
        var name = $"Rep {Guid.NewGuid():N}";
        using var device = await gateway.EnrolAsync(name);
        using var other = await gateway.EnrolAsync();
        var rep = await gateway.Scalar<Guid>($"select rep_id from gateway.rep where name = '{name}'");
        var (first, second, customer) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var checkIn = Step(first, "checkIn");
        checkIn["body"]!["customer"] = new JsonObject { ["id"] = customer };
        checkIn["body"]!["notes"] = "Shop is being rebuilt.";
        var count = An.Activity("stockCount", part: ("count", """[{"sku":"SKU-1","quantity":4}]"""), capturedAt: "2026-03-03T10:17:00+01:00");
        count["body"]!["visit"] = new JsonObject { ["id"] = first };
        await device.PushAsync(An.Customer(customer, "Kiosk"), checkIn, count, Step(first, "complete", minute: 30), Step(second, "checkIn", minute: 45), Step(Guid.CreateVersion7(), "checkIn", day: 4));
        await other.PushAsync(Step(Guid.CreateVersion7(), "checkIn"));

        var visits = (await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/visits?rep={rep}&day=2026-03-03")).GetProperty("visits").EnumerateArray().ToList();

        Assert.Equal([first, second], visits.Select(visit => visit.GetProperty("id").GetGuid()));
        Assert.Equal(("Kiosk", "2026-03-03T10:15:00+01:00", "2026-03-03T10:30:00+01:00"),
            (visits[0].GetProperty("customer").GetString(), visits[0].GetProperty("checkedInAt").GetString(), visits[0].GetProperty("completedAt").GetString()));
        Assert.Equal(["visit checkIn", "stockCount ", "visit complete"], visits[0].GetProperty("entries").EnumerateArray()
            .Select(entry => $"{entry.GetProperty("type").GetString()} {(entry.TryGetProperty("step", out var step) ? step.GetString() : "")}"));
        Assert.Equal("Shop is being rebuilt.", visits[0].GetProperty("entries")[0].GetProperty("notes").GetString());
        Assert.False(visits[1].TryGetProperty("completedAt", out _));
    }
}
