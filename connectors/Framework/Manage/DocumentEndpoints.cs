using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrderSync.Framework.Storage;

namespace OrderSync.Framework.Manage;

/// <summary>A record's documents at the destination: as they were last shown there, and read again when a person asks for it.</summary>
internal static class DocumentEndpoints
{
    public static void MapDocuments(this RouteGroupBuilder connection)
    {
        connection.MapGet("/documents/{recordId:guid}", ListAsync);
        connection.MapPost("/documents/{recordId:guid}/read", ReadAsync);
    }

    private static async Task<IResult> ListAsync(Guid companyId, Guid connectionId, Guid recordId, ShownDocuments documents, CancellationToken stop) =>
        Results.Ok(new { Documents = (await documents.ListAsync(companyId, connectionId, recordId, stop)).Select(one => one.Document) });

    private static async Task<IResult> ReadAsync(Guid companyId, Guid connectionId, Guid recordId, ShownDocuments documents, ErpQuestion question, ConnectorInfo info, CancellationToken stop)
    {
        var written = (await documents.ListAsync(companyId, connectionId, recordId, stop)).Where(one => one.Document.ExternalId is { Length: > 0 }).ToList();
        if (written.Count == 0)
            return Results.Problem(statusCode: 409, type: "document.notWritten", title: $"{info.Title} has no document of this record yet, so there is nothing to read.");
        foreach (var (account, document) in written)
        {
            var asked = await question.ReadAsync(companyId, connectionId, new(recordId, document.Kind, document.ExternalId!, document.Number), stop);
            if (asked.Answer is not { } answer)
                return asked.AsResult(_ => Results.Empty);
            if (answer is not [var shown])
                return Results.Problem(statusCode: 409, type: "document.notShown", title: $"{info.Title} cannot show a {document.Kind} here. Look at it there.");
            await documents.KeepAsync(companyId, account, document.Document, shown, stop);
        }

        return await ListAsync(companyId, connectionId, recordId, documents, stop);
    }
}
