using System.Globalization;
using Microsoft.Playwright;
using OrderSync.Testing;
using static Microsoft.Playwright.Assertions;

namespace OrderSync.Console.Tests.Connections;

/// <summary>What people of the office do with connections, in a real browser, with the real Zoho connector.</summary>
[Collection("connections of the console")]
[InCi]
public sealed partial class ConnectionJourneys(ConnectedConsole console)
{
    private static readonly object[] TwoTaxes = [new { tax_name = "VAT north", tax_percentage = 8 }, new { tax_name = "VAT south", tax_percentage = 8 }];

    [Fact]
    public async Task F102_Somebody_of_another_company_connects_its_Zoho_from_the_catalogue_by_signing_in_there()
    {
        var organisation = await console.OrganisationAsync("70001", new { name = "Bea's books" });
        var page = await console.OpenWithKeyAsync(await console.CompanyAsync("Company of Bea"));

        await page.GotoAsync("/connections");
        await Expect(page.GetByText("Nothing is connected yet")).ToBeVisibleAsync();
        await page.IsGoodAsync();
        await console.PictureAsync(page, "connections-none");
        await page.GetByRole(AriaRole.Link, new() { Name = "Connect a new ERP" }).First.ClickAsync();
        await page.IsGoodAsync();
        await console.PictureAsync(page, "connections-new");
        await page.GetByRole(AriaRole.Link, new() { Name = "Connect Zoho" }).ClickAsync();
        await page.GetByLabel("Name of the connection").FillAsync("Zoho Bea");
        await page.GetByText("Limits and pauses").ClickAsync();
        await page.GetByLabel("Calls per minute").FillAsync("5");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save and go on" }).ClickAsync();
        await Expect(page.GetByText("Organization ID is missing.").First).ToBeVisibleAsync();
        await Expect(page.GetByText("Calls per minute must lie between 20 and 1000000.")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Name of the connection")).ToHaveValueAsync("Zoho Bea");
        await page.IsGoodAsync();
        await console.PictureAsync(page, "connections-new-errors");
        await page.GetByLabel("Organization ID").FillAsync(organisation.Id);
        await page.GetByLabel("Client ID").FillAsync(organisation.ClientId);
        await page.GetByLabel("Client secret").FillAsync(organisation.ClientSecret);
        await page.GetByLabel("Accounts URL").FillAsync($"{console.Sandbox.Url}zoho");
        await page.GetByLabel("API URL").FillAsync($"{console.Sandbox.Url}zoho");
        await page.GetByLabel("Calls per minute").FillAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save and go on" }).ClickAsync();
        await Expect(page.GetByText("Zoho Bea is made.")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { NameRegex = Connect() }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Go on to Zoho" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Reject" }).ClickAsync();
        await Expect(page.GetByText("Zoho is not connected.")).ToBeVisibleAsync();
        await Expect(page.GetByText("Zoho was told not to let OrderSync in.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { NameRegex = Connect() }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Go on to Zoho" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Accept" }).ClickAsync();
        await Expect(page.GetByText("Zoho is connected.")).ToBeVisibleAsync();
        Assert.Equal(new Uri(console.Console.Url, "/connections/Zoho%20Bea?approval=ended").AbsoluteUri, page.Url);
        await page.GetByRole(AriaRole.Button, new() { Name = "Test the connection" }).ClickAsync();
        await Expect(page.GetByText("answers for Bea's books (70001)").First).ToBeVisibleAsync();
        await page.IsGoodAsync();
        await console.PictureAsync(page, "connection-tested");
    }

    [Fact]
    public async Task F105_A_tax_that_Zoho_does_not_tell_apart_is_mapped_and_the_held_orders_go_by_themselves()
    {
        var organisation = await console.OrganisationAsync("70002", new { taxes = TwoTaxes, items = new[] { new { sku = "SKU-1", name = "Bottle cage", rate = 10, tax_percentage = 8 } } });
        await console.ConnectAsync("zoho-taxes", organisation);
        using var device = await console.EnrolAsync("Ada of taxes");
        var customer = An.Customer(name: "Held customer");
        await device.PushAsync(customer, An.Order(customer: customer["id"]!.GetValue<Guid>(), seq: 2), An.Order(customer: customer["id"]!.GetValue<Guid>(), seq: 3));
        var page = await console.OpenAsync("office");

        await page.GotoAsync("/connections/zoho-taxes");
        await Eventually.TrueAsync(async () =>
        {
            await page.ReloadAsync();
            return await page.Locator("dt:has-text('Need attention') + dd").TextContentAsync() == "2";
        }, "both orders are held");
        await page.GetByRole(AriaRole.Link, new() { Name = "Mappings" }).ClickAsync();
        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "T8" });
        await Expect(row).ToContainTextAsync("2 documents");
        await page.IsGoodAsync();
        await console.PictureAsync(page, "connection-mappings");
        await row.GetByRole(AriaRole.Combobox).SelectOptionAsync(new SelectOptionValue { Label = "VAT north, 8 %" });
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        await Expect(page.GetByText("2 documents that waited for it go on now.")).ToBeVisibleAsync();
        await Expect(row).Not.ToContainTextAsync("2 documents");
        await Eventually.TrueAsync(async () => (await console.InSandboxAsync("70002", "salesorders")).GetArrayLength() == 2, "both orders are in Zoho");
        await page.GetByRole(AriaRole.Link, new() { Name = "Calls" }).ClickAsync();
        await Expect(page.GetByText("/salesorders").First).ToBeVisibleAsync();
        await page.IsGoodAsync();
        await console.PictureAsync(page, "connection-calls");
    }

    [Fact]
    public async Task F110_A_changed_setting_stands_in_the_history_with_before_and_after_and_a_pause_with_its_reason()
    {
        await console.ConnectAsync("zoho-settings", await console.OrganisationAsync("70003", new { name = "Third" }));
        var page = await console.OpenAsync("office");

        await page.GotoAsync("/connections/zoho-settings/settings");
        await page.GetByLabel("On difference").SelectOptionAsync("accept");
        await page.GetByLabel("Quantity decimals").FillAsync("9");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save settings" }).ClickAsync();
        await Expect(page.GetByText("Quantity decimals must lie between 0 and 6.")).ToBeVisibleAsync();
        await page.GetByLabel("Quantity decimals").FillAsync("3");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save settings" }).ClickAsync();
        await Expect(page.GetByText("The settings are saved and count from now on.")).ToBeVisibleAsync();
        await page.GetByLabel("Pause, because").FillAsync("Stocktaking");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(page.GetByText("Olga (office) paused it")).ToBeVisibleAsync();
        await page.IsGoodAsync();
        await console.PictureAsync(page, "connection-paused");
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(page.GetByText("zoho-settings goes on.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "History" }).ClickAsync();

        var changed = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Settings changed" }).First;
        await Expect(changed).ToContainTextAsync("On difference");
        await Expect(changed).ToContainTextAsync("hold");
        await Expect(changed).ToContainTextAsync("accept");
        await Expect(changed).ToContainTextAsync("Olga (office)");
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Stocktaking" })).ToBeVisibleAsync();
        Assert.DoesNotContain("ClientSecret", await page.ContentAsync(), StringComparison.Ordinal);
        await page.IsGoodAsync();
        await console.PictureAsync(page, "connection-history");
        await page.GotoAsync("/connections/zoho-settings/settings");
        Assert.Equal("", await page.GetByLabel("Client secret").InputValueAsync());
        await page.IsGoodAsync();
        await console.PictureAsync(page, "connection-settings");
    }

    [Fact]
    public async Task F107_What_is_brought_back_is_seen_read_again_and_many_deletions_wait_for_a_person()
    {
        var items = Enumerable.Range(1, 12).Select(i => new { sku = string.Create(CultureInfo.InvariantCulture, $"P-{i}"), name = $"Item {i}", rate = 1 }).ToArray();
        await console.ConnectAsync("zoho-pulls", await console.OrganisationAsync("70004", new { items }), pullMinutes: 60);
        var page = await console.OpenAsync("office");
        await page.GotoAsync("/connections/zoho-pulls/catalogue");
        var card = page.GetByRole(AriaRole.Region, new() { Name = "Items", Exact = true });
        await Eventually.TrueAsync(async () =>
        {
            await page.ReloadAsync();
            return (await card.TextContentAsync())!.Contains("Up to date", StringComparison.Ordinal);
        }, "the items are read");
        await page.IsGoodAsync();
        await console.PictureAsync(page, "connection-pulls");

        await card.GetByRole(AriaRole.Button, new() { Name = "Read everything again" }).ClickAsync();

        await Expect(page.GetByText("Items: it is read again from the beginning.")).ToBeVisibleAsync();
        for (var i = 1; i <= 6; i++)
            await console.InSandboxAsync("70004", HttpMethod.Delete, $"items/P-{i}");
        await Eventually.TrueAsync(async () =>
        {
            await page.GotoAsync("/connections/zoho-pulls/catalogue");
            if (await card.GetByText("Needs your word").CountAsync() == 1)
                return true;
            if (await card.GetByText("Up to date").CountAsync() == 1)
                await card.GetByRole(AriaRole.Button, new() { Name = "Read everything again" }).ClickAsync();
            return false;
        }, "six of twelve deleted at once wait for a person");
        await page.IsGoodAsync();
        await console.PictureAsync(page, "connection-deletions");
        await page.GotoAsync("/attention");
        var held = page.GetByRole(AriaRole.Article).Filter(new() { HasText = "6 items are no longer at zoho-pulls" });
        await Expect(held).ToBeVisibleAsync();
        await page.IsGoodAsync();
        await console.PictureAsync(page, "attention-deletions");

        await held.GetByRole(AriaRole.Button, new() { Name = "They were really deleted: take 6 away here too" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("6 rows are gone here too; the devices hear of it with their next sync.");
        await Eventually.TrueAsync(async () => await console.Scalar<long>("select count(*) from gateway.item where sku like 'P-%' and not removed") == 6, "six items are left here");
        await page.GotoAsync("/attention");
        await Expect(held).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_was_captured_before_a_connection_was_made_is_counted_sent_there_and_said_to_be_done()
    {
        using var device = await console.EnrolAsync("Earlier Emma");
        var customer = An.Customer(name: "Customer from before");
        await device.PushAsync(customer);
        await console.ConnectAsync("zoho-later", await console.OrganisationAsync("70006", new { name = "Sixth" }), kinds: ["customer"]);
        var viewer = await console.OpenAsync("viewer");
        await viewer.GotoAsync("/connections/zoho-later");
        await Expect(viewer.GetByText("What flows")).ToBeVisibleAsync();
        Assert.Equal(0, await viewer.GetByText("Records from before").CountAsync());
        var page = await console.OpenAsync("office");
        await page.GotoAsync("/connections/zoho-later");
        await console.PictureAsync(page, "connection-earlier");
        await page.GetByLabel("From", new() { Exact = true }).FillAsync("2026-03-03");
        await page.GetByLabel("to", new() { Exact = true }).FillAsync("2026-03-01");
        await page.GetByRole(AriaRole.Button, new() { Name = "Count them" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("is not before it");
        await page.GotoAsync("/connections/zoho-later");
        await page.GetByLabel("From", new() { Exact = true }).FillAsync("2026-03-03");
        await page.GetByRole(AriaRole.Button, new() { Name = "Count them" }).ClickAsync();
        await Expect(page.GetByText("not gone to zoho-later")).ToContainTextAsync("from 3 Mar 2026 on");
        await page.IsGoodAsync();
        await console.PictureAsync(page, "connection-earlier-counted");

        await page.GetByRole(AriaRole.Button, new() { NameRegex = Send() }).ClickAsync();

        await Expect(page.GetByText("They go to zoho-later now")).ToBeVisibleAsync();
        await Eventually.TrueAsync(async () => (await console.Scalar<long>("select count(*) from gateway.delivery d join gateway.connection c using (company_id, connection_id) where c.name = 'zoho-later' and d.state = 'done'")) >= 1, "they are there");
        await Eventually.TrueAsync(async () =>
        {
            await page.GotoAsync("/connections/zoho-later");
            return await page.GetByText("The last one is done").CountAsync() == 1;
        }, "the page says that it is done");
        await page.GetByLabel("From", new() { Exact = true }).FillAsync("2026-03-03");
        await page.GetByRole(AriaRole.Button, new() { Name = "Count them" }).ClickAsync();
        await Expect(page.GetByText("Nothing from 3 Mar 2026 on is missing there.")).ToBeVisibleAsync();
        await page.IsGoodAsync();
    }

    [Fact]
    public async Task Connections_are_seen_with_what_flows_and_a_viewer_is_offered_nothing_that_changes_them()
    {
        await console.ConnectAsync("zoho-viewed", await console.OrganisationAsync("70005", new { name = "Fifth" }));
        var page = await console.OpenAsync("viewer");

        await page.GotoAsync("/connections");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "zoho-viewed" })).ToContainTextAsync("Running");
        // Nobody serves the fixture's own connection.
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "erp", Exact = true })).ToContainTextAsync("Connector away");
        await page.IsGoodAsync();
        await console.PictureAsync(page, "connections");
        await page.GetByRole(AriaRole.Link, new() { Name = "zoho-viewed" }).ClickAsync();
        await Expect(page.GetByText("What flows")).ToBeVisibleAsync();

        Assert.Equal(0, await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button).CountAsync());
        await page.GotoAsync("/connections/zoho-viewed/settings");
        Assert.Equal(0, await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button).CountAsync());
        await page.GotoAsync("/connections/erp");
        await Expect(page.GetByText("The connector of this connection does not answer just now.")).ToBeVisibleAsync();
        await page.GotoAsync("/connections?approval=unknown");
        await Expect(page.GetByText("The approval you come from is not known here")).ToBeVisibleAsync();
        Assert.Equal(404, (await page.GotoAsync("/connections/nowhere"))!.Status);
    }

    [System.Text.RegularExpressions.GeneratedRegex("^Send (it|all \\d+) there$")]
    private static partial System.Text.RegularExpressions.Regex Send();

    // Without tokens it soon stands in reconnect, and the button says so.
    [System.Text.RegularExpressions.GeneratedRegex("^(Connect by signing in at Zoho|Connect again)$")]
    private static partial System.Text.RegularExpressions.Regex Connect();
}
