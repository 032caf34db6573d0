namespace OrderSync.Console.SignIn;

/// <summary>
/// The browser's half of a session: the gateway's token in a cookie that no script can read and no other site can send along. The console keeps nothing
/// itself, so any replica serves anyone.
/// </summary>
internal static class SessionCookie
{
    // With this prefix browsers take it only over HTTPS or from this machine, and only for this host.
    private const string Name = "__Host-ordersync";

    public static string? Read(HttpContext http) => http.Request.Cookies[Name] is { Length: > 0 and < 300 } token ? token : null;

    public static void Write(HttpContext http, string token, DateTimeOffset expires) => http.Response.Cookies.Append(Name, token, Options(expires));

    public static void Delete(HttpContext http) => http.Response.Cookies.Delete(Name, Options(null));

    private static CookieOptions Options(DateTimeOffset? expires) =>
        new() { HttpOnly = true, Secure = true, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true, Expires = expires };
}
