using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using OrderSync.Testing;

namespace OrderSync.Console.Tests.Orders;

/// <summary>One record's page, with a real document in Zoho's stand-in and a real mail.</summary>
[Collection("connected console")]
[InCi]
public sealed class RecordPageTests(ConnectedConsole console)
{
    [Fact]
    public async Task F071_F109_An_order_is_followed_from_the_device_to_Zoho_and_the_mail_with_its_differences_calls_and_PDF()
    {
        using var device = await console.EnrolAsync();
        var order = console.OrderThatDiffers();
        var id = order["id"]!.GetValue<Guid>();
        await device.PushAsync(order);
        await console.RecordAsync(id, "zoho", "done");
        var record = await console.RecordAsync(id, "mail", "done");
        var number = record.GetProperty("number").GetString()!;
        var page = await console.OpenAsync();

        await page.GotoAsync($"/orders/{id}");

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = $"Order {number}" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("everywhere it was to go")).ToBeVisibleAsync();
        var side = page.GetByRole(AriaRole.Region, new() { Name = "Captured beside zoho", Exact = true });
        await Assertions.Expect(side.GetByText("2 differences")).ToBeVisibleAsync();
        Assert.Equal("Total 10.85 10.86 +0.01 USD", await RowAsync(side, "Total"));
        Assert.Equal("Tax 0.80 0.81 +0.01 USD", await RowAsync(side, "Tax"));
        Assert.Equal("Subtotal 10.05 10.05", await RowAsync(side, "Subtotal"));
        await Assertions.Expect(page.GetByText("amountDiffers").First).ToBeVisibleAsync();
        var timeline = page.GetByRole(AriaRole.Region, new() { Name = "Timeline" });
        foreach (var line in new[] { "Ada captured it.", "came and was accepted", $"It has the number {number}.", "It is in zoho.", "The mail of mail was handed to the mail server." })
            await Assertions.Expect(timeline.GetByText(line)).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByLabel("Trace id")).ToHaveTextAsync(record.GetProperty("traceId").GetString()!);
        // One click takes all of it, without scripts too.
        await page.GetByLabel("Trace id").Locator("code").ClickAsync();
        Assert.Equal(record.GetProperty("traceId").GetString(), await page.EvaluateAsync<string>("getSelection().toString()"));

        var calls = page.GetByRole(AriaRole.Region, new() { Name = "Calls" });
        var create = calls.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "POST" }).Filter(new() { HasText = "/salesorders?" });
        await create.Locator("summary").ClickAsync();
        await Assertions.Expect(create.Locator("pre").First).ToContainTextAsync(number);
        Assert.DoesNotContain("Zoho-oauthtoken 1", await calls.InnerTextAsync(), StringComparison.Ordinal);

        var pdf = await page.APIRequest.GetAsync(new Uri(console.Console, await page.GetByRole(AriaRole.Link, new() { Name = "Open the PDF" }).GetAttributeAsync("href")).OriginalString);
        var mailed = await console.Office.GetFromJsonAsync<JsonElement>($"/v1/office/connections/mail/manage/mails/{id}");
        Assert.Equal("application/pdf", pdf.Headers["content-type"]);
        Assert.Equal(mailed.GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(await pdf.BodyAsync())));

        await console.PictureAsync(page, "order");
        await page.IsGoodAsync();
    }

    [Fact]
    public async Task What_somebody_changed_in_Zoho_is_marked_line_by_line_once_it_was_read_again()
    {
        using var device = await console.EnrolAsync();
        var order = An.Order(customer: console.Customer, lines: 2);
        order["body"]!["lines"]![1]!["sku"] = "SKU-2";
        var id = order["id"]!.GetValue<Guid>();
        await device.PushAsync(order);
        var number = (await console.RecordAsync(id, "zoho", "done")).GetProperty("number").GetString()!;
        var page = await console.OpenAsync();
        await page.GotoAsync($"/orders/{id}");
        var side = page.GetByRole(AriaRole.Region, new() { Name = "Captured beside zoho", Exact = true });
        await Assertions.Expect(side.GetByText("Equal")).ToBeVisibleAsync();

        var theirs = await console.Zoho.GetFromJsonAsync<JsonElement>($"salesorders/{number}");
        var first = theirs.GetProperty("salesorder").GetProperty("line_items")[0];
        (await console.Zoho.PutAsJsonAsync($"salesorders/{number}", new { line_items = new[] { new { line_item_id = first.GetProperty("line_item_id").GetString(), item_id = first.GetProperty("item_id").GetString(), quantity = 5, rate = 9m } } })).EnsureSuccessStatusCode();
        await page.GetByRole(AriaRole.Button, new() { Name = "Read again" }).ClickAsync();

        await Assertions.Expect(page.GetByText("It was read again in zoho.")).ToBeVisibleAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Uri(console.Console, $"orders/{id}").OriginalString);
        Assert.Equal("SKU-1 Bottle cage 1 × 10.00 · 8 % 5 × 9.00 · 8 % 10.00 45.00 quantity price amount", await RowAsync(side, "SKU-1"));
        Assert.Equal("SKU-2 Bottle cage 1 × 10.00 · 8 % – 10.00 – missing there", await RowAsync(side, "SKU-2"));
        Assert.Equal("Total 21.60 48.60 +27.00 USD", await RowAsync(side, "Total"));
        await console.PictureAsync(page, "order-changed-there");
        await page.IsGoodAsync();
    }

    [Fact]
    public async Task F069_F077_F091_A_sale_a_lead_and_an_activity_have_lists_and_pages_that_say_what_was_captured()
    {
        using var device = await console.EnrolAsync();
        var sale = An.Sale(customer: console.Customer, tenders: [("cash", 2.80m), ("layBy", 8m)]);
        sale["body"]!["tenders"]![1]!["deposit"] = 2.80m;
        sale["body"]!["tenders"]![1]!["dueDate"] = "2026-06-30";
        sale["body"]!["lines"]![0]!["lots"] = System.Text.Json.Nodes.JsonNode.Parse("""[{"serial":"S-4711","quantity":1}]""");
        var (lead, count) = (An.Lead(), An.Activity("stockCount", part: ("count", """[{"sku":"SKU-2","quantity":7.5,"place":"Aisle 3"}]""")));
        var clock = An.Activity("attendance", part: ("attendance", """{"direction":"in"}"""));
        await device.PushAsync(sale, lead, count, clock);
        var page = await console.OpenAsync("viewer");

        foreach (var (place, record, heading, said) in new[]
                 {
                     ("sales", sale, "Sale SA-MAIN-", new[] { "Lay-by", "deposit 2.80, due 2026-06-30", "S-4711 × 1", "10.80 USD" }), ("leads", lead, "Lead Kiosk am Ring", ["Files to come", "52.5200066, 13.404954, 8"]),
                     ("activities", count, "Activity", ["stockCount", "Aisle 3", "7.5"]), ("activities", clock, "Activity", ["work begins"]),
                 })
        {
            await page.GotoAsync($"/{place}");
            await page.Locator($"#r-{record["id"]!.GetValue<Guid>()}").ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(heading);
            foreach (var words in said)
                await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "As captured" }).GetByText(words).First).ToBeVisibleAsync();
            await page.IsGoodAsync();
        }

        await page.GotoAsync($"/sales/{sale["id"]!.GetValue<Guid>()}");
        await console.PictureAsync(page, "sale");
    }

    [Fact]
    public async Task F056_A_refused_record_says_who_mends_it_and_its_bytes_are_downloaded_as_they_came()
    {
        using var device = await console.EnrolAsync();
        var id = Guid.CreateVersion7();
        // Spaces, escapes and an exponent that no reader of JSON would write again.
        var bytes = Encoding.UTF8.GetBytes($$"""
            [ {"kind":"order" , "id":"{{id}}","rev":1,"schema":1,"seq":1,"capturedAt":"2026-03-03T10:15:00+01:00",
            "body":{"reference":"R\u002d9","customer":{"id":"{{console.Customer}}" },"currency":"USD","pricesIncludeTax":false,
            "lines":[{"sku":"SKU-12","quantity":1e0,"unitPrice":10.00,"taxRate":8}],"totals":{"subtotal":10,"discount":0,"tax":0.80,"total":10.80} } } ]
            """);
        (await device.SendAsync(bytes)).EnsureSuccessStatusCode();
        var page = await console.OpenAsync(look: new Look(Scripts: false));
        await page.GotoAsync($"/orders/{id}");

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Order R-9" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("The device has to mend it")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("SKU-12 is sold in steps of 12").First).ToBeVisibleAsync();
        await page.GetByText("Bytes as they came").ClickAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download revision 1" }).ClickAsync());

        var kept = await File.ReadAllBytesAsync(await download.PathAsync());
        var sent = Encoding.UTF8.GetString(bytes).Trim()[1..^1].Trim();
        Assert.Equal(sent, Encoding.UTF8.GetString(kept));
        await Assertions.Expect(page.GetByText(Convert.ToHexStringLower(SHA256.HashData(kept)))).ToBeVisibleAsync();
        await console.PictureAsync(page, "order-refused");
    }

    [Fact]
    public async Task An_order_is_stopped_and_reopened_with_the_keyboard_and_a_viewer_has_no_buttons()
    {
        using var device = await console.EnrolAsync();
        var missing = Guid.CreateVersion7();
        var order = An.Order(customer: missing);
        var id = order["id"]!.GetValue<Guid>();
        await device.PushAsync(order);
        var viewer = await console.OpenAsync("viewer");
        await viewer.GotoAsync($"/orders/{id}");
        await Assertions.Expect(viewer.GetByText("It waits for:")).ToBeVisibleAsync();
        Assert.Equal(0, await viewer.Locator("main button").CountAsync());
        var page = await console.OpenAsync("office");
        await page.GotoAsync($"/orders/{id}");

        // Another site can send a form along with the person's cookie, but not what stands in ours.
        Assert.Equal(400, (await page.APIRequest.PostAsync(new Uri(console.Console, $"records/{id}/wish").OriginalString, new() { Form = page.APIRequest.CreateFormData().Set("verb", "stop") })).Status);
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("Somebody stopped it")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("It was stopped.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Reopen" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.GetByText("goes on by itself as soon as what it waits for is here")).ToBeVisibleAsync();
        await console.PictureAsync(page, "order-waiting");
        await page.IsGoodAsync();
    }

    // What a person reads across a row.
    private static async Task<string> RowAsync(ILocator part, string name) =>
        string.Join(' ', (await part.GetByRole(AriaRole.Row).Filter(new() { Has = part.Page.GetByRole(AriaRole.Rowheader, new() { NameRegex = new($"^{name}") }) }).First.InnerTextAsync()).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
