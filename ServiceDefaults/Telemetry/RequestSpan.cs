using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace OrderSync.ServiceDefaults.Telemetry;

/// <summary>
/// Puts route, status and a readable name on the span of a request, by OpenTelemetry's conventions for HTTP. .NET 10 itself writes only what
/// is known when the request begins; .NET 11 writes these too.
/// </summary>
internal sealed class RequestSpan : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(HandleAsync);
        next(app);
    };

    private static async Task HandleAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Features.Get<IHttpActivityFeature>()?.Activity is not { IsAllDataRequested: true } span)
        {
            await next(http);
            return;
        }

        try
        {
            await next(http);
            Finish(span, http, http.Response.StatusCode);
        }
        catch (Exception failure)
        {
            // The server answers what nobody caught with 500, unless the answer had begun.
            Finish(span, http, http.Response.HasStarted ? http.Response.StatusCode : StatusCodes.Status500InternalServerError);
            span.SetTag("error.type", failure.GetType().FullName);
            span.SetStatus(ActivityStatusCode.Error);
            throw;
        }
    }

    private static void Finish(Activity span, HttpContext http, int status)
    {
        span.SetTag("http.response.status_code", status);
        if (http.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route })
        {
            span.SetTag("http.route", route);
            span.DisplayName = $"{http.Request.Method} {route}";
        }
        else
            span.DisplayName = http.Request.Method;
        if (status >= StatusCodes.Status500InternalServerError)
            span.SetStatus(ActivityStatusCode.Error);
    }
}
