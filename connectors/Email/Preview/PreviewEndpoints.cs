using System.Text.Json.Nodes;
using OrderSync.Contracts.Records;
using OrderSync.Email.Documents;
using OrderSync.Email.Printing;
using OrderSync.Email.Rendering;
using OrderSync.Email.Storage;
using OrderSync.Framework;

namespace OrderSync.Email.Preview;

/// <summary>What to show.</summary>
/// <param name="Kind">order, quote, sale or receipt.</param>
/// <param name="Settings">Settings to try over those that are saved; nothing is saved.</param>
internal sealed record PreviewRequest(string? Kind, JsonObject? Settings);

/// <summary>A mail as it would go out, or went out.</summary>
/// <param name="Subject">Of the mail to the customer; absent for what was sent.</param>
/// <param name="Html">The page. It carries its own rule that nothing in it runs or loads; show it in a frame without rights all the same.</param>
/// <param name="Text">For those who read text.</param>
/// <param name="Pdf">Base64.</param>
/// <param name="Sha256">Of the PDF.</param>
/// <param name="Look">Name of the template's version.</param>
/// <param name="Remark">Why it does not look as wished.</param>
/// <param name="Number">Number of the record.</param>
/// <param name="Revision">Revision that was sent.</param>
/// <param name="RenderedAt">When.</param>
internal sealed record PreviewAnswer(
    string? Subject, string Html, string Text, string Pdf, string Sha256, string Look, string? Remark, string? Number = null, int? Revision = null, DateTimeOffset? RenderedAt = null);

/// <summary>Shows a company its mails: a specimen under settings that are not saved yet, and what was sent about a record. As JSON, so that no page of a company's runs at the office's address.</summary>
internal static class PreviewEndpoints
{
    public static void MapPreview(this IEndpointRouteBuilder connection)
    {
        connection.MapPost("/preview", PreviewAsync);
        connection.MapGet("/mails/{recordId:guid}", MailAsync);
        connection.MapGet("/mails/{recordId:guid}/pdf", PdfAsync);
        connection.MapGet("/templates/{kind}", (string kind) => Known(kind)
            ? Results.Ok(new { Kind = kind, Template = Page.Resource(kind == Kinds.Receipt ? "Receipt.hbs" : "Sales.hbs"), Style = Page.Resource("Document.css") })
            : UnknownKind());
    }

    private static async Task<IResult> PreviewAsync(
        Guid companyId, Guid connectionId, PreviewRequest wanted, KnownConnections connections, Renderer renderer, CancellationToken stop)
    {
        var kind = wanted.Kind ?? Kinds.Order;
        if (!Known(kind))
            return UnknownKind();
        if (await connections.FindAsync(companyId, connectionId, stop) is not { } connection)
            return Results.Problem(statusCode: 404, type: "connection.unknown", title: "This connection has no settings yet.");
        var (tried, field, wrong) = connections.Try(connection, wanted.Settings ?? []);
        if (tried is not EmailSettings settings)
        {
            return Results.Problem(
                statusCode: 400, type: "connection.settings", title: "These settings cannot be taken.", detail: wrong,
                extensions: new Dictionary<string, object?> { ["field"] = field });
        }

        var specimen = Specimen.Of(kind, settings);
        var rendered = await renderer.RenderAsync(companyId, specimen, settings, stop);
        return Results.Ok(Answer(rendered) with { Subject = Subject.Of(specimen, Words.In(settings.Language), settings, toCustomer: true) });
    }

    private static async Task<IResult> MailAsync(Guid companyId, Guid recordId, Renderings renderings, CancellationToken stop) =>
        await renderings.NewestAsync(companyId, recordId, stop) is { } kept
            ? Results.Ok(Answer(kept.Rendered) with { Number = kept.Number, Revision = kept.Revision, RenderedAt = kept.RenderedAt })
            : NoMail();

    // The bytes that were mailed, for those who only show or save them.
    private static async Task<IResult> PdfAsync(Guid companyId, Guid recordId, Renderings renderings, CancellationToken stop) =>
        await renderings.NewestAsync(companyId, recordId, stop) is { } kept ? Results.Bytes(kept.Rendered.Pdf, "application/pdf") : NoMail();

    private static IResult NoMail() => Results.Problem(statusCode: 404, type: "mail.unknown", title: "No mail was made of this record yet.");

    private static PreviewAnswer Answer(Rendered rendered) => new(
        null, Page.Screen(rendered.Html, rendered.Logo), rendered.Text, Convert.ToBase64String(rendered.Pdf), rendered.PdfSha256, rendered.Look, rendered.Remark);

    private static bool Known(string kind) => kind is Kinds.Order or Kinds.Quote or Kinds.Sale or Kinds.Receipt;

    private static IResult UnknownKind() => Results.Problem(statusCode: 400, type: "mail.kind", title: "Kind is not known. Choose order, quote, sale or receipt.");
}
