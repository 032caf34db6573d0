using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrderSync.ErpSandbox;

/// <summary>Lets tests and people order faults. Not part of any ERP.</summary>
internal static class FaultControl
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Maps GET, PUT and DELETE <c>/_control/faults</c>.</summary>
    public static void MapFaultControl(this WebApplication app)
    {
        app.MapGet("/_control/faults", (FaultPlan plan) => Show(plan));
        app.MapPut("/_control/faults", Replace);
        app.MapDelete("/_control/faults", (FaultPlan plan) =>
        {
            plan.Set(new FaultSettings());
            return Show(plan);
        });
    }

    private static async Task<IResult> Replace(HttpRequest request, FaultPlan plan)
    {
        try
        {
            var settings = await JsonSerializer.DeserializeAsync<FaultSettings>(request.Body, Options, request.HttpContext.RequestAborted)
                ?? throw new JsonException("The body is null.");
            if (settings.Problem() is { } problem)
                return ControlProblem.Of("faults.invalid", problem);
            plan.Set(settings);
            return Show(plan);
        }
        catch (Exception unreadable) when (unreadable is JsonException or ArgumentException)
        {
            return ControlProblem.Of("faults.invalid", unreadable.Message);
        }
    }

    private static IResult Show(FaultPlan plan)
    {
        var (settings, drawn) = plan.Current;
        return Results.Json(new { Settings = settings, Drawn = drawn }, Options);
    }
}

/// <summary>How the control API says what is wrong with a call.</summary>
internal static class ControlProblem
{
    /// <summary>400 with a stable code and a sentence.</summary>
    public static IResult Of(string code, string detail) => Results.Problem(detail, statusCode: 400, type: code);
}
