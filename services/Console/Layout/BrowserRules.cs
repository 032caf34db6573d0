namespace OrderSync.Console.Layout;

/// <summary>What browsers are told about every answer: nothing from elsewhere, no inline scripts or styles, in nobody's frame, kept by no cache.</summary>
internal static class BrowserRules
{
    private const string Content =
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; frame-src 'self'";

    public static void UseBrowserRules(this WebApplication app) => app.Use((http, next) =>
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Content;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        if (http.Request.IsHttps)
            headers.StrictTransportSecurity = "max-age=31536000";
        if (!http.Request.Path.StartsWithSegments("/lib") && !http.Request.Path.StartsWithSegments("/console.css"))
            headers.CacheControl = "no-store";
        return next(http);
    });
}
