using System.Text.Json.Nodes;
using Microsoft.Playwright;
using OrderSync.Testing;

namespace OrderSync.Console.Tests.Duplicates;

/// <summary>Two customers that may be one are seen side by side and decided with one click.</summary>
[Collection("console")]
[InCi]
public sealed class DuplicatesJourneyTests(ConsoleFixture console)
{
    [Fact]
    public async Task F045_Two_alike_are_compared_merged_or_kept_apart_and_the_order_that_waited_goes_on()
    {
        using var device = await console.EnrolAsync();
        var (merged, order) = await AlikeAsync(device, "Bakery One");
        var (kept, _) = await AlikeAsync(device, "Bakery Two");
        var page = await console.OpenAsync();

        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = "Duplicates" }).First.ClickAsync();
        var card = page.GetByRole(AriaRole.Article).Filter(new() { HasText = "Bakery One" });
        await Assertions.Expect(card).ToContainTextAsync("They have the same name and postcode.");
        var phone = card.GetByRole(AriaRole.Row).Filter(new() { HasText = "Phone" });
        await Assertions.Expect(phone).ToContainTextAsync("different");
        await console.PictureAsync(page, "duplicates");
        await page.IsGoodAsync();
        await card.GetByRole(AriaRole.Button, new() { Name = "Merge, the first stays" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("They are one now.");
        await page.GetByRole(AriaRole.Article).Filter(new() { HasText = "Bakery Two" }).GetByRole(AriaRole.Button, new() { Name = "They are two: keep both" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Both stay.");

        await Eventually.TrueAsync(async () => (await console.RecordAsync(order)).GetProperty("state").GetString() == "accepted", "the order that waited goes on");
        Assert.Equal(1, await console.Scalar<long>($"select count(*) from gateway.customer where customer_id = '{merged}' and merged_into is not null"));
        await Eventually.TrueAsync(async () => (await console.RecordAsync(kept)).GetProperty("state").GetString() == "accepted", "the other customer goes on");
        await page.GotoAsync("/duplicates?decided=true");
        await Assertions.Expect(page.GetByText("merged Bakery One into bakery one.")).ToBeVisibleAsync();
        await console.PictureAsync(page, "duplicates-decided");
        await page.IsGoodAsync();
    }

    [Fact]
    public async Task A_field_that_was_changed_twice_is_shown_in_both_versions_and_the_office_takes_one()
    {
        using var device = await console.EnrolAsync();
        var customer = An.Customer(name: "Bakery Three");
        await device.PushAsync(customer);
        var (first, second) = (Change(customer, "+1 555 11"), Change(customer, "+1 555 12"));
        await device.PushAsync(first);
        await StateAsync(first, "accepted");
        await device.PushAsync(second);
        await StateAsync(second, "held");
        var page = await console.OpenAsync();

        await page.GotoAsync("/customer-changes");
        var card = page.GetByRole(AriaRole.Article).Filter(new() { HasText = "Bakery Three" });
        await Assertions.Expect(card.GetByRole(AriaRole.Row).Filter(new() { HasText = "Phone" })).ToContainTextAsync("changed twice");
        await console.PictureAsync(page, "customer-changes");
        await page.IsGoodAsync();
        await card.GetByRole(AriaRole.Button, new() { Name = "Take the captured version" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("The captured version goes in.");
        await StateAsync(second, "accepted");
        Assert.Equal("+1 555 12", await console.Scalar<string>($"select body::jsonb ->> 'phone' from gateway.customer where customer_id = '{customer["id"]!.GetValue<Guid>()}'"));
    }

    private Task StateAsync(JsonObject record, string state) =>
        Eventually.GetAsync(() => console.RecordAsync(record["id"]!.GetValue<Guid>()), found => found.GetProperty("state").GetString() == state, $"the record is {state}");

    private static JsonObject Change(JsonObject customer, string phone)
    {
        var change = An.Customer(name: "Bakery Three");
        change["body"]!["changes"] = customer["id"]!.GetValue<Guid>();
        change["body"]!["base"] = new JsonObject { ["phone"] = null };
        change["body"]!["phone"] = phone;
        return change;
    }

    private static async Task<(Guid Second, Guid Order)> AlikeAsync(OrderSync.Gateway.Tests.TestDevice device, string name)
    {
        var (first, second) = (Named(name.ToLowerInvariant(), "+1 555 01"), Named(name, "+1 555 02"));
        var order = An.Order(customer: second["id"]!.GetValue<Guid>());
        await device.PushAsync(first);
        await device.PushAsync(second, order);
        return (second["id"]!.GetValue<Guid>(), order["id"]!.GetValue<Guid>());
    }

    private static JsonObject Named(string name, string phone)
    {
        var customer = An.Customer(name: name);
        customer["body"]!["phone"] = phone;
        customer["body"]!["billing"]!["postalCode"] = "62704";
        return customer;
    }
}
