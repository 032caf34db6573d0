using Microsoft.Extensions.Logging.Abstractions;
using OrderSync.Connectors.Tests.Email.Printing;
using OrderSync.Contracts.Records;
using OrderSync.Email;
using OrderSync.Email.Documents;
using OrderSync.Email.Printing;
using OrderSync.Email.Rendering;

namespace OrderSync.Connectors.Tests.Email;

/// <summary>What a company may change of its documents, and what becomes of a change that does not work.</summary>
public sealed class LookTests(PrinterFixture paper) : IClassFixture<PrinterFixture>
{
    private const string Png = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    private static readonly EmailSettings Settings = PrinterFixture.Settings;
    private readonly Renderer renderer = new(paper.Printer, NullLogger<Renderer>.Instance);

    [Fact]
    public async Task A_company_s_own_template_style_colour_and_terms_are_in_the_mail_and_on_paper()
    {
        var own = Settings with
        {
            OrderTemplate = "<h1>Hello {{customer}}, thank you for {{number}}</h1>{{#each lines}}<p>{{item}}: {{amount}}</p>{{/each}}<p class=\"terms\">{{terms}}</p>",
            Style = "h1 { text-decoration: underline }", Color = "#7a1f3d", Terms = "No returns.",
        };

        var rendered = await renderer.RenderAsync(Guid.NewGuid(), SalesMapping.ToDocument(AnOrder.With(), own), own, default);

        Assert.Null(own.WhyNot());
        Assert.Null(rendered.Remark);
        Assert.Matches("^order/3\\+[0-9a-f]{12}$", rendered.Look);
        var text = await PdfText.OfAsync(rendered.Pdf);
        foreach (var shown in new[] { rendered.Html, text.Replace("\n", " ", StringComparison.Ordinal) })
        {
            Assert.Contains("Müller", shown);
            Assert.Contains("thank you for SO-000042", shown);
            Assert.Contains("No returns.", shown);
        }

        Assert.Contains("underline", rendered.Html);
        Assert.Contains("#7a1f3d", rendered.Html);
        Assert.DoesNotContain("#14395b", rendered.Html);
    }

    [Fact]
    public async Task A_template_that_fails_on_an_order_gives_way_to_the_standard_one_and_it_is_said()
    {
        // Passes on the specimen of three lines; two hundred lines within two hundred lines within two hundred are too many.
        var own = Settings with { OrderTemplate = "{{#each lines}}{{#each lines}}{{#each lines}}{{item}}{{/each}}{{/each}}{{/each}}" };

        var rendered = await renderer.RenderAsync(Guid.NewGuid(), SalesMapping.ToDocument(AnOrder.With(lines: 200), own), own, default);

        Assert.Null(own.WhyNot());
        Assert.Equal("order/3", rendered.Look);
        Assert.Contains("standard", rendered.Remark);
        Assert.Contains("too long", rendered.Remark);
        Assert.Contains("SKU-1200", await PdfText.OfAsync(rendered.Pdf));
    }

    [Theory]
    [InlineData("{{numbr}}", null, null, null, "OrderTemplate cannot be used. Line 1: there is no value numbr")]
    [InlineData("<p>\n<script></script>", null, null, null, "OrderTemplate cannot be used. Line 2: <script> may not be used")]
    [InlineData(null, "Your order {{#if}}", null, null, "OrderSubject cannot be used. Line 1")]
    [InlineData(null, null, "data:image/svg+xml;base64,PHN2Zz4=", null, "Logo is not a picture")]
    [InlineData(null, null, "data:image/png;base64,PHN2Zz4=", null, "Logo is not a picture")]
    [InlineData(null, null, "https://example.com/logo.png", null, "Logo is not a picture")]
    [InlineData(null, null, null, "red; } * { display: none", "Color")]
    public void What_cannot_work_is_refused_when_it_is_saved(string? template, string? subject, string? logo, string? color, string says) =>
        Assert.StartsWith(says, (Settings with { OrderTemplate = template, OrderSubject = subject, Logo = logo, Color = color ?? "#14395b" }).WhyNot());

    [Fact]
    public void A_logo_goes_along_as_a_part_of_the_mail_and_stands_in_the_paper_itself()
    {
        var own = Settings with { Logo = Png };
        var document = Specimen.Of(Kinds.Order, own);
        var look = Look.Of(Kinds.Order, own);

        var mail = Page.Mail(document, Words.English, look);

        Assert.Null(own.WhyNot());
        Assert.Contains("src=\"cid:logo@ordersync\"", mail);
        Assert.Contains($"src=\"{Png}\"", Page.Print(document, Words.English, look));
        Assert.Contains($"src=\"{Png}\"", Page.Screen(mail, look.Logo));
    }

    [Fact]
    public void A_subject_of_the_company_s_own_is_one_line_without_markup()
    {
        var document = Specimen.Of(Kinds.Order, Settings) with { BillTo = new Party("A & B\r\nBcc: x@y.example", []) };

        var subject = Subject.Of(document, Words.English, Settings with { OrderSubject = "{{customer}}: {{number}} <{{total.amount}}>" }, toCustomer: true);

        Assert.Equal("A & B  Bcc: x@y.example: SO-000042 <EUR\u00a01,331.57>", subject);
    }

    [Theory]
    [InlineData("en", "Quote QU-000117", "2 April 2026", "Receipt RC-000009", "Amount received", "EUR 1,400.00")]
    [InlineData("de", "Angebot QU-000117", "02.04.2026", "Quittung RC-000009", "Betrag erhalten", "EUR 1.400,00")]
    public async Task F116_A_quote_says_so_and_until_when_and_a_receipt_says_what_was_paid(
        string language, string quote, string validUntil, string receipt, string received, string amount)
    {
        var settings = Settings with { Language = language };

        var offer = await renderer.RenderAsync(Guid.NewGuid(), Specimen.Of(Kinds.Quote, settings), settings, default);
        var paid = await renderer.RenderAsync(Guid.NewGuid(), Specimen.Of(Kinds.Receipt, settings), settings, default);

        foreach (var shown in new[] { await PdfText.OfAsync(offer.Pdf), offer.Text })
        {
            Assert.Contains(quote, shown);
            Assert.Contains(validUntil, shown.Replace('\u00a0', ' '));
        }

        foreach (var shown in new[] { await PdfText.OfAsync(paid.Pdf), paid.Text })
        {
            Assert.Contains(receipt, shown);
            Assert.Contains(received, shown);
            Assert.Contains(amount, shown.Replace('\u00a0', ' '));
            Assert.Contains("SO-000042", shown);
        }
    }

    [Fact]
    public void F116_A_quote_without_a_last_day_is_good_for_as_long_as_the_company_says()
    {
        var body = AnOrder.With().Body;
        var quote = new QuoteBody(
            body.Reference, body.Customer, body.Currency, body.PricesIncludeTax, body.Rounding, body.Lines, body.Discount, body.Shipping, body.ShippingTaxRate, body.Totals,
            body.ShipTo, body.BillTo, body.RequestedDate, body.PaymentTerms, body.CustomerReference, body.Notes, body.CustomFields, null);
        var info = AnOrder.With().Info with { Kind = Kinds.Quote };

        Assert.Equal(new DateOnly(2026, 12, 4), SalesMapping.ToDocument(new OrderSync.Framework.Quote(info, quote, null), Settings with { QuoteDays = 14 }).ValidUntil);
        Assert.Equal(new DateOnly(2027, 1, 1), SalesMapping.ToDocument(new OrderSync.Framework.Quote(info, quote with { ValidUntil = new DateOnly(2027, 1, 1) }, null), Settings).ValidUntil);
    }
}
