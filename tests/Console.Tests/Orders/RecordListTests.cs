using Microsoft.Playwright;
using OrderSync.Testing;

namespace OrderSync.Console.Tests.Orders;

/// <summary>Lists: what people look for they find, by whatever they have in hand.</summary>
[Collection("connected console")]
[InCi]
public sealed class RecordListTests(ConnectedConsole console)
{
    [Fact]
    public async Task F109_An_order_is_found_by_number_device_reference_customer_SKU_and_the_number_its_destination_gave()
    {
        using var device = await console.EnrolAsync();
        var order = An.Order(customer: console.Customer, sku: "SKU-2");
        order["body"]!["reference"] = "FIND-ME-7";
        var receipt = An.Receipt(customer: console.Customer);
        await device.PushAsync(order, receipt);
        var (id, paid) = (order["id"]!.GetValue<Guid>(), receipt["id"]!.GetValue<Guid>());
        var number = (await console.RecordAsync(id, "zoho", "done")).GetProperty("number").GetString()!;
        var payment = (await console.RecordAsync(paid, "zoho", "done")).GetProperty("deliveries")[0].GetProperty("externalNumber").GetString()!;
        var page = await console.OpenAsync("viewer");

        foreach (var (place, text, found) in new[] { ("/orders", number, id), ("/orders", "find-me", id), ("/orders", "ñandú", id), ("/orders", "sku-2", id), ("/receipts", payment, paid) })
        {
            await page.GotoAsync(place);
            await page.GetByRole(AriaRole.Searchbox).FillAsync(text);
            await page.Keyboard.PressAsync("Enter");
            await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex($"{place}\\?search="));
            await Assertions.Expect(page.Locator($"#r-{found}")).ToBeVisibleAsync();
        }

        Assert.NotEqual(number, payment);
        await console.PictureAsync(page, "receipts");
        await page.GotoAsync("/orders?search=nothing-is-called-so");
        await Assertions.Expect(page.GetByText("Nothing matches")).ToBeVisibleAsync();
        await console.PictureAsync(page, "orders-nothing");
        await page.IsGoodAsync();
    }

    [Fact]
    public async Task F063_An_order_that_arrives_shows_in_the_list_by_itself_and_the_focus_stays_where_it_was()
    {
        using var device = await console.EnrolAsync();
        var first = An.Order(customer: console.Customer);
        await device.PushAsync(first);
        var page = await console.OpenAsync();
        await page.GotoAsync("/orders");
        var link = page.Locator($"#r-{first["id"]!.GetValue<Guid>()}");
        await link.FocusAsync();

        var second = An.Order(customer: console.Customer, seq: 2);
        await device.PushAsync(second);

        await Assertions.Expect(page.Locator($"#r-{second["id"]!.GetValue<Guid>()}")).ToBeVisibleAsync();
        await Assertions.Expect(link).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Order SO-MAIN-");
        await page.GoBackAsync();
        await Assertions.Expect(link).ToBeVisibleAsync();
        await console.PictureAsync(page, "orders");
        await page.IsGoodAsync();
    }

    [Fact]
    public async Task Filters_stand_in_the_address_are_taken_off_one_by_one_and_pages_follow_each_other_without_scripts()
    {
        using var device = await console.EnrolAsync("Filtered");
        var nobody = Guid.CreateVersion7();
        var orders = Enumerable.Range(1, 53).Select(i => An.Order(customer: nobody, seq: i)).ToArray();
        await device.PushAsync(orders);
        var page = await console.OpenAsync(look: new Look(Scripts: false));
        await page.GotoAsync("/orders");

        await page.GetByRole(AriaRole.Link, new() { Name = "Waiting", Exact = true }).ClickAsync();
        await page.GetByText("More filters").ClickAsync();
        await page.GetByLabel("Rep", new() { Exact = true }).FillAsync("Filtered");
        await page.GetByLabel("Branch").SelectOptionAsync("MAIN");
        await page.GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();

        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("state=waiting.*rep=Filtered|rep=Filtered.*state=waiting"));
        await Assertions.Expect(page.Locator("#sums")).ToHaveTextAsync("50 orders on this page: 540.00 USD");
        await page.GetByRole(AriaRole.Link, new() { Name = "Older" }).ClickAsync();
        await Assertions.Expect(page.Locator("#sums")).ToHaveTextAsync("3 orders on this page: 32.40 USD");
        await page.GetByRole(AriaRole.Link, new() { Name = "Newest" }).ClickAsync();
        await console.PictureAsync(page, "orders-filtered");
        await page.GetByRole(AriaRole.Link, new() { Name = "branch MAIN" }).ClickAsync();
        await Assertions.Expect(page).Not.ToHaveURLAsync(new System.Text.RegularExpressions.Regex("branch"));
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("rep=Filtered"));
    }

    [Fact]
    public async Task Where_there_is_nothing_yet_the_page_says_where_it_comes_from()
    {
        var page = await console.OpenAsync();

        await page.GotoAsync("/quotes");

        await Assertions.Expect(page.GetByText("No quotes yet")).ToBeVisibleAsync();
        await console.PictureAsync(page, "quotes-empty");
        await page.IsGoodAsync();
        await page.GotoAsync("/records");
        await console.PictureAsync(page, "records");
        await page.IsGoodAsync();
    }

    [Fact]
    public async Task A_customer_is_found_and_shows_where_it_came_from_where_it_went_and_what_was_captured_for_it()
    {
        using var device = await console.EnrolAsync("Finder");
        var customer = Guid.CreateVersion7();
        await device.PushAsync(An.Customer(customer, "Zoë's Bakery", "zoe@bakery.example"), An.Order(customer: customer, seq: 2));
        await console.RecordAsync(customer, "zoho", "done");
        var page = await console.OpenAsync("viewer");
        await page.GotoAsync("/customers");
        await page.GetByRole(AriaRole.Searchbox).FillAsync("bakery");
        await page.Keyboard.PressAsync("Enter");
        await console.PictureAsync(page, "customers");
        await page.IsGoodAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Zoë's Bakery" }).ClickAsync();

        await Assertions.Expect(page.GetByText("Finder captured them on a device.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Rowheader, new() { Name = "zoho" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { NameRegex = new("SO-MAIN-") })).ToBeVisibleAsync();
        await console.PictureAsync(page, "customer");
        await page.IsGoodAsync();
    }
}
