using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrderSync.Framework.Connections;
using OrderSync.Framework.Mappings;
using OrderSync.Framework.Storage;
using OrderSync.Framework.Work;

namespace OrderSync.Framework.Manage;

/// <summary>The secret that gateway and connectors share.</summary>
internal sealed class InternalKey
{
    /// <summary>Header that carries it.</summary>
    public const string Header = "X-OrderSync-Key";

    /// <summary>Header that carries who asks, as the gateway knows them, in percent-encoding; it goes into the history.</summary>
    public const string Person = "X-OrderSync-Person";

    /// <summary>Header that carries the address an approval is to lead back to, as the outside sees it.</summary>
    public const string Callback = "X-OrderSync-Callback";

    public string? Key { get; set; }

    public static string? WhyNot(InternalKey options) =>
        string.IsNullOrWhiteSpace(options.Key) ? "Key is missing: set it to the secret that gateway and connectors share." : null;
}

/// <summary>Which records to try again.</summary>
/// <param name="RecordId">This record, with the documents it needs.</param>
/// <param name="All">Every record of the connection.</param>
internal sealed record RetryRequest(Guid? RecordId, bool All);

/// <summary>Why a connection is paused.</summary>
/// <param name="Reason">For those who wonder later.</param>
internal sealed record PauseRequest(string? Reason);

/// <summary>
/// What the gateway calls for the office: settings, test, pause, retry, lists. The gateway does not know what is in the settings. Stop and
/// reopen are not here: they are levels that come by the bus, so that there is one word on what is wanted.
/// </summary>
internal static class ManageEndpoints
{
    private const int LongestReason = 500;
    private const int LongestPerson = 200;

    public static void MapManage(this WebApplication app)
    {
        var key = Encoding.UTF8.GetBytes(app.Services.GetRequiredService<IOptions<InternalKey>>().Value.Key!);
        var manage = app.MapGroup("/manage").AddEndpointFilter(async (context, next) =>
            CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(context.HttpContext.Request.Headers[InternalKey.Header].ToString()), key)
                ? await next(context)
                : Results.Problem(statusCode: 401, type: "internal.key", title: $"The header {InternalKey.Header} is missing or wrong."));

        manage.MapGet("/settings", (SettingsForm form, ConnectorInfo info) => new
        {
            info.Name, info.Title, info.Kinds, info.Approved, Collections = info.Pulls?.Select(pull => pull.Name).ToList() ?? [], form.Settings, Mappings = info.Mappings ?? [],
        });
        manage.MapPost("/settings/try", (JsonObject sent, SettingsForm form) => Try(() => form.Take(sent, new Dictionary<string, string>())));
        manage.MapGet("/standing", async (Guid company, Standing standing, CancellationToken stop) => Results.Ok(new { Connections = await standing.ListAsync(company, stop) }));
        manage.MapGet("/summary/{companyId:guid}/{connectionId:guid}", (Guid companyId, Guid connectionId, Standing standing, CancellationToken stop) =>
            standing.CountAsync(companyId, connectionId, stop));
        manage.MapGet("/health", async (Guid company, ConnectionsHealth health, CancellationToken stop) => new { Connections = await health.ListAsync(company, stop) });
        manage.MapLists();
        manage.MapParked();
        manage.MapApprovals();
        manage.MapPulls();

        var one = manage.MapGroup("/connections/{companyId:guid}/{connectionId:guid}");
        one.MapPut("", SaveAsync);
        app.Services.GetRequiredService<OwnPages>().Map(one);
        one.MapGet("", async (Guid companyId, Guid connectionId, ConnectionStore connections, CancellationToken stop) =>
            Known(await connections.ShowAsync(companyId, connectionId, stop)));
        one.MapGet("/state", async (Guid companyId, Guid connectionId, Standing standing, CancellationToken stop) =>
            Known(await standing.OfAsync(companyId, connectionId, stop)));
        one.MapPost("/test", async (Guid companyId, Guid connectionId, ConnectionTest test, CancellationToken stop) =>
            Known(await test.RunAsync(companyId, connectionId, stop)));
        one.MapPost("/pause", async (Guid companyId, Guid connectionId, PauseRequest? wanted, Pauses pauses, HttpContext http, CancellationToken stop) =>
            wanted?.Reason?.Length > LongestReason
                ? Results.Problem(statusCode: 400, type: "pause.reason", title: $"A reason has at most {LongestReason} characters.")
                : Done(await pauses.PauseAsync(companyId, connectionId, wanted?.Reason, PersonOf(http), stop)));
        one.MapPost("/resume", async (Guid companyId, Guid connectionId, Pauses pauses, HttpContext http, CancellationToken stop) =>
            Done(await pauses.ResumeAsync(companyId, connectionId, PersonOf(http), stop)));
        one.MapPost("/retry", RetryAsync);
        one.MapGet("/capabilities", async (Guid companyId, Guid connectionId, ErpQuestion question, CancellationToken stop) =>
            Known(await question.CapabilitiesAsync(companyId, connectionId, stop) is { } capabilities ? new { Capabilities = capabilities } : null));
        one.MapMappings();
        one.MapDocuments();
    }

    /// <summary>Who asks, as the gateway says; null where it says nothing.</summary>
    public static string? PersonOf(HttpContext http) =>
        http.Request.Headers[InternalKey.Person].ToString() is { Length: > 0 } person ? StorableText.Of(Uri.UnescapeDataString(person), LongestPerson) : null;

    /// <summary>A number of rows within reason, or what is wrong with it.</summary>
    public static IResult? WhyNotLimit(int limit, int most) => limit >= 1 && limit <= most
        ? null
        : Results.Problem(statusCode: 400, type: "list.limit", title: $"limit must lie between 1 and {most}.");

    private static async Task<IResult> SaveAsync(
        Guid companyId, Guid connectionId, JsonObject sent, ConnectionStore connections, Signals signals, HttpContext http, CancellationToken stop)
    {
        try
        {
            var connection = await connections.SaveAsync(companyId, connectionId, sent, stop, PersonOf(http));
            signals.Raise();
            signals.RaisePulls();
            return Results.Ok(new { connection.Account });
        }
        catch (SettingsRefusedException refused)
        {
            return Refused(refused);
        }
    }

    private static IResult Try(Func<(ConnectionSettings Settings, string, IReadOnlyDictionary<string, string>)> take)
    {
        try
        {
            return Results.Ok(new { take().Settings.Account });
        }
        catch (SettingsRefusedException refused)
        {
            return Refused(refused);
        }
    }

    private static IResult Refused(SettingsRefusedException refused) => Results.Problem(
        statusCode: 400, type: "connection.settings", title: "These settings cannot be taken.", detail: refused.Message,
        extensions: new Dictionary<string, object?> { ["field"] = refused.Field, ["errors"] = refused.Errors });

    private static async Task<IResult> RetryAsync(Guid companyId, Guid connectionId, RetryRequest wanted, Office office, CancellationToken stop)
    {
        if (wanted.RecordId is null != wanted.All)
            return Results.Problem(statusCode: 400, type: "retry.which", title: "Say which: {\"recordId\": …} or {\"all\": true}.");
        return Results.Ok(new { Retried = await office.RetryAsync(companyId, connectionId, wanted.RecordId, stop) });
    }

    private static IResult Known<T>(T? found) where T : class => found is null ? Unknown() : Results.Ok(found);

    private static IResult Done(bool known) => known ? Results.NoContent() : Unknown();

    /// <summary>The connection is not known here.</summary>
    public static IResult Unknown() => Results.Problem(statusCode: 404, type: "connection.unknown", title: "This connection has no settings yet.");
}
