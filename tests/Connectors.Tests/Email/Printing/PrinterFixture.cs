using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrderSync.Email;
using OrderSync.Email.Documents;
using OrderSync.Email.Printing;
using OrderSync.Email.Rendering;
using OrderSync.Framework;

namespace OrderSync.Connectors.Tests.Email.Printing;

/// <summary>One browser for the tests of a class.</summary>
public sealed class PrinterFixture : IAsyncLifetime
{
    internal static readonly EmailSettings Settings = new() { From = "orders@northwind.example", FromName = "Northwind Outdoor GmbH", LetterheadLines = ["Speicherstraße 12", "20457 Hamburg"] };

    internal Printer Printer { get; } = NewPrinter();

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

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await Printer.DisposeAsync();
}
