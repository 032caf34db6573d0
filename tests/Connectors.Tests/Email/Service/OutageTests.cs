using System.Security.Cryptography;
using OrderSync.Connectors.Tests.Email.Sending;
using OrderSync.Contracts.Bus;
using OrderSync.Testing;
using Xunit.Abstractions;

namespace OrderSync.Connectors.Tests.Email.Service;

/// <summary>A mail server that is away for a day.</summary>
[Collection(nameof(EmailDays))]
[InCi]
public sealed class OutageTests(EmailDatabase database, ITestOutputHelper output) : EmailDays(database)
{
    [Fact]
    public async Task F114_After_a_day_without_a_mail_server_every_mail_goes_out_once_with_the_bytes_rendered_before_it()
    {
        int port;
        await using (var gone = new ScriptedSmtp())
            port = gone.Port;
        var address = $"smtp://127.0.0.1:{port}";
        await using var host = await StartAsync();
        await SaveAsync(host, address, inside: ["office@n.example"]);
        var orders = Enumerable.Range(1, 5).Select(i => AnOrder.With(lines: i, number: $"SO-{i}", customerEmail: $"buyer{i}@c.example")).ToList();
        foreach (var order in orders)
            await host.TakeAsync(Message(order));
        // Each is tried, and rendered for that, within the first hours; then the company changes its name.
        await Eventually.TrueAsync(async () =>
        {
            await PassAsync(host, TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(15));
            return (await RenderedAsync()).Count == orders.Count;
        }, "all to be rendered");
        var rendered = await RenderedAsync();
        await SaveAsync(host, address, "Renamed GmbH", "office@n.example");

        // Half a day nobody is there, half a day somebody says "not now".
        await PassAsync(host, TimeSpan.FromHours(12), TimeSpan.FromHours(1));
        int tries;
        await using (var busy = new ScriptedSmtp(port) { Replies = { ["connect"] = "421 4.3.2 closed for maintenance" } })
        {
            await PassAsync(host, TimeSpan.FromHours(12), TimeSpan.FromMinutes(15));
            tries = busy.Lines;
        }

        var waiting = await host.ReportAsync(Message(orders[0]));
        await using var back = new ScriptedSmtp(port);
        var returned = Clock.GetUtcNow();
        await Eventually.TrueAsync(async () =>
        {
            await PassAsync(host, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
            return back.Received.Count >= 10;
        }, "all to be mailed");
        await PassAsync(host, TimeSpan.FromHours(1), TimeSpan.FromMinutes(15));

        output.WriteLine($"{tries} tries in the twelve hours of \"not now\"; all mailed {Clock.GetUtcNow() - returned - TimeSpan.FromHours(1)} after the server was back");
        Assert.Equal((DeliveryState.InProgress, true), (waiting.State, waiting.Reason?.Contains("closed for maintenance", StringComparison.Ordinal)));
        // About one in a quarter of an hour, however many mails wait.
        Assert.InRange(tries, 40, 60);
        Assert.InRange(Clock.GetUtcNow() - returned, TimeSpan.Zero, TimeSpan.FromHours(1) + TimeSpan.FromMinutes(31));
        Assert.Equal(rendered, await RenderedAsync());
        var letters = back.Received.ConvertAll(mail => new Letter(mail));
        Assert.Equal(10, letters.Count);
        Assert.Equal(10, letters.Select(letter => letter.MessageId).Distinct().Count());
        foreach (var order in orders)
        {
            var mails = letters.Where(letter => letter.Subject.Contains($" {order.Info.Number}", StringComparison.Ordinal)).ToList();
            Assert.Equal([$"buyer{order.Info.Number![3..]}@c.example", "office@n.example"], mails.Select(mail => mail.To).Order());
            Assert.All(mails, mail => Assert.Contains($"{order.Info.RecordId} {Convert.ToHexStringLower(SHA256.HashData(mail.Pdf!))}", rendered));
            var paper = await PdfText.OfAsync(mails[0].Pdf!);
            Assert.Contains("Northwind Outdoor GmbH", paper);
            Assert.All(order.Body.Lines, line => Assert.Contains(line.Sku, paper));
            Assert.Contains(order.Body.Totals.Total.ToString("#,##0.00", System.Globalization.CultureInfo.InvariantCulture), paper);
        }
    }

    private Task<IReadOnlyList<string>> RenderedAsync() => RowsAsync("select record_id, sha256 from email.rendering where company_id = $1 order by 1", Company);
}
