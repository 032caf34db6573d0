using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Components.Web;

namespace OrderSync.Email.Rendering;

/// <summary>Turns an order into HTML for the mail and HTML for the printer.</summary>
internal sealed class Template(ILoggerFactory logs)
{
    /// <summary>Names the look of what is kept; raise it with every change of the template that a reader would see.</summary>
    public const string Version = "order/1";

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    public Task<string> MailAsync(OrderDocument order, Words words) => RenderAsync(order, words, Stylesheet.Mail);

    public Task<string> PrintAsync(OrderDocument order, Words words) => RenderAsync(order, words, Stylesheet.Print(order, words));

    private async Task<string> RenderAsync(OrderDocument order, Words words, string style)
    {
        // Its own encoder: the default one writes every letter outside ASCII as a number.
        var view = new OrderView(order, words, new Figures(words, order.Decimals), style);
        await using var services = new ServiceCollection().AddSingleton(Encoder).AddSingleton(view).BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, logs);
        return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<OrderPage>()).ToHtmlString());
    }
}

/// <summary>What the template shows. Components take it by injection, so that what they show need not be public.</summary>
internal sealed record OrderView(OrderDocument Order, Words Words, Figures Figures, string Style);
