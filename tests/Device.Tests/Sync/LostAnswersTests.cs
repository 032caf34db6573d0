using OrderSync.Gateway.Tests;
using OrderSync.Simulator.Fleet;

namespace OrderSync.Device.Tests;

[Collection("gateway")]
public sealed class LostAnswersTests(GatewayFixture gateway)
{
    private const string Push = "/v1/sync/push";

    [Fact]
    public async Task F004_F049_Records_whose_answers_were_lost_twice_are_stored_once_and_told_once()
    {
        await using var site = await Site.OpenAsync(gateway);
        var customer = site.Device.Capture(Entered.Customer());
        var orders = Enumerable.Range(0, 5).Select(_ => site.Device.Capture(Entered.Order(customer.Id))).ToList();
        site.Fate = request => request.Path == Push && site.Asked(Push) <= 2 ? new LineFate { CutAnswerAt = site.Asked(Push) * 100 } : LineFate.Passes;

        var reports = new List<SyncReport>();
        while (reports.Count < 10 && reports is not [.., { Left: 0 }])
            reports.Add(await site.Device.SyncNowAsync());

        Assert.Equal([6, 6, 0], reports.Select(report => report.Left));
        Assert.Equal(6, reports[2].Duplicates);
        Assert.Equal([customer.Id, .. orders.Select(order => order.Id)], site.Told.Select(record => record.Id));
        var numbers = site.Told.Skip(1).Select(record => record.Verdict!.Number).ToList();
        Assert.Equal(5, numbers.Distinct().Count(number => number is { Length: > 0 }));
        Assert.Equal(numbers, await Task.WhenAll(orders.Select(async order => (await site.AtOfficeAsync(order.Id)).GetProperty("number").GetString())));
        Assert.All(site.Device.Records(), record => Assert.Equal(RecordState.Accepted, record.State));
    }

    [Fact]
    public async Task Requests_that_arrive_twice_and_out_of_order_change_nothing()
    {
        await using var site = await Site.OpenAsync(gateway);
        var fates = new Queue<LineFate>([new() { Twice = true }, new() { AgainLater = true }, new() { Twice = true }, LineFate.Passes]);
        site.Fate = request => request.Path == Push && fates.TryDequeue(out var fate) ? fate : LineFate.Passes;
        var customer = site.Device.Capture(Entered.Customer());
        await site.Device.SyncNowAsync();
        var order = site.Device.Capture(Entered.Order(customer.Id, "SKU-12", 10));
        await site.Device.SyncNowAsync();
        Assert.Equal(RecordState.Refused, site.Device.Find(order.Id)!.State);

        // The refused revision arrives once more, behind the mended one.
        site.Device.Mend(order.Id, Entered.Order(customer.Id, "SKU-12", 12));
        await site.Device.SyncNowAsync();
        await site.Device.SyncNowAsync();
        var last = site.Device.Capture(Entered.Order(customer.Id));
        await site.Device.SyncNowAsync();

        Assert.Equal(3, site.Line.Copies);
        Assert.Equal([RecordState.Accepted, RecordState.Replaced, RecordState.Accepted, RecordState.Accepted], site.Device.Records().Select(record => record.State));
        var stored = await site.AtOfficeAsync(order.Id);
        Assert.Equal(("accepted", 2), (stored.GetProperty("state").GetString(), stored.GetProperty("rev").GetInt32()));
        Assert.Equal("accepted", (await site.AtOfficeAsync(last.Id)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task F041_A_line_that_carries_little_at_a_time_is_given_little_and_the_order_of_capture_stays()
    {
        await using var site = await Site.OpenAsync(gateway);
        site.Fate = request => request.Path == Push && request.Length > 2_000 ? new LineFate { CutRequestAt = 1_500 } : LineFate.Passes;
        var customer = site.Device.Capture(Entered.Customer());
        var seqs = Enumerable.Range(0, 40).Select(i => site.Device.Capture(Entered.Order(customer.Id) with { Notes = $"{Guid.NewGuid()}{Guid.NewGuid()}" }).Seq).ToList();

        for (var runs = 0; runs < 20 && site.Device.State.ToSend > 0; runs++)
            await site.Device.SyncNowAsync();

        Assert.Equal([1, .. seqs], site.Told.Select(record => record.Seq));
        Assert.All(site.Told, record => Assert.Equal("accepted", record.Verdict!.Outcome));
    }

    [Fact]
    public async Task An_enrolment_whose_answer_was_lost_is_repeated_with_the_same_code_and_makes_one_device()
    {
        await using var site = await Site.OpenAsync(gateway, enrol: false);
        var devices = await gateway.Scalar<long>("select count(*) from gateway.device");
        var code = await site.CodeAsync();
        site.Fate = _ => site.Line.Requests == 1 ? new LineFate { CutAnswerAt = 200 } : LineFate.Passes;

        Assert.Equal("line.noAnswer", (await Assert.ThrowsAsync<DeviceTrouble>(() => site.Device.EnrolAsync(code))).Code);
        Assert.Null(site.Device.DeviceId);
        site.Reopen();
        await site.Device.EnrolAsync(code);

        Assert.NotNull(site.Device.DeviceId);
        Assert.Equal(devices + 1, await gateway.Scalar<long>("select count(*) from gateway.device"));
        Assert.Equal("enrol.codeUnknown", (await Assert.ThrowsAsync<DeviceTrouble>(() => site.Device.EnrolAsync("XXXX-XXXX-XXXX"))).Code);
    }
}
