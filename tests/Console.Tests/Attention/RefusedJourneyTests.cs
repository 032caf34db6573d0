using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using OrderSync.Gateway.Tests;
using OrderSync.Testing;

namespace OrderSync.Console.Tests.Attention;

/// <summary>Refused and held records as the office works them off.</summary>
[Collection("console")]
[InCi]
public sealed class RefusedJourneyTests(ConsoleFixture console)
{
    [Fact]
    public async Task F051_F052_Refused_orders_are_one_cause_with_first_and_last_attempt_and_are_taken_once_the_item_is_there()
    {
        using var device = await console.EnrolAsync();
        var (sku, customer) = ($"SKU-{Guid.NewGuid():N}"[..20], An.Customer());
        await device.PushAsync([customer, .. Enumerable.Range(0, 2).Select(_ => An.Order(customer: customer["id"]!.GetValue<Guid>(), sku: sku))]);
        var page = await console.OpenAsync("office");

        await page.GotoAsync("/attention?reason=refused");
        var card = page.GetByRole(AriaRole.Article).Filter(new() { HasText = $"The item {sku} is not known." });
        await Assertions.Expect(card).ToContainTextAsync("If what is missing belongs here, add it, then retry.");
        await console.PictureAsync(page, "attention-refused");
        await page.IsGoodAsync();
        await card.GetByRole(AriaRole.Button, new() { Name = "Try all 2 again" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("They were judged again and are still refused: the cause stands.");

        await card.GetByRole(AriaRole.Link, new() { Name = "Show them" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "First sent" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Last sent" })).ToBeVisibleAsync();
        await console.PictureAsync(page, "attention-refused-group");
        await page.IsGoodAsync();
        await console.Execute($"insert into gateway.item (company_id, sku, name) values ('{console.CompanyId}', '{sku}', 'Came later')");
        await page.GetByRole(AriaRole.Row).Nth(1).GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("It was judged again. If it still shows here, the cause stands.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Try it again" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("1 record was taken. What is still refused shows under Refused.");
        Assert.Equal(2, await console.Scalar<long>($"select count(*) from gateway.record r join gateway.order_line l using (company_id, record_id) where l.sku = '{sku}' and r.state = 'accepted'"));
    }

    [Fact]
    public async Task F081_What_is_held_for_a_decision_is_accepted_as_captured_one_by_one_or_all_that_are_left()
    {
        using var device = await console.EnrolAsync();
        var customer = Guid.CreateVersion7();
        (await console.Office.PutAsJsonAsync("/v1/office/settings/creditLimit", new { value = "hold" })).EnsureSuccessStatusCode();
        (await console.Office.PutAsJsonAsync("/v1/office/customers", new { customers = new[] { new { id = customer, body = new { name = "Corner shop" }, creditLimit = 5m, currency = "USD" } } })).EnsureSuccessStatusCode();
        JsonObject[] orders = [.. Enumerable.Range(1, 4).Select(seq => An.Order(customer: customer, seq: seq))];
        await device.PushAsync(orders);
        (await console.Office.PutAsJsonAsync("/v1/office/settings/creditLimit", new { value = (string?)null })).EnsureSuccessStatusCode();
        var page = await console.OpenAsync("office");

        await page.GotoAsync("/attention?reason=held");
        var card = page.GetByRole(AriaRole.Article).Filter(new() { HasText = "credit limit" });
        await Assertions.Expect(card).ToContainTextAsync("let it go on as it was captured, or stop it.");
        await Assertions.Expect(card.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        await console.PictureAsync(page, "attention-held");
        await card.GetByRole(AriaRole.Link, new() { Name = "Show them" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Accept all 4 as captured" })).ToBeVisibleAsync();
        await console.PictureAsync(page, "attention-held-group");
        await page.IsGoodAsync();
        await page.GetByRole(AriaRole.Row).Nth(1).GetByRole(AriaRole.Button, new() { Name = "Accept" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("1 record was accepted as captured. 3 are left.");

        var group = page.Url;
        await page.GetByRole(AriaRole.Row).Nth(1).GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(page.GetByText("accept it as it was captured, or stop it.")).ToBeVisibleAsync();
        await console.PictureAsync(page, "order-held");
        await page.IsGoodAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Accept as captured" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("It goes on as it was captured.");
        await page.GotoAsync(group);
        await page.GetByRole(AriaRole.Button, new() { Name = "Accept all 2 as captured" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("2 records were accepted as captured. None of them is left.");

        foreach (var order in orders)
            await Eventually.GetAsync(() => console.RecordAsync(order["id"]!.GetValue<Guid>()), found => found.GetProperty("state").GetString() == "accepted", "the order goes on");
    }

    [Fact]
    public async Task F054_F134_A_refused_order_is_stopped_found_exported_and_reopened()
    {
        using var device = await console.EnrolAsync();
        var (sku, customer) = ($"SKU-{Guid.NewGuid():N}"[..20], An.Customer());
        var order = An.Order(customer: customer["id"]!.GetValue<Guid>(), sku: sku);
        await device.PushAsync(customer, order);
        var page = await console.OpenAsync("office");

        await page.GotoAsync($"/attention/group?reason=refused&connection=&code=line.sku.unknown&cause={sku}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Stop it…" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop it" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("1 record was stopped and put aside. None of them is left.");

        await page.GotoAsync("/attention?reason=stopped");
        await page.IsGoodAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Export as JSON" }).ClickAsync());
        Assert.Equal("stopped.json", download.SuggestedFilename);
        using var file = new StreamReader(await download.CreateReadStreamAsync());
        Assert.Contains(Encoding.UTF8.GetString(An.Push(order)[1..^1]), await file.ReadToEndAsync(), StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Article).Filter(new() { HasText = sku }).GetByRole(AriaRole.Button, new() { Name = "Reopen" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("1 record goes on. None of them is left.");
        Assert.Equal("refused", (await console.RecordAsync(order["id"]!.GetValue<Guid>())).GetProperty("state").GetString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task F051_Held_and_refused_records_can_be_read_and_worked_on_a_phone_and_on_a_desk(bool phone)
    {
        using var device = await console.EnrolAsync();
        var held = An.Order();
        held["body"]!["customer"] = new JsonObject { ["code"] = $"C-{Guid.NewGuid():N}"[..12] };
        await device.PushAsync(held, An.Order(sku: "NO-SUCH", customer: Guid.CreateVersion7()));
        var page = await console.OpenAsync("office", new Look(Width: phone ? 390 : 1280));

        foreach (var reason in new[] { "held", "refused" })
        {
            await page.GotoAsync($"/attention?reason={reason}");
            await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Export as CSV" })).ToBeVisibleAsync();
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{reason} is wider than the screen");
            await page.IsGoodAsync();
        }
    }
}
