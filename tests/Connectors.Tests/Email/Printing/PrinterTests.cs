using OrderSync.Testing;
using System.Diagnostics;
using OrderSync.Contracts.Records;

namespace OrderSync.Connectors.Tests.Email.Printing;

[InCi]
public sealed class PrinterTests(PrinterFixture paper) : IClassFixture<PrinterFixture>
{
    [Fact]
    public async Task F111_The_PDF_has_the_number_every_line_and_the_totals()
    {
        var order = AnOrder.With(lines: 5, discount: new DiscountBody(5, null), shipping: 9.9m);

        var text = await PdfText.OfAsync(await paper.PrintAsync(order));

        Assert.Contains("Order confirmation SO-000042", text);
        Assert.Contains("Northwind Outdoor GmbH", text);
        Assert.Contains("Müller & Söhne KG", text);
        Assert.Contains("D7-0031", text);
        Assert.Contains(order.Info.Sha256, text);
        foreach (var line in order.Body.Lines)
        {
            Assert.Contains(line.Sku, text);
            Assert.Contains(line.Description!, text);
        }
        var totals = order.Body.Totals;
        foreach (var amount in new[] { totals.Subtotal, totals.Discount, 9.9m, totals.Tax, totals.Total })
            Assert.Contains(amount.ToString("#,##0.00", System.Globalization.CultureInfo.InvariantCulture), text);
    }

    [Fact]
    public async Task F115_The_same_order_printed_twice_by_two_browsers_gives_the_same_bytes()
    {
        var order = AnOrder.With(lines: 12, customerName: "Ελληνική Εταιρεία");

        await paper.PrintAsync(AnOrder.With(lines: 2));
        var first = await paper.PrintAsync(order);
        // The clock of the second print must differ: a PDF counts in seconds.
        var second = await Task.Run(async () =>
        {
            await using var other = PrinterFixture.NewPrinter();
            var started = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
            byte[] printed;
            do
                printed = await other.PrintAsync(PrinterFixture.Html(order), order.Info.CapturedAt, default);
            while (DateTimeOffset.UtcNow.ToUnixTimeSeconds() == started);
            return printed;
        });

        Assert.Equal(first, second);
        Assert.Contains("Fri Nov 20 09:15:30 2026", await PdfText.InfoAsync(first));
    }

    [Fact]
    public async Task F115_Orders_that_differ_in_one_figure_give_different_bytes()
    {
        var id = Guid.CreateVersion7();

        var first = await paper.PrintAsync(AnOrder.With(id: id, theseLines: [AnOrder.Line("A", 1, 10.01m)]));
        var second = await paper.PrintAsync(AnOrder.With(id: id, theseLines: [AnOrder.Line("A", 1, 10.02m)]));

        Assert.NotEqual(first, second);
    }

    [Theory]
    [InlineData("Ελληνική Εταιρεία", "Καρέκλα γραφείου")]
    [InlineData("ООО Северный ветер", "Стол письменный")]
    [InlineData("北京贸易有限公司", "办公椅")]
    [InlineData("شركة النور للتجارة العامة", "كرسي مكتب")]
    [InlineData("חברת האור למסחר", "כיסא משרדי")]
    public async Task Names_in_any_script_are_readable_in_the_PDF(string customer, string item)
    {
        var order = AnOrder.With(customerName: customer, theseLines: [AnOrder.Line("SKU-1", 2, 3, description: item)]);

        var text = await PdfText.OfAsync(await paper.PrintAsync(order));

        Assert.Contains(customer, text);
        Assert.Contains(item, text);
    }

    [Fact]
    public async Task A_long_order_repeats_its_head_and_counts_its_pages()
    {
        var pdf = await paper.PrintAsync(AnOrder.With(lines: 80));

        var pages = (await PdfText.OfAsync(pdf)).Split('\f', StringSplitOptions.RemoveEmptyEntries);

        Assert.True(pages.Length > 2);
        for (var i = 0; i < pages.Length; i++)
        {
            Assert.Contains($"Page {i + 1} of {pages.Length}", pages[i]);
            Assert.Contains("Unit price", pages[i]);
        }
        foreach (var further in pages.Skip(1))
        {
            var head = further.TrimStart().Split('\n')[0];
            Assert.StartsWith("Northwind Outdoor GmbH", head);
            Assert.EndsWith("Order confirmation SO-000042", head);
        }
    }

    [Theory]
    [InlineData(13)]
    [InlineData(14)]
    public async Task Totals_never_stand_on_a_page_without_a_line(int lines)
    {
        // Thirteen and fourteen lines fill a page just so that their totals go to the next.
        var text = await PdfText.OfAsync(await paper.PrintAsync(AnOrder.With(lines: lines, discount: new DiscountBody(5, null), shipping: 9.9m)));

        var last = text.Split('\f', StringSplitOptions.RemoveEmptyEntries)[^1];

        Assert.Contains("Page 2 of 2", last);
        Assert.Contains("Subtotal", last);
        Assert.Contains($"SKU-{1000 + lines - 1}", last);
        Assert.Contains($"SKU-{1000 + lines}", last);
    }

    [Theory]
    [InlineData("JPY", "1,235\n", "JPY 1,470\n")]
    [InlineData("EUR", "1,234.50\n", "EUR 1,469.06\n")]
    [InlineData("KWD", "1,234.500\n", "KWD 1,469.055\n")]
    public async Task Amounts_have_the_decimals_of_the_currency(string currency, string subtotal, string total)
    {
        var text = await PdfText.OfAsync(await paper.PrintAsync(AnOrder.With(currency: currency, theseLines: [AnOrder.Line("A", 1, 1234.5m)])));

        Assert.Contains(subtotal, text);
        Assert.Contains(total, text.Replace('\u00a0', ' '));
    }

    [Fact]
    public async Task A_browser_that_is_killed_is_replaced_and_every_document_printed()
    {
        var others = BrowsersOf(Environment.ProcessId).Select(browser => browser.Id).ToList();
        await using var printer = PrinterFixture.NewPrinter(options => options.Concurrency = 3);
        var html = PrinterFixture.Html(AnOrder.With());
        Task<byte[]> PrintAsync() => printer.PrintAsync(html, DateTimeOffset.UnixEpoch, default);
        var before = await PrintAsync();
        var ours = BrowsersOf(Environment.ProcessId).Where(browser => !others.Contains(browser.Id)).ToList();

        // Killed while it prints: one document in each place, the rest waiting.
        var printing = Enumerable.Range(0, 12).Select(_ => PrintAsync()).ToList();
        await Task.WhenAny(printing);
        ours.ForEach(browser => browser.Kill());

        Assert.NotEmpty(ours);
        Assert.All(await Task.WhenAll(printing), after => Assert.Equal(before, after));
        Assert.Equal(2, printer.Opened);
    }

    [Fact]
    public async Task A_fresh_browser_takes_over_after_its_share_of_documents()
    {
        await using var printer = PrinterFixture.NewPrinter(options => (options.DocumentsPerBrowser, options.Concurrency) = (2, 3));
        var html = PrinterFixture.Html(AnOrder.With());

        var printed = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => printer.PrintAsync(html, DateTimeOffset.UnixEpoch, default)));

        Assert.All(printed, pdf => Assert.Equal(printed[0], pdf));
        Assert.Equal(3, printer.Opened);
    }

    [Fact]
    public async Task A_browser_that_has_grown_too_large_is_replaced()
    {
        // Any browser holds more than one megabyte: it is looked at after 25 documents.
        await using var printer = PrinterFixture.NewPrinter(options => options.MaxMegabytes = 1);

        for (var i = 0; i < 26; i++)
            await printer.PrintAsync("<p>short</p>", DateTimeOffset.UnixEpoch, default);

        Assert.Equal(2, printer.Opened);
    }

    // Our child is the driver; below it may stand a start script, the browser and its own children.
    private static List<Process> BrowsersOf(int us) =>
        Process.GetProcesses().Where(process => process.ProcessName.StartsWith("chrom", StringComparison.Ordinal) && IsBelow(process.Id, us)).ToList();

    private static bool IsBelow(int process, int us) => ParentOf(process) is var parent && (parent == us || parent > 1 && IsBelow(parent, us));

    private static int ParentOf(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return 0;
        }
    }
}
