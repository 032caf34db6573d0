using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrderSync.Framework.Connections;
using OrderSync.Framework.Work;

namespace OrderSync.Framework.Manage;

/// <summary>The secret that gateway and connectors share.</summary>
internal sealed class InternalKey
{
    /// <summary>Header that carries it.</summary>
    public const string Header = "X-OrderSync-Key";

    public string? Key { get; set; }

    public static string? WhyNot(InternalKey options) =>
        string.IsNullOrWhiteSpace(options.Key) ? "Key is missing: set it to the secret that gateway and connectors share." : null;
}

/// <summary>Which records to try again.</summary>
/// <param name="RecordId">This record, with the documents it needs.</param>
/// <param name="All">Every record of the connection.</param>
internal sealed record RetryRequest(Guid? RecordId, bool All);

/// <summary>What the gateway calls for the office: settings, retry, counts. The gateway does not know what is in the settings.</summary>
internal static class ManageEndpoints
{
    public static void MapManage(this WebApplication app)
    {
        var key = Encoding.UTF8.GetBytes(app.Services.GetRequiredService<IOptions<InternalKey>>().Value.Key!);
        var manage = app.MapGroup("/manage").AddEndpointFilter(async (context, next) =>
            CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(context.HttpContext.Request.Headers[InternalKey.Header].ToString()), key)
                ? await next(context)
                : Results.Problem(statusCode: 401, type: "internal.key", title: $"The header {InternalKey.Header} is missing or wrong."));

        manage.MapGet("/settings", (SettingsForm form, ConnectorInfo info) => new { info.Name, info.Title, info.Kinds, form.Settings });
        manage.MapPut("/connections/{companyId:guid}/{connectionId:guid}", SaveAsync);
        manage.MapGet("/connections/{companyId:guid}/{connectionId:guid}", async (Guid companyId, Guid connectionId, ConnectionStore connections, CancellationToken stop) =>
            await connections.ShowAsync(companyId, connectionId, stop) is { } shown ? Results.Json(shown) : Unknown());
        manage.MapPost("/connections/{companyId:guid}/{connectionId:guid}/retry", RetryAsync);
        manage.MapGet("/summary/{companyId:guid}/{connectionId:guid}", (Guid companyId, Guid connectionId, Office office, CancellationToken stop) =>
            office.CountAsync(companyId, connectionId, stop));
    }

    private static async Task<IResult> SaveAsync(
        Guid companyId, Guid connectionId, JsonObject sent, ConnectionStore connections, Signals signals, CancellationToken stop)
    {
        try
        {
            var connection = await connections.SaveAsync(companyId, connectionId, sent, stop);
            signals.Raise();
            return Results.Ok(new { connection.Account });
        }
        catch (SettingsRefusedException refused)
        {
            return Results.Problem(
                statusCode: 400, type: "connection.settings", title: "These settings cannot be taken.", detail: refused.Message,
                extensions: new Dictionary<string, object?> { ["field"] = refused.Field });
        }
    }

    private static async Task<IResult> RetryAsync(Guid companyId, Guid connectionId, RetryRequest wanted, Office office, CancellationToken stop)
    {
        if (wanted.RecordId is null != wanted.All)
            return Results.Problem(statusCode: 400, type: "retry.which", title: "Say which: {\"recordId\": …} or {\"all\": true}.");
        return Results.Ok(new { Retried = await office.RetryAsync(companyId, connectionId, wanted.RecordId, stop) });
    }

    private static IResult Unknown() => Results.Problem(statusCode: 404, type: "connection.unknown", title: "This connection has no settings yet.");
}
