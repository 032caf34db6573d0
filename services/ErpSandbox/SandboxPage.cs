using System.Text.Encodings.Web;

namespace OrderSync.ErpSandbox;

/// <summary>The frame of the sandbox's pages: plain HTML that reads well from 390 px on, light and dark.</summary>
internal static class SandboxPage
{
    private const string Style = """
        :root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}
        h1{font-size:1.4rem}h2{font-size:1.1rem}
        .card{display:block;border:1px solid #8886;border-radius:.5rem;padding:.75rem;margin:.5rem 0;color:inherit;text-decoration:none}
        a.card:hover,a.card:focus-visible{border-color:currentColor}summary{cursor:pointer}.end{float:right}li,summary{overflow:hidden}small{opacity:.75}
        """;

    /// <summary>A whole page; <paramref name="body"/> is HTML.</summary>
    public static IResult Of(string title, string body, int status = StatusCodes.Status200OK) => Results.Content(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">"
        + $"<title>{HtmlEncoder.Default.Encode(title)}</title><style>{Style}</style><main>{body}</main></html>",
        "text/html; charset=utf-8", statusCode: status);
}
