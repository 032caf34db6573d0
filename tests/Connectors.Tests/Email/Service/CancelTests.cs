using OrderSync.Connectors.Tests.Email.Sending;
using OrderSync.Contracts.Bus;

namespace OrderSync.Connectors.Tests.Email.Service;

/// <summary>An order that is cancelled: who was told of it is told of that too.</summary>
[Collection(nameof(EmailDays))]
public sealed class CancelTests(EmailDatabase database) : EmailDays(database)
{
    [Fact]
    public async Task A_cancelled_order_is_taken_back_by_a_short_mail_to_all_who_had_the_confirmation()
    {
        await using var server = new ScriptedSmtp();
        await using var host = await StartAsync();
        await SaveAsync(host, server.Uri, inside: ["office@n.example"]);
        var order = Message(AnOrder.With(lines: 2, number: "SO-7", customerEmail: "buyer@c.example", repEmail: "ada@n.example"));
        await host.TakeAsync(order);
        await SettleAsync(host);
        var confirmed = server.Received.ConvertAll(mail => new Letter(mail));
        server.Received.Clear();

        await host.TakeAsync(order with { Version = 2, Wish = DeliveryWish.Cancel });
        await SettleAsync(host);
        await host.TakeAsync(order with { Version = 3, Wish = DeliveryWish.Cancel });
        await SettleAsync(host);

        var report = await host.ReportAsync(order);
        Assert.Equal((DeliveryState.Done, "cancelled", "SO-7", 3L), (report.State, report.Code, report.ExternalNumber, report.KnownVersion));
        var cancelled = server.Received.ConvertAll(mail => new Letter(mail));
        Assert.Equal(["ada@n.example", "buyer@c.example", "office@n.example"], cancelled.Select(mail => mail.To).Order());
        Assert.Equal(6, confirmed.Concat(cancelled).Select(mail => mail.MessageId).Distinct().Count());
        Assert.All(cancelled, mail =>
        {
            var original = Assert.Single(confirmed, one => one.To == mail.To).MessageId;
            Assert.Equal((original, original), (mail.Header("In-Reply-To"), mail.Header("References")));
            Assert.Null(mail.Pdf);
            Assert.All([mail.Text, mail.Html], shown => Assert.Contains("Order SO-7 of 20\u00a0November\u00a02026 for EUR\u00a0", shown));
        });
        Assert.Equal("Order SO-7 is cancelled", cancelled.Single(mail => mail.To == "buyer@c.example").Subject);
        Assert.Equal("Order SO-7 is cancelled: Müller & Söhne KG", cancelled.Single(mail => mail.To == "office@n.example").Subject);
    }

    [Fact]
    public async Task An_order_cancelled_before_its_mail_went_out_is_never_mailed()
    {
        await using var server = new ScriptedSmtp { Replies = { ["RCPT TO:<late@c.example>"] = "450 not yet" } };
        await using var host = await StartAsync();
        await SaveAsync(host, server.Uri);
        var unseen = Message(AnOrder.With(number: "SO-1", customerEmail: "buyer@c.example"));
        var waiting = Message(AnOrder.With(number: "SO-2", customerEmail: "late@c.example"));
        await host.TakeAsync(waiting);
        await SettleAsync(host);

        await host.TakeAsync(unseen with { Wish = DeliveryWish.Cancel });
        await host.TakeAsync(waiting with { Version = 2, Wish = DeliveryWish.Cancel });
        server.Replies.Clear();
        await PassAsync(host, TimeSpan.FromHours(1), TimeSpan.FromMinutes(15));

        Assert.Empty(server.Received);
        foreach (var order in new[] { unseen, waiting })
        {
            var report = await host.ReportAsync(order);
            Assert.Equal((DeliveryState.Done, "cancelled.unwritten"), (report.State, report.Code));
            Assert.Contains("nothing to take back", report.Reason);
        }
    }

    [Fact]
    public async Task A_cancellation_follows_the_mail_to_the_address_it_went_to_and_after_it_no_confirmation_goes_out()
    {
        await using var server = new ScriptedSmtp();
        await using var host = await StartAsync();
        await SaveAsync(host, server.Uri);
        var order = Message(AnOrder.With(number: "SO-9", customerEmail: "old@c.example"));
        await host.TakeAsync(order);
        await SettleAsync(host);
        server.Received.Clear();

        var moved = order.WithEmail("new@c.example");
        await host.TakeAsync(moved with { Version = 2, Wish = DeliveryWish.Cancel });
        await SettleAsync(host);
        Assert.Equal(["old@c.example"], server.Received.Select(mail => new Letter(mail).To));
        await host.TakeAsync(order with { Version = 3 });
        await SettleAsync(host);

        Assert.Single(server.Received);
        var report = await host.ReportAsync(order);
        Assert.Equal((DeliveryState.Attention, "mail.cancelled"), (report.State, report.Code));
        Assert.Contains("old@c.example was told that SO-9 is cancelled", report.Reason);
    }

    [Fact]
    public async Task A_mail_that_may_have_gone_out_is_taken_back_too()
    {
        await using var server = new ScriptedSmtp { Replies = { ["end"] = "" } };
        await using var host = await StartAsync();
        await SaveAsync(host, server.Uri);
        var order = Message(AnOrder.With(number: "SO-3", customerEmail: "buyer@c.example"));
        await host.TakeAsync(order);
        await SettleAsync(host);
        server.Replies.Clear();

        await host.TakeAsync(order with { Version = 2, Wish = DeliveryWish.Cancel });
        await PassAsync(host, TimeSpan.FromHours(1), TimeSpan.FromMinutes(15));

        Assert.Equal(["Order confirmation SO-3", "Order SO-3 is cancelled"], server.Received.Select(mail => new Letter(mail).Subject));
        Assert.Equal((DeliveryState.Done, "cancelled"), await host.ReportAsync(order) is var report ? (report.State, report.Code) : default);
    }
}
