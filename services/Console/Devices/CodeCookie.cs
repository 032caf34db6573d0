using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace OrderSync.Console.Devices;

/// <summary>
/// A new code survives the redirect after its form, and reloading its page, in the browser of the person who made it: encrypted, for as long as it is good. The gateway
/// keeps only its hash.
/// </summary>
internal static class CodeCookie
{
    private const string Name = "__Host-ordersync-code";
    private const string Purpose = "enrolment code";

    public static void Keep(HttpContext http, NewCode code) => http.Response.Cookies.Append(Name, Box(http).Protect(JsonSerializer.Serialize(code)), new()
    {
        HttpOnly = true, Secure = true, SameSite = SameSiteMode.Strict, Path = "/", Expires = code.ExpiresAt,
    });

    public static NewCode? Read(HttpContext http, Guid id)
    {
        if (http.Request.Cookies[Name] is not { Length: > 0 } box)
            return null;
        try
        {
            return JsonSerializer.Deserialize<NewCode>(Box(http).Unprotect(box)) is { } code && code.Id == id ? code : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static IDataProtector Box(HttpContext http) => http.RequestServices.GetRequiredService<IDataProtectionProvider>().CreateProtector(Purpose);
}
