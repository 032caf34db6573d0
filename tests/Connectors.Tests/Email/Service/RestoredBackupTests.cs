using OrderSync.Connectors.Tests.Email.Sending;
using OrderSync.Contracts.Bus;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Email.Service;

/// <summary>After a backup was restored a mail may have gone out that nobody here knows of: a person says whether it is sent.</summary>
[InCi]
[Collection(nameof(EmailDays))]
public sealed class RestoredBackupTests(EmailDatabase database) : EmailDays(database)
{
    [Fact]
    public async Task A_mail_that_may_have_been_sent_waits_for_a_person_and_is_sent_once_when_they_say_so()
    {
        await using var server = new ScriptedSmtp();
        await using var host = await StartAsync();
        await SaveAsync(host, server.Uri, inside: ["office@n.example"]);
        var order = Message(AnOrder.With(number: "SO-1", customerEmail: "buyer@c.example")) with { MayExist = true };

        await host.TakeAsync(order);
        await PassAsync(host, TimeSpan.FromHours(1), TimeSpan.FromMinutes(15));

        Assert.Empty(server.Received);
        var report = await host.ReportAsync(order);
        Assert.Equal((DeliveryState.Attention, DeliverRecord.MayExistCode), (report.State, report.Code));
        Assert.Contains("SO-1 may have been sent already", report.Reason);
        Assert.Contains("Retry sends the mail; Stop leaves it.", report.Fix);

        await host.TakeAsync(order with { Version = 2, MayExist = false });
        await SettleAsync(host);
        await host.TakeAsync(order with { Version = 3 });
        await PassAsync(host, TimeSpan.FromHours(1), TimeSpan.FromMinutes(15));

        Assert.Equal(["buyer@c.example", "office@n.example"], server.Received.Select(mail => new Letter(mail).To).Order());
        Assert.Equal(DeliveryState.Done, (await host.ReportAsync(order)).State);
    }

    [Fact]
    public async Task A_mail_that_the_ledger_knows_is_in_no_doubt()
    {
        await using var server = new ScriptedSmtp();
        await using var host = await StartAsync();
        await SaveAsync(host, server.Uri);
        var order = Message(AnOrder.With(number: "SO-2", customerEmail: "buyer@c.example"));
        await host.TakeAsync(order);
        await SettleAsync(host);

        await host.TakeAsync(order with { MayExist = true });
        await host.TakeAsync(order with { Version = 2, MayExist = true });
        await PassAsync(host, TimeSpan.FromHours(1), TimeSpan.FromMinutes(15));

        Assert.Single(server.Received);
        Assert.Equal(DeliveryState.Done, (await host.ReportAsync(order)).State);
    }

    [Fact]
    public async Task An_order_whose_mail_may_have_been_sent_is_taken_back_when_it_is_cancelled()
    {
        await using var server = new ScriptedSmtp();
        await using var host = await StartAsync();
        await SaveAsync(host, server.Uri);
        var order = Message(AnOrder.With(number: "SO-3", customerEmail: "buyer@c.example")) with { MayExist = true };
        await host.TakeAsync(order);
        await SettleAsync(host);

        await host.TakeAsync(order with { Version = 2, Wish = DeliveryWish.Cancel });
        await SettleAsync(host);

        Assert.Equal(["Order SO-3 is cancelled"], server.Received.Select(mail => new Letter(mail).Subject));
    }
}
