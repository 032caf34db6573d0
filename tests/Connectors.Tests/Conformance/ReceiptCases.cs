using OrderSync.Contracts.Bus;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>Money that was received is written down once, with its amount, whatever happens; ERPs seldom keep a reference unique.</summary>
public abstract class ReceiptCases(ConformanceStage stage) : QuoteCases(stage)
{
    private const decimal Amount = 12.35m;

    [CaseThatNeeds(Ability.Receipts)]
    public Task A_receipt_and_its_new_customer_arrive_once_with_the_amount() => ReceiptInSpiteOfAsync(Obstacles.None, writes: 1);

    [CaseThatNeeds(Ability.Receipts)]
    public Task An_answer_lost_after_the_receipt_was_written_makes_no_second_one() => ReceiptInSpiteOfAsync(Obstacles.LosesTheAnswer, writes: 1);

    [CaseThatNeeds(Ability.Receipts)]
    public Task A_receipt_whose_request_was_cut_off_is_written_later() => ReceiptInSpiteOfAsync(Obstacles.LosesTheRequest, writes: 2);

    [CaseThatNeeds(Ability.Receipts)]
    public Task Half_an_answer_to_a_receipt_is_no_answer() => ReceiptInSpiteOfAsync(Obstacles.LosesHalfTheAnswer, writes: 1);

    [CaseThatNeeds(Ability.Receipts, Ability.AmbiguityWindow)]
    public Task A_receipt_that_is_committed_late_is_found_and_not_written_again() => ReceiptInSpiteOfAsync(Obstacles.CommitsLate(Clock, TimeSpan.FromSeconds(20)), writes: 1);

    [CaseThatNeeds(Ability.Receipts)]
    public async Task F087_The_same_receipt_delivered_twenty_times_at_once_and_again_when_it_is_done_is_one_payment()
    {
        var replica = await ConnectedAsync();
        var receipt = Capture.Receipt(Home, Amount);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => replica.TakeAsync(receipt)));
        await PushAsync(replica, receipt);
        await PushAsync(replica, receipt);

        await ReceiptOnceAsync(receipt);
        Assert.Single(Line.To(CallStep.CreateReceipt));
    }

    [CaseThatNeeds(Ability.Receipts)]
    public async Task A_replica_killed_after_the_receipt_was_written_doubles_nothing()
    {
        var replica = await ConnectedAsync();
        var receipt = Capture.Receipt(Home, Amount);

        await KilledAsync(replica, CallStep.CreateReceipt, receipt);

        await ReceiptOnceAsync(receipt);
    }

    [CaseThatNeeds(Ability.Receipts)]
    public async Task A_ledger_restored_from_an_old_backup_writes_no_receipt_again()
    {
        var replica = await ConnectedAsync();
        var receipt = Capture.Receipt(Home, Amount);
        await PushAsync(replica, receipt);

        // What the backup knows of tokens may be spent by now: a person approves again.
        var empty = AnotherPlace();
        await Organisation.ApproveAsync();
        await replica.ConnectAsync(empty, Organisation.Settings());
        await PushAsync(replica, receipt with { CompanyId = empty.Company, ConnectionId = empty.Connection });

        await ReceiptOnceAsync(receipt);
        Assert.Single(Line.To(CallStep.CreateReceipt));
    }

    [CaseThatNeeds(Ability.Receipts)]
    public async Task A_receipt_waits_for_the_order_it_pays_and_comes_after_it()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        var receipt = Capture.Receipt(Home, Amount, order: order);
        await replica.TakeAsync(receipt);

        var waiting = await replica.ReportAsync(receipt);
        await PushAsync(replica, order);
        await DoneAsync(receipt);

        Assert.Equal((DeliveryState.Waiting, "dependency.waiting"), (waiting.State, waiting.Code));
        await OnceAsync(order);
        await ReceiptOnceAsync(receipt);
    }

    [CaseThatNeeds(Ability.Receipts)]
    public async Task A_receipt_of_somebody_else_with_our_reference_is_never_adopted_nor_joined_by_a_second()
    {
        var replica = await ConnectedAsync();
        var receipt = Capture.Receipt(Home, Amount);
        await Organisation.TakeReferenceAsync(receipt.Number!);

        await replica.TakeAsync(receipt);
        var refused = await UntilAsync(receipt, "refused");

        Assert.Equal("erp.numberTaken", refused.Code);
        Assert.Empty(Line.To(CallStep.CreateReceipt));
        Assert.Null(Assert.Single(await Organisation.ReceiptsAsync()).RecordId);
    }

    [CaseThatNeeds(Ability.Receipts)]
    public async Task A_no_to_a_receipt_is_told_in_its_words_and_waits_for_a_person()
    {
        var receipt = Capture.Receipt(Home, Amount);
        await WaitsForAPersonAsync(CallStep.CreateReceipt, receipt);
        await ReceiptOnceAsync(receipt);
    }

    [CaseThatNeeds(Ability.Receipts, Ability.Twins)]
    public async Task A_receipt_that_is_there_twice_after_all_is_named_with_both()
    {
        var replica = await ConnectedAsync();
        var receipt = Capture.Receipt(Home, Amount);
        Line.Lay(CallStep.CreateReceipt, Obstacles.LosesTheRequest);
        await PushAsync(replica, receipt);
        await Organisation.DoubleReceiptAsync(receipt.RecordId);

        await LookedAgainAsync();

        var report = await replica.ReportAsync(receipt);
        var theirs = await Organisation.ReceiptsAsync();
        Assert.Equal((2, DeliveryState.Attention, "erp.twice"), (theirs.Count, report.State, report.Code));
        Assert.All(theirs, one => Assert.Contains(one.Id, report.Reason!, StringComparison.Ordinal));
    }

    private async Task ReceiptInSpiteOfAsync(Obstacle obstacle, int writes)
    {
        var replica = await ConnectedAsync();
        var receipt = Capture.Receipt(Home, Amount);
        Line.Lay(CallStep.CreateReceipt, obstacle);

        await PushAsync(replica, receipt);

        await ReceiptOnceAsync(receipt);
        Assert.Equal(writes, Line.To(CallStep.CreateReceipt).Count());
        var report = await replica.ReportAsync(receipt);
        Assert.Equal((DeliveryState.Done, (decimal?)Amount, (string?)null), (report.State, report.ExternalTotal, report.Code));
    }

    private async Task ReceiptOnceAsync(DeliverRecord receipt)
    {
        var theirs = Assert.Single(await Organisation.ReceiptsAsync());
        Assert.Equal((receipt.RecordId, receipt.Number, receipt.Total()), (theirs.RecordId, theirs.Number, theirs.Total));
        Assert.Single(await Organisation.CustomersAsync(), one => one.RecordId == receipt.Customer!.Id);
    }
}
