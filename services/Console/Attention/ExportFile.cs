using OrderSync.Console.Gateway;

namespace OrderSync.Console.Attention;

/// <summary>What stands refused, held or stopped, as a file: handed on as it comes from the gateway.</summary>
internal static class ExportFile
{
    public static void MapExport(this WebApplication app) => app.MapGet("/attention/export", async (string? state, string? type, GatewayClient gateway, HttpContext http) =>
    {
        var csv = type == "csv";
        var media = csv ? "text/csv" : "application/json";
        var answer = await gateway.FileAsync($"/v1/office/export?state={Uri.EscapeDataString(state ?? "refused")}", http.RequestAborted, media);
        http.Response.RegisterForDispose(answer);
        return Results.Stream(await answer.Content.ReadAsStreamAsync(http.RequestAborted), media, $"{(state is "held" or "stopped" ? state : "refused")}.{(csv ? "csv" : "json")}");
    }).RequireAuthorization();
}
