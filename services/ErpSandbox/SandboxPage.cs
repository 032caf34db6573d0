using System.Text.Encodings.Web;

namespace OrderSync.ErpSandbox;

/// <summary>The frame of the sandbox's pages: plain HTML that reads well from 360 px on, light and dark.</summary>
internal static class SandboxPage
{
    private const string Style = """
        :root{color-scheme:light dark;--line:#8885;--soft:#8881}*{box-sizing:border-box}
        body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}
        h1{font-size:1.4rem;margin:.5rem 0}h2{font-size:1.1rem}p{margin:.5rem 0}small,.soft{opacity:.75}
        .card{display:block;border:1px solid var(--line);border-radius:.5rem;padding:.6rem .75rem;margin:.5rem 0;color:inherit;text-decoration:none}
        a.card:hover,a.card:focus-visible{border-color:currentColor}summary{cursor:pointer;display:flex;flex-wrap:wrap;gap:.1rem .75rem;align-items:baseline}
        summary .who{flex:1 1 10rem}summary .sum{margin-left:auto;font-variant-numeric:tabular-nums}
        .state{border:1px solid var(--line);border-radius:1rem;padding:0 .5rem;font-size:.85rem;background:var(--soft)}
        nav{display:flex;flex-wrap:wrap;gap:.4rem;margin:.75rem 0}nav a{border:1px solid var(--line);border-radius:1rem;padding:.2rem .7rem;color:inherit;text-decoration:none}
        nav a[aria-current]{background:#2b6cb0;border-color:#2b6cb0;color:#fff}
        table{width:100%;border-collapse:collapse;margin-top:.5rem}td,th{text-align:left;padding:.15rem .5rem .15rem 0;vertical-align:top;font-weight:inherit}
        td.sum,th.sum{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap;padding-right:0}tr.rule td{border-top:1px solid var(--line)}
        form.find{display:flex;gap:.5rem}form.find input{flex:1;min-width:0}input,select,button{font:inherit;padding:.35rem .6rem;max-width:100%}
        """;

    /// <summary>A whole page; <paramref name="body"/> is HTML.</summary>
    public static IResult Of(string title, string body, int status = StatusCodes.Status200OK) => Results.Content(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width,initial-scale=1\">"
        + $"<title>{HtmlEncoder.Default.Encode(title)}</title><style>{Style}</style><main>{body}</main></html>",
        "text/html; charset=utf-8", statusCode: status);
}
