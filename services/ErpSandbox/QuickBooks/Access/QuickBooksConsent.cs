using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.WebUtilities;

namespace OrderSync.ErpSandbox.QuickBooks;

/// <summary>The page where someone lets an app into a company, and the way back to the app with its realm. rules.md, "Access".</summary>
internal static class QuickBooksConsent
{
    private const string Path = "/quickbooks/connect/oauth2";
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);
    private static readonly string[] Kept = ["response_type", "client_id", "scope", "redirect_uri", "state"];

    /// <summary>Maps GET and POST of the page.</summary>
    public static void MapConsent(WebApplication app)
    {
        app.MapGet(Path, (HttpRequest request, QuickBooksCompanies all) =>
            Problem(request.Query, all) is { } problem ? Sorry(problem) : SandboxPage.Of("QuickBooks: connect?", Page(request.Query, all)));
        app.MapPost(Path, (HttpRequest request, QuickBooksCompanies all, QuickBooksTokens tokens, TimeProvider clock) => DecideAsync(request, all, tokens, clock)).DisableAntiforgery();
    }

    private static async Task<IResult> DecideAsync(HttpRequest request, QuickBooksCompanies all, QuickBooksTokens tokens, TimeProvider clock)
    {
        var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
        var asked = new QueryCollection(form.ToDictionary(pair => pair.Key, pair => pair.Value));
        if (Problem(asked, all) is { } problem)
            return Sorry(problem);
        var back = new Dictionary<string, string?> { ["state"] = asked["state"] };
        if (form["decision"] != "accept")
        {
            back["error"] = "access_denied";
        }
        else if (all.Find(form["realm"]) is { } company)
        {
            var code = new QuickBooksCode(QuickBooksOAuth.NewSecret("C"), asked["client_id"]!, asked["redirect_uri"]!, company.Id, clock.GetUtcNow() + Life);
            tokens.Take(code);
            (back["code"], back["realmId"]) = (code.Code, company.Id);
        }
        else
        {
            return Sorry("Choose a company.");
        }

        return Results.Redirect(QueryHelpers.AddQueryString(asked["redirect_uri"]!, back));
    }

    private static string? Problem(IQueryCollection asked, QuickBooksCompanies all) =>
        asked["response_type"] != "code" ? "response_type must be code."
        : !asked["scope"].ToString().Split(' ').Contains("com.intuit.quickbooks.accounting") ? "The scope is not known."
        : !all.All.Any(one => one.Credentials.ClientId == asked["client_id"] && asked["client_id"].ToString().Length > 0) ? "The client_id is not known."
        : Uri.TryCreate(asked["redirect_uri"], UriKind.Absolute, out var redirect) && redirect.Scheme is "http" or "https" ? null
        : "The redirect_uri is not an address.";

    private static string Page(IQueryCollection asked, QuickBooksCompanies all)
    {
        var html = new StringBuilder($"<h1>An app wants to use QuickBooks</h1><form method=post action=\"{Path}\">");
        foreach (var name in Kept.Where(name => asked.ContainsKey(name)))
            html.Append(CultureInfo.InvariantCulture, $"<input type=hidden name={name} value=\"{Text(asked[name].ToString())}\">");
        html.Append("<p><label>Company <select name=realm>");
        foreach (var one in all.All)
            html.Append(CultureInfo.InvariantCulture, $"<option value=\"{Text(one.Id)}\">{Text(one.Settings.CompanyName)} ({Text(one.Id)})</option>");
        return html.Append("</select></label></p><button name=decision value=accept>Connect</button> <button name=decision value=reject>Cancel</button></form>").ToString();
    }

    private static IResult Sorry(string problem) =>
        SandboxPage.Of("QuickBooks: error", $"<h1>QuickBooks cannot go on</h1><p>{Text(problem)}</p>", StatusCodes.Status400BadRequest);

    private static string Text(string value) => HtmlEncoder.Default.Encode(value);
}
