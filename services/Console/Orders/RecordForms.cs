using Microsoft.AspNetCore.Mvc;
using OrderSync.Console.Gateway;
using OrderSync.Console.Layout;

namespace OrderSync.Console.Orders;

/// <summary>What the buttons on a record's page do, and its files. Each answers by leading back to the page, with a sentence.</summary>
internal static class RecordForms
{
    // What a person may look at in a browser and nothing else: a PDF in a frame of ours.
    private const string PdfRules = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'";

    public static void MapRecords(this WebApplication app)
    {
        var records = app.MapGroup("/records/{id:guid}").RequireAuthorization();
        records.MapPost("/wish", WishAsync);
        records.MapPost("/read", ReadAsync);
        records.MapGet("/captures/{sha256}", (Guid id, string sha256, GatewayClient gateway, HttpContext http) =>
            HandOnAsync(http, gateway, $"/v1/office/records/{id}/captures/{Uri.EscapeDataString(sha256)}", "application/octet-stream", $"{id}.{sha256[..Math.Min(8, sha256.Length)]}.json"));
        records.MapGet("/pdf/{connection}", (Guid id, string connection, bool? save, GatewayClient gateway, HttpContext http) =>
            HandOnAsync(http, gateway, $"/v1/office/connections/{Uri.EscapeDataString(connection)}/manage/mails/{id}/pdf", "application/pdf", save == true ? $"{id}.pdf" : null));
    }

    private static Task<IResult> WishAsync(Guid id, [FromForm] string verb, [FromForm] string? connection, [FromForm] string? kind, HttpContext http, GatewayClient gateway)
    {
        var (path, said) = verb switch
        {
            "retry" => ("retry", "It is tried again now."),
            "accept" => ("accept", "It goes on as it was captured."),
            "stop" => ("stop", "It was stopped. What was under way at that moment is looked up first."),
            "reopen" => ("reopen", "It goes on."),
            _ => throw new BadHttpRequestException("There is no such button."),
        };
        return DoAsync(http, RecordWords.PageOf(kind ?? "", id), said, () => gateway.SendAsync(HttpMethod.Post, $"/v1/office/records/{id}/{path}", new { connection }, http.RequestAborted));
    }

    private static Task<IResult> ReadAsync(Guid id, [FromForm] string connection, [FromForm] string? kind, HttpContext http, GatewayClient gateway) => DoAsync(http, RecordWords.PageOf(kind ?? "", id), $"It was read again in {connection}.", () =>
        gateway.SendAsync(HttpMethod.Post, $"/v1/office/connections/{Uri.EscapeDataString(connection)}/manage/documents/{id}/read", null, http.RequestAborted));

    private static async Task<IResult> DoAsync(HttpContext http, string page, string said, Func<Task> what)
    {
        try
        {
            await what();
            FlashCookie.Say(http, said);
        }
        catch (GatewayProblem no)
        {
            FlashCookie.Say(http, no.Message);
        }
        catch (GatewayAway)
        {
            FlashCookie.Say(http, "There was no answer, so nobody knows yet whether it was done. Look here again in a moment; doing it twice does no harm.");
        }

        return Results.Redirect(page);
    }

    // Byte for byte, whatever it is; only what was asked for is ever shown by a browser as it is.
    private static async Task<IResult> HandOnAsync(HttpContext http, GatewayClient gateway, string path, string type, string? name)
    {
        var answer = await gateway.FileAsync(path, http.RequestAborted);
        http.Response.RegisterForDispose(answer);
        if (type == "application/pdf")
            http.Response.Headers.ContentSecurityPolicy = PdfRules;
        return Results.Stream(await answer.Content.ReadAsStreamAsync(http.RequestAborted), type, name);
    }
}
