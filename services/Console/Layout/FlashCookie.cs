namespace OrderSync.Console.Layout;

/// <summary>One sentence that survives the redirect after a form: written by the post, shown and deleted by the next page.</summary>
internal static class FlashCookie
{
    private const string Name = "__Host-ordersync-said";
    private const int Longest = 600;

    public static void Say(HttpContext http, string sentence) =>
        http.Response.Cookies.Append(Name, sentence.Length > Longest ? sentence[..Longest] : sentence, Options);

    public static string? Take(HttpContext http)
    {
        if (http.Request.Cookies[Name] is not { Length: > 0 } sentence)
            return null;
        if (!http.Response.HasStarted)
            http.Response.Cookies.Delete(Name, Options);
        return sentence;
    }

    private static CookieOptions Options => new() { HttpOnly = true, Secure = true, SameSite = SameSiteMode.Strict, Path = "/", MaxAge = TimeSpan.FromMinutes(1) };
}
