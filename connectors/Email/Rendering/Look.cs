using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using OrderSync.Contracts.Records;
using OrderSync.Email.Templates;

namespace OrderSync.Email.Rendering;

/// <summary>How a company's documents of one kind look: its own template and style, or the standard ones with its colour and logo.</summary>
internal sealed record Look(string? Template, string? Style, string Color, Logo? Logo)
{
    /// <summary>Names the look of the standard templates; raise it with every change that a reader would see.</summary>
    public const string Version = "3";

    // Templates are few and read often; what is not used falls out when there are too many.
    private const int MostKept = 200;
    private static readonly ConcurrentDictionary<string, TemplateText> Read = new();
    private static readonly TemplateText Sales = TemplateText.Parse(Page.Resource("Sales.hbs"));
    private static readonly TemplateText Receipt = TemplateText.Parse(Page.Resource("Receipt.hbs"));

    /// <summary>The look of a kind of document, as the settings say.</summary>
    public static Look Of(string kind, EmailSettings settings) =>
        new(Filled(settings.TemplateOf(kind)), Filled(settings.Style), settings.Color, Rendering.Logo.TryRead(settings.Logo, out var logo) ? logo : null);

    /// <summary>The standard look with this company's colour and logo: what is used where its own cannot be.</summary>
    public Look Standard => this with { Template = null, Style = null };

    /// <summary>Whether anything but colour and logo is the company's.</summary>
    public bool Own => Template is not null || Style is not null;

    /// <summary>Name of the look in what is kept.</summary>
    public string NameOf(string kind) => Own ? $"{kind}/{Version}+{Hash()}" : $"{kind}/{Version}";

    /// <summary>The template to fill.</summary>
    /// <exception cref="TemplateException">The company's cannot be used.</exception>
    public TemplateText For(string kind)
    {
        if (Template is null)
            return kind == Kinds.Receipt ? Receipt : Sales;
        if (Read.TryGetValue(Template, out var known))
            return known;
        var parsed = TemplateText.Parse(Template);
        Markup.Check(parsed);
        if (Read.Count >= MostKept)
            Read.Clear();
        return Read[Template] = parsed;
    }

    private string Hash() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Template}\n{Style}")).AsSpan(0, 6));

    private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
