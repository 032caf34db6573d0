using Microsoft.Playwright;
using OrderSync.Gateway.Tests;
using OrderSync.Testing;
using static Microsoft.Playwright.Assertions;

namespace OrderSync.Console.Tests.Attention;

/// <summary>Messages between parts that could not be read: seen, sent again, and put aside.</summary>
[Collection("console")]
[InCi]
public sealed class ParkedJourneyTests(ConsoleFixture console)
{
    [Fact]
    public async Task F100_A_message_that_could_not_be_read_is_sent_again_comes_back_unread_and_is_put_aside_and_kept()
    {
        const string Key = "os_test-key-of-the-company-of-parked-messages";
        await GatewayFixture.MigrateAsync(console.Database.ConnectionString, "Company of parked messages", Key);
        var company = await console.Scalar<Guid>("select company_id from gateway.company where name = 'Company of parked messages'");
        await console.Execute($$$"""
            insert into gateway.parked (company_id, parked_id, at, reason, connector, content_type, body) values ('{{{company}}}', gen_random_uuid(), now(), 'It cannot be read.', 'someone', 'application/vnd.masstransit+json',
                convert_to('{"messageType":["urn:message:OrderSync.Contracts.Bus:DeliveryReports"],"message":{"connector":"someone","reports":[{"companyId":"{{{company}}}","recordId":"{{{Guid.NewGuid()}}}","version":"seven"}]}}', 'UTF8'))
            """);
        var page = await console.OpenWithKeyAsync(Key);
        await page.GotoAsync("/attention");
        var card = page.GetByRole(AriaRole.Article).Filter(new() { HasText = "could not read" });
        await Expect(card).ToContainTextAsync("gateway");
        await page.IsGoodAsync();
        await console.PictureAsync(page, "attention-parked");

        await card.GetByRole(AriaRole.Button, new() { Name = "Send them again" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("The messages were sent again. What still cannot be read comes back here.");
        await Eventually.TrueAsync(async () =>
        {
            await page.ReloadAsync();
            return await card.CountAsync() == 1;
        }, "it came back unread");
        await card.GetByRole(AriaRole.Button, new() { Name = "Put them aside" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("The messages were put aside. They are kept.");
        await Expect(page.GetByText("Nothing needs you.")).ToBeVisibleAsync();
        await Expect(card).ToHaveCountAsync(0);
        Assert.Equal(2, await console.Scalar<long>($"select count(*) from gateway.parked where company_id = '{company}' and state <> 'parked'"));
    }
}
