using OrderSync.Connectors.Tests.Email.Sending;
using OrderSync.Contracts.Bus;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Email.Service;

[Collection(nameof(EmailService))]
[InCi]
public sealed class EmailServiceTests(EmailService service)
{
    private static readonly int Kills = Servers.Full ? 200 : 2;
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
    public async Task F113_A_service_killed_again_and_again_loses_no_mail_and_repeats_at_most_one_for_a_kill()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        await using var server = new ScriptedSmtp();
        var company = Guid.NewGuid();
        var connection = Guid.NewGuid();
        var orders = Enumerable.Range(1, Kills * 2).Select(i => AnOrder.With(lines: 1, number: $"SO-{i}", customerEmail: $"buyer{i}@c.example", repEmail: "ada@n.example")).ToList();
        orders = orders.ConvertAll(order => order with { Info = order.Info with { CompanyId = company, ConnectionId = connection } });
        // One at a time, so that a kill can meet one mail only.
        await service.ConnectAsync(orders[0], new { from = "orders@n.example", fromName = "Northwind", server = server.Uri, maxConcurrent = 1 });
        var (kills, killing, ready) = (0, Task.CompletedTask, new TaskCompletionSource());
        ready.SetResult();
        server.BeforeEnd = async () =>
        {
            await ready.Task;
            // Some mails are taken in peace; with the others the service is killed before it hears that they were, or just about then.
            if (kills >= Kills || random.Next(3) == 0)
                return;
            kills++;
            (ready, killing) = (new(), service.Process.KillAsync());
            if (random.Next(2) == 0)
                await killing;
        };

        foreach (var order in orders)
            await service.DeliverAsync(order);
        await Eventually.TrueAsync(async () =>
        {
            if (!ready.Task.IsCompleted && killing.IsCompleted)
            {
                await service.Process.StartAsync();
                ready.SetResult();
            }

            return ready.Task.IsCompleted && orders.All(order => service.NewestOf(order)?.State == DeliveryState.Done);
        }, $"all to be mailed (seed {seed})", TimeSpan.FromMinutes(Servers.Full ? 30 : 2));

        var ids = server.Received.Select(mail => mail.Split('\n').First(line => line.StartsWith("Message-ID:", StringComparison.Ordinal))).ToList();
        Assert.Equal(orders.Count * 2, ids.Distinct().Count());
        Assert.InRange(ids.Count - orders.Count * 2, 0, kills);
        Assert.Equal(Kills, kills);
    }
}
