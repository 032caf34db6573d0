using System.Net;
using System.Text.Json;

namespace OrderSync.Gateway.Tests.Devices;

/// <summary>What a refusal says, to compare in one line.</summary>
internal static class ProblemCode
{
    public static async Task<(HttpStatusCode Status, string? Code)> CodeAsync(this Task<HttpResponseMessage> answer) => await (await answer).CodeAsync();

    public static async Task<(HttpStatusCode Status, string? Code)> CodeAsync(this HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        var code = !answer.IsSuccessStatusCode && JsonSerializer.Deserialize<JsonElement>(text).TryGetProperty("type", out var type) ? type.GetString() : null;
        return (answer.StatusCode, code);
    }
}
