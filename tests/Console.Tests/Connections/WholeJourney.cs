using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using OrderSync.Gateway.Tests;
using OrderSync.Gateway.Tests.Office.People;
using OrderSync.Testing;
using static Microsoft.Playwright.Assertions;

namespace OrderSync.Console.Tests.Connections;

/// <summary>A day at the office, from signing in to another company's ERP, in one browser and in this order; each step stands on the one before.</summary>
[Collection("connections of the console")]
[InCi]
public sealed class WholeJourney(ConnectedConsole console)
{
    private const string Organisation = "71001";
    private readonly Guid customer = Guid.CreateVersion7();

    [Fact]
    public async Task An_owner_signs_in_enrols_a_device_follows_its_order_maps_a_tax_retries_a_refusal_revokes_the_device_and_another_company_connects_its_Zoho()
    {
        using var key = console.OfficeOf(await console.CompanyAsync("Company of the day"));
        using var person = await TestPerson.JoinAsync(console, "owner", key, "Dora Day");
        await PrepareAsync(key);

        var page = await SignInAsync(person);
        using var device = await EnrolAsync(page);
        await FollowAsync(page, device);
        await MapAsync(page, device);
        await RetryAsync(page, device);
        await RevokeAsync(page, device);
        await ConnectAnotherAsync();
    }

    // What the company has before the day begins: a catalogue, a rep, and a Zoho with two taxes of the same rate and an item that is switched off.
    private async Task PrepareAsync(HttpClient office)
    {
        await PutAsync("taxes", new { taxes = new object[] { new { code = "T8", name = "Tax 8 %", rate = 8 }, new { code = "T5", name = "Tax 5 %", rate = 5 } } });
        await PutAsync("products", new { products = new object[] { new { sku = "SKU-1", name = "Bottle cage", price = 10m }, new { sku = "SKU-9", name = "Bell", price = 10m } } });
        await PutAsync("branches/MAIN", new { name = "Main branch" });
        await PutAsync($"reps/{Guid.CreateVersion7()}", new { name = "Rita Rep" });
        var organisation = await console.OrganisationAsync(Organisation, new
        {
            taxes = new[] { new { tax_name = "VAT north", tax_percentage = 8 }, new { tax_name = "VAT south", tax_percentage = 8 }, new { tax_name = "VAT low", tax_percentage = 5 } },
            items = new[] { new { sku = "SKU-1", name = "Bottle cage", rate = 10, status = "active" }, new { sku = "SKU-9", name = "Bell", rate = 10, status = "inactive" } },
        });
        await console.ConnectAsync("Zoho", organisation, office: office);

        async Task PutAsync(string path, object body)
        {
            using var answer = await office.PutAsJsonAsync($"/v1/office/{path}", body);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }
    }

    private async Task<IPage> SignInAsync(TestPerson person)
    {
        var page = await console.OpenAsStrangerAsync();
        await page.GotoAsync("/");
        await page.GetByLabel("E-mail").FillAsync(person.Email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(TestPerson.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByText("Three steps and the first order is on its way.")).ToBeVisibleAsync();
        return page;
    }

    private async Task<TestDevice> EnrolAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Enrol a device" }).ClickAsync();
        await Expect(page.GetByText("No device is enrolled yet")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Enrol a device" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a code" }).ClickAsync();
        var code = await page.GetByLabel("Code", new() { Exact = true }).TextContentAsync();
        var device = TestDevice.New(console.Gateway.Url);
        Assert.Equal(HttpStatusCode.Created, (await device.EnrolAsync(code!)).StatusCode);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Phone is enrolled" })).ToBeVisibleAsync();
        return device;
    }

    private async Task FollowAsync(IPage page, TestDevice device)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Orders", Exact = true }).ClickAsync();
        await Expect(page.GetByText("No orders yet")).ToBeVisibleAsync();
        await device.PushAsync(An.Customer(customer, "Corner shop"), Order("FIRST", "T5", 5));
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("^SO-MAIN-") }).ClickAsync();
        await Expect(page.GetByText("everywhere it was to go")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Zoho", Exact = true })).ToContainTextAsync("There");
        Assert.Equal(1, await OrdersInZohoAsync());
    }

    private async Task MapAsync(IPage page, TestDevice device)
    {
        await device.PushAsync(Order("SECOND", "T8", 8), Order("THIRD", "T8", 8));
        await SeenAsync(page, "/attention", page.GetByRole(AriaRole.Article));
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Mappings of Zoho") }).First.ClickAsync();
        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "T8" });
        await SeenAsync(page, "/connections/Zoho/mappings", row.GetByText("2 documents"));
        await row.GetByRole(AriaRole.Combobox).SelectOptionAsync(new SelectOptionValue { Label = "VAT north, 8 %" });
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByText("2 documents that waited for it go on now.")).ToBeVisibleAsync();
        await Eventually.TrueAsync(async () => await OrdersInZohoAsync() == 3, "both held orders are in Zoho");
        await SeenAsync(page, "/attention", page.GetByText("Nothing needs you."));
    }

    private async Task RetryAsync(IPage page, TestDevice device)
    {
        var refused = Order("FOURTH", "T8", 8, "SKU-9");
        await device.PushAsync(refused);
        var card = page.GetByRole(AriaRole.Article).Filter(new() { HasText = "is inactive in Zoho" });
        await SeenAsync(page, "/attention", card);
        await Expect(card).ToContainTextAsync("Activate the item in Zoho");
        await console.InSandboxAsync(Organisation, HttpMethod.Post, "items/SKU-9/active");
        await card.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("1 record is being tried again. None of them is left.");
        await page.GotoAsync($"/orders/{refused["id"]!.GetValue<Guid>()}");
        await Expect(page.GetByText("everywhere it was to go")).ToBeVisibleAsync();
        Assert.Equal(4, await OrdersInZohoAsync());
    }

    private async Task RevokeAsync(IPage page, TestDevice device)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Devices", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Phone" }).ClickAsync();
        await page.GetByLabel("Revoke, because").FillAsync("The day is over");
        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await Expect(page.GetByText("The day is over").First).ToBeVisibleAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await device.SendAsync(An.Push(An.Order()))).StatusCode);
    }

    private async Task ConnectAnotherAsync()
    {
        var theirs = await console.OrganisationAsync("71002", new { name = "Books of another" });
        var page = await console.OpenWithKeyAsync(await console.CompanyAsync("Company of another day"));
        await page.GotoAsync("/connections/new/zoho");
        foreach (var (label, value) in new[]
        {
            ("Name of the connection", "Their Zoho"), ("Organization ID", theirs.Id), ("Client ID", theirs.ClientId), ("Client secret", theirs.ClientSecret),
            ("Accounts URL", $"{console.Sandbox.Url}zoho"), ("API URL", $"{console.Sandbox.Url}zoho"),
        })
            await page.GetByLabel(label).FillAsync(value);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save and go on" }).ClickAsync();
        await Expect(page.GetByText("Their Zoho is made.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^(Connect by signing in at Zoho|Connect again)$") }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Go on to Zoho" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Accept" }).ClickAsync();
        await Expect(page.GetByText("Zoho is connected.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Orders", Exact = true }).ClickAsync();
        await Expect(page.GetByText("No orders yet")).ToBeVisibleAsync();
    }

    // Looks again until it stands there.
    private static Task SeenAsync(IPage page, string address, ILocator what) => Eventually.TrueAsync(async () =>
    {
        await page.GotoAsync(address);
        return await what.CountAsync() > 0;
    }, $"{address} shows it");

    private async Task<int> OrdersInZohoAsync() => (await console.InSandboxAsync(Organisation, "salesorders")).GetArrayLength();

    private JsonObject Order(string reference, string tax, int rate, string sku = "SKU-1")
    {
        var order = An.Order(customer: customer, sku: sku);
        var (body, amount) = (order["body"]!, 10m * rate / 100);
        body["reference"] = reference;
        (body["lines"]![0]!["taxCode"], body["lines"]![0]!["taxRate"]) = (tax, rate);
        (body["totals"]!["tax"], body["totals"]!["total"]) = (amount, 10m + amount);
        return order;
    }
}
