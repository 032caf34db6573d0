using System.Text.RegularExpressions;
using OrderSync.Connectors.Tests.Email.Sending;
using OrderSync.Contracts.Bus;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Email.Service;

public sealed partial class EmailServiceTests(EmailService service) : IClassFixture<EmailService>
{
    private readonly string buyer = $"buyer-{Guid.NewGuid():N}@customer.example";
    private readonly string ada = $"ada-{Guid.NewGuid():N}@northwind.example";

    [Fact]
    public async Task F111_F112_An_order_that_comes_over_the_bus_is_mailed_to_customer_and_rep_and_reported_done()
    {
        var order = AnOrder.With(customerEmail: buyer, repEmail: ada);
        await service.ConnectAsync(order, new { from = "orders@northwind.example", fromName = "Northwind Outdoor GmbH" });

        await service.DeliverAsync(order);
        await service.DeliverAsync(order);

        var report = await service.ReportAsync(order, report => report.State == DeliveryState.Done, "the order to be mailed");
        Assert.Equal("SO-000042", report!.ExternalNumber);
        var mail = Assert.Single(await Mailbox.OfAsync(buyer));
        Assert.Contains("SO-000042", await PdfText.OfAsync(mail.Pdf));
        Assert.Equal(mail.Pdf, Assert.Single(await Mailbox.OfAsync(ada)).Pdf);
    }

    [Fact]
    public async Task F114_Mail_waits_for_a_server_that_is_away_and_then_goes_out_once()
    {
        string address;
        int port;
        await using (var server = new ScriptedSmtp())
            (address, port) = (server.Uri, server.Port);
        var order = AnOrder.With(customerEmail: buyer);
        await service.ConnectAsync(order, new { from = "orders@northwind.example", fromName = "Northwind Outdoor GmbH", server = address });

        await service.DeliverAsync(order);
        var waiting = await service.ReportAsync(order, report => report.Code == "later", "the mail server to be missed");
        await using var back = new ScriptedSmtp(port);
        await service.ReportAsync(order, report => report.State == DeliveryState.Done, "the order to be mailed");

        Assert.Contains("cannot be reached", waiting!.Reason);
        Assert.Single(back.Received);
    }

    [Fact]
    public async Task F113_A_service_killed_between_sending_and_noting_sends_again_under_the_same_message_id()
    {
        // The server takes the mail and never says so: the kill comes while the service waits for its word.
        await using var server = new ScriptedSmtp { Replies = { ["end"] = " " } };
        var order = AnOrder.With(customerEmail: buyer);
        await service.ConnectAsync(order, new { from = "orders@northwind.example", fromName = "Northwind Outdoor GmbH", server = server.Uri });
        await service.DeliverAsync(order);
        await Eventually.TrueAsync(() => server.Received.Count == 1, "the mail to be handed over");

        await service.Process.KillAsync();
        server.Replies.Clear();
        await service.Process.StartAsync();
        await service.ReportAsync(order, report => report.State == DeliveryState.Done, "the order to be mailed");

        Assert.Equal(2, server.Received.Count);
        Assert.Single(server.Received.Select(mail => MessageIdOf().Match(mail).Value).Distinct());
    }

    [GeneratedRegex("(?im)^message-id: .*$")]
    private static partial Regex MessageIdOf();
}
