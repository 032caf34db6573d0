using System.Net;
using OrderSync.ServiceDefaults;

namespace OrderSync.ErpSandbox;

/// <summary>Puts the sandbox together, for its own process and for tests that host it.</summary>
public static class SandboxApp
{
    /// <summary>Builds the sandbox; <paramref name="adjust"/> may replace services such as the clock before it is built.</summary>
    public static WebApplication Create(string[] args, Action<WebApplicationBuilder>? adjust = null)
    {
        // Tests host it in processes of other assemblies, so the content root is never taken from the entry assembly.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.AddServiceDefaults();
        builder.AddValidatedOptions<SandboxOptions>(SandboxOptions.Section, options => options.Problem());
        builder.Services.AddSingleton<Journal>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Journal>());
        builder.Services.AddHealthChecks().AddCheck<JournalHealth>("journal");
        builder.Services.AddSingleton<FaultPlan>();
        builder.Services.AddSingleton<RequestLog>();
        builder.Services.AddSingleton<ErpExchange>();
        var standIns = StandIns();
        foreach (var standIn in standIns)
            standIn.Add(builder.Services);
        adjust?.Invoke(builder);

        var app = builder.Build();
        app.Use((http, next) =>
        {
            // The control API has no password: it is for this machine only.
            var control = http.Request.Path.StartsWithSegments("/_control", StringComparison.OrdinalIgnoreCase);
            if (!control || http.Connection.RemoteIpAddress is not { } caller || IPAddress.IsLoopback(caller))
                return next(http);
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        });
        app.MapDefaultEndpoints();
        app.MapFaultControl();
        foreach (var standIn in standIns)
            standIn.Map(app);
        return app;
    }

    private static List<IStandIn> StandIns() =>
    [
        .. typeof(SandboxApp).Assembly.GetTypes().Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(IStandIn)))
            .OrderBy(type => type.FullName, StringComparer.Ordinal).Select(type => (IStandIn)Activator.CreateInstance(type)!),
    ];
}
