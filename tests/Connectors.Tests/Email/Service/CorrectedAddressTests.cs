using System.Text.Json;
using OrderSync.Connectors.Tests.Email.Sending;
using OrderSync.Contracts.Bus;

namespace OrderSync.Connectors.Tests.Email.Service;

/// <summary>What becomes of the mail to an address that was corrected.</summary>
[Collection(nameof(EmailDays))]
public sealed class CorrectedAddressTests(EmailDatabase database) : EmailDays(database)
{
    [Fact]
    public async Task F112_An_address_that_was_refused_and_corrected_needs_nobody_any_more()
    {
        await using var server = new ScriptedSmtp { Replies = { ["RCPT TO:<byuer@c.example>"] = "550 5.1.1 no such user" } };
        await using var host = await StartAsync();
        await SaveAsync(host, server.Uri, inside: ["office@n.example"]);
        var order = Message(AnOrder.With(number: "SO-1", customerEmail: "byuer@c.example"));
        await host.TakeAsync(order);
        await SettleAsync(host);
        var refused = await host.ReportAsync(order);

        await host.TakeAsync(order.WithEmail("buyer@c.example") with { Version = 2 });
        await SettleAsync(host);

        Assert.Equal((DeliveryState.Attention, "mail.recipientRefused"), (refused.State, refused.Code));
        var report = await host.ReportAsync(order);
        Assert.Equal((DeliveryState.Done, null, 2L), (report.State, report.Code, report.KnownVersion));
        Assert.Equal(["buyer@c.example", "office@n.example"], server.Received.Select(mail => new Letter(mail).To).Order());
        Assert.Empty(await AttentionAsync(host));
        Assert.Equal(
            ["confirmed/buyer@c.example done -", "confirmed/byuer@c.example stopped A later version of the record does not ask for this any more.", "confirmed/office@n.example done -"],
            await RowsAsync("select target, state, reason from email.document where company_id = $1 order by 1", Company));
    }

    [Fact]
    public async Task F112_A_mail_that_waits_for_its_server_does_not_go_to_an_address_that_was_corrected_meanwhile()
    {
        await using var server = new ScriptedSmtp { Replies = { ["connect"] = "421 not now" } };
        await using var host = await StartAsync();
        await SaveAsync(host, server.Uri);
        var order = Message(AnOrder.With(number: "SO-1", customerEmail: "old@c.example"));
        await host.TakeAsync(order);
        await SettleAsync(host);

        await host.TakeAsync(order.WithEmail("new@c.example") with { Version = 2 });
        // The first version once more, late: it is known by then that it does not count.
        await host.TakeAsync(order);
        server.Replies.Clear();
        await PassAsync(host, TimeSpan.FromHours(1), TimeSpan.FromMinutes(15));

        Assert.Equal("new@c.example", new Letter(Assert.Single(server.Received)).To);
        Assert.Equal(DeliveryState.Done, (await host.ReportAsync(order)).State);
    }

    [Fact]
    public async Task F112_An_older_version_that_comes_after_the_newer_one_mails_nobody()
    {
        await using var server = new ScriptedSmtp();
        await using var host = await StartAsync();
        await SaveAsync(host, server.Uri);
        var order = Message(AnOrder.With(number: "SO-1", customerEmail: "old@c.example"));

        await host.TakeAsync(order.WithEmail("new@c.example") with { Version = 2 });
        await host.TakeAsync(order);
        await SettleAsync(host);

        Assert.Equal("new@c.example", new Letter(Assert.Single(server.Received)).To);
        Assert.Equal((DeliveryState.Done, null), await host.ReportAsync(order) is var report ? (report.State, report.Code) : default);
    }

    private async Task<IEnumerable<string?>> AttentionAsync(EmailHost host)
    {
        using var answer = JsonDocument.Parse(await (await host.GetAsync(Company, Connection, "attention")).Content.ReadAsStringAsync());
        return [.. answer.RootElement.GetProperty("documents").EnumerateArray().Select(row => row.GetProperty("document").GetString())];
    }
}
