using System.Text.RegularExpressions;
using OrderSync.Contracts.Records;
using OrderSync.Email.Documents;
using OrderSync.Email.Templates;

namespace OrderSync.Email.Rendering;

/// <summary>Tries a company's look on a specimen before it is saved, so that a mistake is met by who made it and not by an order.</summary>
internal static partial class LookCheck
{
    private static readonly string[] AllKinds = [Kinds.Order, Kinds.Quote, Kinds.Sale, Kinds.Receipt];

    /// <summary>Null when documents of all kinds can be made; else what is wrong, where, and what to do.</summary>
    public static string? WhyNot(EmailSettings settings)
    {
        if (!HexColor().IsMatch(settings.Color))
            return $"Color \"{settings.Color}\" is not a colour. Enter it like #14395b.";
        if (settings.Logo is not null && !Logo.TryRead(settings.Logo, out _))
            return $"Logo is not a picture that can be used. Enter a PNG, JPEG or GIF of at most {Logo.Largest / 1000} kB as data:image/png;base64,….";
        if (settings.Style is { } style && (style.Length > TemplateText.Longest ? "Style is too long." : Markup.WhyNotStyle(style)) is { } wrong)
            return $"Style cannot be used. {wrong}";
        if (settings.Terms?.Length > 10_000)
            return "Terms is too long. At most 10,000 characters are taken.";
        foreach (var kind in AllKinds)
        {
            var specimen = Specimen.Of(kind, settings);
            var words = Words.In(settings.Language);
            try
            {
                Page.Mail(specimen, words, Look.Of(kind, settings));
            }
            catch (TemplateException trouble)
            {
                return $"{Named(kind)}Template cannot be used. {trouble.Message}";
            }

            try
            {
                Subject.Of(specimen, words, settings, toCustomer: true);
            }
            catch (TemplateException trouble)
            {
                return $"{Named(kind)}Subject cannot be used. {trouble.Message}";
            }
        }

        return null;
    }

    private static string Named(string kind) => kind switch { Kinds.Quote => "Quote", Kinds.Sale => "Sale", Kinds.Receipt => "Receipt", _ => "Order" };

    [GeneratedRegex(@"\A#[0-9A-Fa-f]{6}\z")]
    private static partial Regex HexColor();
}
