using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrderSync.Email;
using OrderSync.Email.Documents;
using OrderSync.Email.Printing;
using OrderSync.Email.Rendering;
using OrderSync.Framework;

namespace OrderSync.Connectors.Tests.Email.Printing;

/// <summary>One browser for all tests that only print: starting one costs more than most of them. It ends with the run.</summary>
public sealed class PrinterFixture
{
    private static readonly Lazy<Printer> Shared = new(() =>
    {
        var printer = NewPrinter();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => printer.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(5));
        return printer;
    });

    internal static readonly EmailSettings Settings = new() { From = "orders@northwind.example", FromName = "Northwind Outdoor GmbH", LetterheadLines = ["Speicherstraße 12", "20457 Hamburg"] };

    internal Printer Printer => Shared.Value;

    internal static Printer NewPrinter(Action<ChromiumOptions>? change = null)
    {
        var options = new ChromiumOptions();
        change?.Invoke(options);
        return new Printer(Options.Create(options), NullLogger<Printer>.Instance);
    }

    internal static string Html(Document document, EmailSettings? settings = null) =>
        Page.Print(document, Words.In((settings ?? Settings).Language), Look.Of(document.Kind, settings ?? Settings));

    internal static string Html(Order order, EmailSettings? settings = null) => Html(SalesMapping.ToDocument(order, settings ?? Settings), settings);

    internal Task<byte[]> PrintAsync(Document document, EmailSettings? settings = null) => Printer.PrintAsync(Html(document, settings), document.CapturedAt, CancellationToken.None);

    internal Task<byte[]> PrintAsync(Order order, EmailSettings? settings = null) => PrintAsync(SalesMapping.ToDocument(order, settings ?? Settings), settings);
}
