using Microsoft.AspNetCore.Diagnostics;

namespace OrderSync.Console.Layout;

/// <summary>What is shown where a page could not be made, or there is none.</summary>
internal static class TroublePages
{
    /// <summary>Under this name the request keeps how it was sent.</summary>
    private const string Sent = "sent";

    public static void UseTroublePages(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandlingPath = "/trouble", CreateScopeForErrors = true });
        app.UseStatusCodePagesWithReExecute("/missing", createScopeForStatusCodePages: true);
        // A page of trouble is looked at, whatever was sent: else it would be asked to take the form that failed.
        app.Use((http, next) =>
        {
            if (http.Features.Get<IExceptionHandlerFeature>() is not null || http.Features.Get<IStatusCodeReExecuteFeature>() is not null)
                (http.Items[Sent], http.Request.Method) = (http.Request.Method, HttpMethods.Get);
            return next(http);
        });
        app.Use(TellOfOldFormsAsync);
    }

    // The framework answers a form that its page no longer has with a line for programmers. What is no page is taken back, so that one is shown in its place.
    private static async Task TellOfOldFormsAsync(HttpContext http, RequestDelegate next)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            await next(http);
            return;
        }

        var line = http.Response.Body;
        using var answer = new MemoryStream();
        http.Response.Body = answer;
        try
        {
            await next(http);
        }
        finally
        {
            http.Response.Body = line;
        }

        if (http.Response.StatusCode == StatusCodes.Status400BadRequest && answer.TryGetBuffer(out var text) && text.AsSpan().IndexOf("<html"u8) < 0)
        {
            http.Response.Clear();
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        answer.Position = 0;
        await answer.CopyToAsync(line, http.RequestAborted);
    }

    /// <summary>Whether what failed was only looked at, so that looking again does no harm.</summary>
    public static bool WasLookedAt(HttpContext http) => http.Items[Sent] is string sent && HttpMethods.IsGet(sent);
}
