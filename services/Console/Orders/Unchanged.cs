using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OrderSync.Console.Orders;

/// <summary>
/// A part of a page that asks for itself again: what it shows has a stamp, and where that has not changed nothing is swapped, so that focus, selection and
/// what is unfolded stay. Times in words grow old, so once a minute it changes anyway.
/// </summary>
internal static class Unchanged
{
    private const string Name = "seen";

    /// <summary>Whether the part asks, not a person.</summary>
    public static bool IsAsked(HttpContext http) => http.Request.Headers.ContainsKey("HX-Request") && http.Request.Query.ContainsKey(Name);

    /// <summary>What the part sends along when it asks again; tells htmx to leave all as it is where nothing changed.</summary>
    public static string Stamp(HttpContext http, IEnumerable<string> shown)
    {
        var minute = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 60;
        var stamp = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{minute}\n{string.Join('\n', shown)}")))[..16];
        if (IsAsked(http) && http.Request.Query[Name] == stamp)
            Keep(http);
        return JsonSerializer.Serialize(new Dictionary<string, string> { [Name] = stamp });
    }

    /// <summary>Tells htmx to leave all as it is.</summary>
    public static void Keep(HttpContext http) => http.Response.Headers["HX-Reswap"] = "none";
}
