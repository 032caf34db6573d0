using System.Text.Json;
using OrderSync.Connectors.Tests.Email.Sending;
using OrderSync.Contracts.Bus;
using OrderSync.Framework.Intake;

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

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task F112_Versions_that_come_together_and_in_any_order_end_as_if_they_had_come_one_by_one(int seed)
    {
        await using var host = await StartAsync();
        await SaveAsync(host, "smtp://127.0.0.1:1");
        // Nobody works meanwhile: what is written is intake's.
        await host.PostAsync(Company, Connection, "pause", []);
        var random = new Random(seed);
        var came = Enumerable.Range(0, 40).Select(_ => (Record: random.Next(5), Version: random.Next(1, 6))).ToList();
        var together = came.ConvertAll(one => Wished(one.Record, one.Version, group: 1));

        await host.Get<RecordIntake>().TakeAsync(together, default);
        foreach (var (record, version) in came)
            await host.TakeAsync(Wished(record, version, group: 2));

        var ledger = await LedgerAsync(group: 1);
        Assert.Equal(ledger, await LedgerAsync(group: 2));
        Assert.Contains(ledger, row => row.EndsWith("delivery.replaced", StringComparison.Ordinal));
    }

    // A version of a record is always the same: to one of three addresses, wanted, stopped or cancelled.
    private DeliverRecord Wished(int record, int version, short group)
    {
        var order = AnOrder.With(number: $"SO-{record}", id: new Guid(record, group, 0, new byte[8]));
        var wishes = new[] { DeliveryWish.Push, DeliveryWish.Push, DeliveryWish.Push, DeliveryWish.Stop, DeliveryWish.Cancel };
        return Message(order).WithEmail($"{(char)('a' + version % 3)}@c.example") with { Version = version, Wish = wishes[(record + version) % wishes.Length] };
    }

    private Task<IReadOnlyList<string>> LedgerAsync(short group) => RowsAsync("""
        select left(record_id::text, 8) as record, target, wish, state, reports, wanted_version, code from email.document
        where company_id = $1 and substr(record_id::text, 10, 4)::smallint = $2 order by 1, 2
        """, Company, group);

    private async Task<IEnumerable<string?>> AttentionAsync(EmailHost host)
    {
        using var answer = JsonDocument.Parse(await (await host.GetAsync(Company, Connection, "attention")).Content.ReadAsStringAsync());
        return [.. answer.RootElement.GetProperty("documents").EnumerateArray().Select(row => row.GetProperty("document").GetString())];
    }
}
