using System.Security.Cryptography;
using System.Text.Json;
using OrderSync.Contracts.Records;
using OrderSync.Gateway.Tests;
using OrderSync.Testing;

namespace OrderSync.Device.Tests;

[Collection("gateway")]
public sealed class VerdictTests(GatewayFixture gateway)
{
    [Fact]
    public async Task F055_A_refused_order_holds_up_nobody_and_mended_it_releases_what_waits_for_it()
    {
        await using var site = await Site.OpenAsync(gateway);
        var customer = site.Device.Capture(Entered.Customer());
        var wrong = site.Device.Capture(Entered.Order(customer.Id, "SKU-12", 10));
        var receipt = site.Device.Capture(new NewReceipt(customer.Id, "USD", wrong.Total!.Value, "cash") { Allocations = [new ReceiptAllocation(wrong.Id, null, wrong.Total.Value)] });
        var other = site.Device.Capture(Entered.Order(customer.Id));

        var report = await site.Device.SyncNowAsync();

        Assert.Equal((4, 2, 1, 1, 0), (report.Sent, report.Accepted, report.Refused, report.Waiting, report.Left));
        var refused = Assert.Single(site.Device.Attention());
        Assert.Equal((wrong.Id, "line.quantity.notAMultiple", "lines[0].quantity"), (refused.Id, refused.Verdict!.Code, refused.Verdict.Field));
        Assert.Equal("Line 1: SKU-12 is sold in steps of 12; you ordered 10. Choose 12 or 24.", refused.Verdict.Message);
        Assert.Equal("1 needs you", site.Device.State.ToString());
        Assert.Equal(RecordState.Accepted, site.Device.Find(other.Id)!.State);

        var draft = (NewOrder)site.Device.Draft(wrong.Id);
        var mended = site.Device.Mend(wrong.Id, draft with { Lines = [draft.Lines[0] with { Quantity = 12 }] });
        Assert.Equal((2, 5L), (mended.Rev, mended.Seq));
        Assert.Equal("1 waiting", site.Device.State.ToString());
        Assert.Equal(1, (await site.Device.SyncNowAsync()).Accepted);

        await Eventually.TrueAsync(async () => (await site.AtOfficeAsync(receipt.Id)).GetProperty("state").GetString() == "accepted", "the receipt goes on by itself");
        Assert.Equal(4, site.Device.OfferAgain());
        Assert.Equal(4, (await site.Device.SyncNowAsync()).Duplicates);
        Assert.Equal(RecordState.Accepted, site.Device.Find(receipt.Id)!.State);
        Assert.Equal("Nothing to send", site.Device.State.ToString());
    }

    [Fact]
    public async Task What_needs_a_person_is_sent_again_once_the_cause_is_gone_or_given_up()
    {
        await using var site = await Site.OpenAsync(gateway);
        var sku = $"LATE-{Guid.NewGuid():N}"[..20];
        var customer = site.Device.Capture(Entered.Customer());
        var order = site.Device.Capture(Entered.Order(customer.Id, sku));
        await site.Device.SyncNowAsync();
        Assert.Equal("line.sku.unknown", Assert.Single(site.Device.Attention()).Verdict!.Code);

        site.Device.Stop(order.Id);
        Assert.Empty(site.Device.Attention());
        Assert.Equal((0, RecordState.Stopped), ((await site.Device.SyncNowAsync()).Sent, site.Device.Find(order.Id)!.State));

        await gateway.Execute($"insert into gateway.item (company_id, sku, name) values ('{gateway.CompanyId}', '{sku}', 'Came later')");
        site.Device.Retry(order.Id);
        Assert.Equal(1, (await site.Device.SyncNowAsync()).Accepted);
        Assert.Equal("record.notInAttention", Assert.Throws<DeviceTrouble>(() => site.Device.Stop(order.Id)).Code);
        Assert.Equal("record.needsConnection", Assert.Throws<DeviceTrouble>(() => site.Device.Mend(order.Id, Entered.Order(customer.Id))).Code);
    }

    [Fact]
    public async Task Other_content_under_the_same_id_is_a_conflict_for_a_person_and_nothing_is_lost()
    {
        await using var site = await Site.OpenAsync(gateway);
        var customer = site.Device.Capture(Entered.Customer());
        await site.Device.SyncNowAsync();
        var kept = site.Device.Find(customer.Id)!;
        var other = JsonSerializer.SerializeToUtf8Bytes(JsonSerializer.Deserialize<RecordEnvelope>(kept.Bytes.Span, Contracts.ContractJson.Options)! with { Seq = 77 }, Contracts.ContractJson.Options);

        site.Device.Import([kept.Bytes, other]);
        var report = await site.Device.SyncNowAsync();

        Assert.Equal((1, 1), (report.Duplicates, report.Conflicts));
        Assert.Equal([RecordState.Accepted, RecordState.Conflict], site.Device.Records().Select(record => record.State));
        Assert.Equal("record.conflict", Assert.Single(site.Device.Attention()).Verdict!.Code);
        site.Device.Stop(customer.Id);
        Assert.Equal("Nothing to send", site.Device.State.ToString());
    }

    [Fact]
    public async Task A_record_too_large_for_the_gateway_is_told_to_the_person_and_the_others_go_on()
    {
        await using var site = await Site.OpenAsync(gateway);
        var before = site.Device.Capture(Entered.Customer());
        // Random text, so that packing makes it no smaller than half of it.
        var large = new RecordEnvelope("customer", Guid.CreateVersion7(), 1, 1, 1, DateTimeOffset.Now, null, JsonSerializer.SerializeToElement(new { name = "L", notes = Convert.ToHexString(RandomNumberGenerator.GetBytes(5_000_000)) }));
        site.Device.Import([JsonSerializer.SerializeToUtf8Bytes(large, Contracts.ContractJson.Options)]);
        var after = site.Device.Capture(Entered.Order(before.Id));

        var report = await site.Device.SyncNowAsync();

        Assert.Equal((3, 2, 1, 0), (report.Sent, report.Accepted, report.Refused, report.Left));
        Assert.Equal((large.Id, "push.tooManyBytes"), (site.Device.Attention()[0].Id, site.Device.Attention()[0].Verdict!.Code));
        Assert.Equal(RecordState.Accepted, site.Device.Find(after.Id)!.State);
    }

    [Fact]
    public async Task A_wrong_clock_is_told_to_the_gateway_and_empties_nothing()
    {
        var yesterday = new ManualClock(DateTimeOffset.UtcNow.AddDays(-3));
        await using var site = await Site.OpenAsync(gateway, options => options with { Clock = yesterday });
        var customer = site.Device.Capture(Entered.Customer());
        var order = site.Device.Capture(Entered.Order(customer.Id));
        await site.Device.SyncNowAsync();

        var stored = await site.AtOfficeAsync(order.Id);
        Assert.Equal(yesterday.GetUtcNow().ToUnixTimeSeconds(), stored.GetProperty("capturedAt").GetDateTimeOffset().ToUnixTimeSeconds());
        Assert.Equal(DateTime.UtcNow.ToString("yyyy-MM-dd", null), stored.GetProperty("documentDate").GetString());

        // Ten years on by the device's clock, a moment by the server's.
        yesterday.Advance(TimeSpan.FromDays(3_650));
        site.Device.Capture(Entered.Order(customer.Id));
        Assert.Equal(1, (await site.Device.SyncNowAsync()).Accepted);
        Assert.Equal(3, site.Device.Records().Count);
    }

    [Fact]
    public async Task Acknowledged_bodies_are_kept_for_their_days_by_the_server_s_clock()
    {
        await using var site = await Site.OpenAsync(gateway);
        var (old, young) = (site.Device.Capture(Entered.Customer()), site.Device.Capture(Entered.Customer()));
        await site.Device.SyncNowAsync();
        const long day = 86_400_000;
        site.Alter("update record set told_at = told_at - $1 * case seq when $2 then 46 else 44 end", day, old.Seq);

        var unsent = site.Device.Capture(Entered.Customer());
        await site.Device.SyncNowAsync();

        Assert.Null(site.Device.Find(old.Id));
        Assert.Equal([young.Id, unsent.Id], site.Device.Records().Select(record => record.Id));
        Assert.Equal(4, site.Device.Capture(Entered.Customer()).Seq);
    }
}
