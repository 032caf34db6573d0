using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrderSync.Email;
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

    internal static Task<string> HtmlAsync(Order order, EmailSettings? settings = null) =>
        new Template(NullLoggerFactory.Instance).PrintAsync(OrderMapping.ToDocument(order, settings ?? Settings), Words.In((settings ?? Settings).Language));

    internal async Task<byte[]> PrintAsync(Order order, EmailSettings? settings = null) =>
        await Printer.PrintAsync(await HtmlAsync(order, settings), order.Info.CapturedAt, CancellationToken.None);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await Printer.DisposeAsync();
}
