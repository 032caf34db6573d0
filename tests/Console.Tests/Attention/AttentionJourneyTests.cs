using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using OrderSync.Contracts.Bus;
using OrderSync.Gateway.Tests;
using OrderSync.Gateway.Tests.Relay;
using OrderSync.Testing;

namespace OrderSync.Console.Tests.Attention;

/// <summary>What stands is found by its cause, mended once, and goes.</summary>
[Collection("console")]
[InCi]
public sealed class AttentionJourneyTests(ConsoleFixture console)
{
    [Fact]
    public async Task F105_Orders_that_a_tax_holds_up_are_one_cause_that_is_mended_once_tried_again_and_gone()
    {
        var (name, ids) = await StandingAsync(3, "tax.unmapped", "Zoho has no tax of 7 %.", "Make the tax in Zoho with this rate; then Retry.");
        await using var connector = await TestConnector.StartAsync(console, name);
        var page = await console.OpenAsync();

        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = $"at {name}" }).ClickAsync();
        var card = page.GetByRole(AriaRole.Article).Filter(new() { HasText = "Zoho has no tax of 7 %." });
        await Assertions.Expect(card).ToContainTextAsync("Make the tax in Zoho");
        await Assertions.Expect(card.GetByRole(AriaRole.Link, new() { Name = $"Mappings of {name}" })).ToHaveAttributeAsync("href", $"/connections/{name}/mappings");
        await page.GotoAsync("/attention");
        await console.PictureAsync(page, "attention");
        await page.IsGoodAsync();

        await card.GetByRole(AriaRole.Button, new() { Name = "Try all 3 again" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("3 records are being tried again. None of them is left.");
        foreach (var id in ids)
            await connector.ReportAsync(await connector.ReceivedAsync(id, version: 2), 2, DeliveryState.Done, $"SO-{id}");
        await Eventually.TrueAsync(async () =>
        {
            await page.GotoAsync($"/attention?connection={name}");
            return await page.GetByText("Nothing needs you.").CountAsync() == 1;
        }, "they are gone from the page");
    }

    [Fact]
    public async Task F054_One_record_is_stopped_alone_the_rest_after_one_question_and_what_was_stopped_is_found_and_reopened()
    {
        var (name, _) = await StandingAsync(3, "erp.void", "It was voided in Zoho.", "Stop it here too.");
        var page = await console.OpenAsync();

        await page.GotoAsync($"/attention/group?reason=attention&connection={name}&code=erp.void");
        await console.PictureAsync(page, "attention-group");
        await page.IsGoodAsync();
        await page.GetByRole(AriaRole.Row).Nth(1).GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("1 record was stopped and put aside. 2 are left.");
        await page.GetByRole(AriaRole.Link, new() { Name = "Stop all…" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Nothing is deleted")).ToBeVisibleAsync();
        await console.PictureAsync(page, "attention-stop");
        await page.IsGoodAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop them" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("2 records were stopped and put aside. None of them is left.");

        await page.GotoAsync($"/attention?reason=stopped&connection={name}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Reopen all 3" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("3 records go on. None of them is left.");
        Assert.Equal(3, await console.Scalar<long>($"select count(*) from gateway.delivery d join gateway.connection c using (company_id, connection_id) where c.name = '{name}' and d.wish = 'push' and d.version = 3"));
    }

    [Fact]
    public async Task What_is_held_for_a_missing_customer_goes_by_itself_once_the_office_has_added_it()
    {
        using var device = await console.EnrolAsync();
        var code = $"C-{Guid.NewGuid().ToString("N")[..8]}";
        await device.PushAsync([.. Enumerable.Range(0, 2).Select(_ => ForCode(code))]);
        var page = await console.OpenAsync("office");

        await page.GotoAsync("/attention?reason=held");
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new($"^No customer has the number or code {code}") }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/attention/group\\?"));
        await Assertions.Expect(page.GetByText("Add what is missing.")).ToBeVisibleAsync();
        (await console.Office.PutAsJsonAsync("/v1/office/customers", new { customers = new[] { new { id = Guid.NewGuid(), code, body = new { name = "Added late" } } } })).EnsureSuccessStatusCode();

        await Eventually.TrueAsync(async () =>
        {
            await page.ReloadAsync();
            return await page.GetByText("None of them stands any more").CountAsync() == 1;
        }, "they went on");
        await page.IsGoodAsync();
    }

    [Fact]
    public async Task Without_scripts_a_long_group_is_worked_off_request_by_request_and_a_viewer_only_looks()
    {
        var (name, _) = await StandingAsync(3, "item.inactive", "Item S-1 is inactive in Zoho.", "Activate it.");
        var viewer = await console.OpenAsync("viewer");
        await viewer.GotoAsync($"/attention?connection={name}");
        await Assertions.Expect(viewer.GetByRole(AriaRole.Article)).ToContainTextAsync("Item S-1 is inactive");
        Assert.Equal(0, await viewer.GetByRole(AriaRole.Button).CountAsync());

        var page = await console.OpenAsync(look: new Look(Scripts: false));
        // As a request leaves it that did not get through all of them.
        await page.GotoAsync($"/attention/group?reason=attention&connection={name}&code=item.inactive&verb=retry&count=5&left=3&next=0_{Guid.Empty:N}_{Guid.Empty:N}");
        await Assertions.Expect(page.GetByText("5 done, 3 left")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Go on with the 3 that are left" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("8 records are being tried again. None of them is left.");
    }

    private async Task<(string Name, Guid[] Ids)> StandingAsync(int count, string code, string reason, string fix)
    {
        using var device = await console.EnrolAsync();
        var name = $"zoho-{Guid.NewGuid().ToString("N")[..6]}";
        await console.Execute($"insert into gateway.connection (company_id, connection_id, name, connector, kinds) values ('{console.CompanyId}', gen_random_uuid(), '{name}', '{name}', '{{customer}}')");
        var records = Enumerable.Range(0, count).Select(_ => An.Customer()).ToArray();
        await device.PushAsync(records);
        await console.Execute($"""
            update gateway.delivery set state = 'attention', code = '{code}', reason = '{reason}', fix = '{fix}', report_version = 1, moved_at = now() - interval '40 minutes'
            where connection_id = (select connection_id from gateway.connection where name = '{name}');
            update gateway.connection set kinds = '{"{}"}' where name = '{name}'
            """);
        return (name, [.. records.Select(record => record["id"]!.GetValue<Guid>())]);
    }

    private static JsonObject ForCode(string code)
    {
        var order = An.Order();
        order["body"]!["customer"] = new JsonObject { ["code"] = code };
        return order;
    }
}
