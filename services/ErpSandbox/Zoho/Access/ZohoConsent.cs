using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.WebUtilities;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>The page where someone lets an app into an organisation, and the way back to the app. rules.md, "Access".</summary>
internal static class ZohoConsent
{
    private const string Path = "/zoho/oauth/v2/auth";
    private static readonly string[] Kept = ["response_type", "client_id", "scope", "redirect_uri", "state", "access_type", "prompt"];

    /// <summary>Maps GET and POST of <c>/zoho/oauth/v2/auth</c>.</summary>
    public static void MapZohoConsent(this WebApplication app)
    {
        app.MapGet(Path, (HttpRequest request, ZohoOrganisations all) =>
            Problem(request.Query, all) is { } problem ? Sorry(problem) : SandboxPage.Of("Zoho: allow access?", Page(request.Query, all)));
        app.MapPost(Path, (HttpRequest request, ZohoOrganisations all, ZohoCodes codes, TimeProvider clock) => DecideAsync(request, all, codes, clock)).DisableAntiforgery();
    }

    private static async Task<IResult> DecideAsync(HttpRequest request, ZohoOrganisations all, ZohoCodes codes, TimeProvider clock)
    {
        var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
        var asked = new QueryCollection(form.ToDictionary(pair => pair.Key, pair => pair.Value));
        if (Problem(asked, all) is { } problem)
            return Sorry(problem);
        if (all.Find(form["organization_id"]) is not { } organisation)
            return Sorry("Choose an organisation.");
        var back = new Dictionary<string, string?>();
        if (form["decision"] != "accept")
            back["error"] = "access_denied";
        else if (codes.TryMake(form["client_id"]!, form["redirect_uri"]!, form["scope"]!, organisation.Id, Offline(form, organisation), clock.GetUtcNow(), out var code))
            back = new() { ["code"] = code.Code, ["location"] = organisation.Settings.DataCenter, ["accounts-server"] = $"{request.Scheme}://{request.Host}/zoho" };
        else
            return Sorry("Access Denied: this app has had too many codes. Try again in ten minutes.");
        if (form["state"].ToString() is { Length: > 0 } state)
            back["state"] = state;
        return Results.Redirect(QueryHelpers.AddQueryString(form["redirect_uri"]!, back));
    }

    // A refresh token comes only with access_type=offline; once there is one, only with prompt=consent.
    private static bool Offline(IFormCollection form, ZohoOrganisation organisation)
    {
        lock (organisation.Gate)
            return form["access_type"] == "offline" && (form["prompt"] == "consent" || !organisation.HasGrantFor(form["client_id"].ToString()));
    }

    private static string? Problem(IQueryCollection asked, ZohoOrganisations all)
    {
        if (asked["response_type"] != "code")
            return "response_type must be code.";
        var apps = all.All.Where(one => Locked(one).ClientId == asked["client_id"].ToString()).ToList();
        if (asked["client_id"].ToString().Length == 0 || apps.Count == 0)
            return "Invalid Client ID.";
        if (asked["scope"].ToString().Length == 0)
            return "Scope does not exist.";
        if (!Uri.TryCreate(asked["redirect_uri"], UriKind.Absolute, out var redirect) || redirect.Scheme is not ("http" or "https"))
            return "Invalid Redirect Uri.";
        return apps.Exists(one => one.Settings.RedirectUris is { Count: 0 } || one.Settings.RedirectUris.Contains(asked["redirect_uri"].ToString()))
            ? null : "Invalid Redirect Uri.";
    }

    private static string Page(IQueryCollection asked, ZohoOrganisations all)
    {
        var html = new StringBuilder("<h1>An app wants to use Zoho</h1>");
        html.Append(CultureInfo.InvariantCulture, $"<p>App <code>{Text(asked["client_id"].ToString())}</code> asks for:</p><ul>");
        foreach (var scope in asked["scope"].ToString().Split(',', StringSplitOptions.TrimEntries))
            html.Append(CultureInfo.InvariantCulture, $"<li>{Text(scope)}</li>");
        html.Append(CultureInfo.InvariantCulture, $"</ul><form method=post action=\"{Path}\">");
        foreach (var name in Kept.Where(name => asked.ContainsKey(name)))
            html.Append(CultureInfo.InvariantCulture, $"<input type=hidden name={name} value=\"{Text(asked[name].ToString())}\">");
        html.Append("<p><label>Organisation <select name=organization_id>");
        var own = all.All.FirstOrDefault(one => Locked(one).ClientId == asked["client_id"].ToString());
        foreach (var one in all.All)
            html.Append(CultureInfo.InvariantCulture, $"<option value=\"{Text(one.Id)}\"{(one == own ? " selected" : "")}>{Text(one.Settings.Name)} ({Text(one.Id)})</option>");
        return html.Append("</select></label></p><button name=decision value=accept>Accept</button> <button name=decision value=reject>Reject</button></form>").ToString();
    }

    private static IResult Sorry(string problem) =>
        SandboxPage.Of("Zoho: error", $"<h1>Zoho cannot go on</h1><p>{Text(problem)}</p>", StatusCodes.Status400BadRequest);

    private static ZohoCredentials Locked(ZohoOrganisation organisation)
    {
        lock (organisation.Gate)
            return organisation.Credentials;
    }

    private static string Text(string value) => HtmlEncoder.Default.Encode(value);
}
