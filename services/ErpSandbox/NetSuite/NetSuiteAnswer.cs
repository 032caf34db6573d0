using System.Text;
using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.NetSuite;

/// <summary>A call NetSuite refuses: HTTP status, its code, its sentence, and which part of the body it means.</summary>
internal sealed class NetSuiteRefusal(int status, string code, string detail, string? path = null) : Exception(detail)
{
    public int Status => status;
    public string Code => code;
    public string? Path => path;

    /// <summary>The parameter of the address that it means.</summary>
    public string? QueryParam { get; init; }

    public static NetSuiteRefusal Content(string detail, string? path = null) => new(400, "INVALID_CONTENT", detail, path);
    public static NetSuiteRefusal User(string detail, string? path = null) => new(400, "USER_ERROR", $"Error while accessing a resource. {detail}.", path);
    public static NetSuiteRefusal Missing(string field, string? path = null) => User($"You must enter a value for {field}", path);
    public static NetSuiteRefusal Value(string? value, string field, string? path = null) => User($"Invalid Field Value {value} for the following field: {field}", path);
    public static NetSuiteRefusal NotThere(string what) => new(404, "NONEXISTENT_ID", $"The record instance does not exist. Provide a valid record instance ID. {what}");
    public static NetSuiteRefusal Query(string parameter, string detail) => new(400, "INVALID_CONTENT", detail) { QueryParam = parameter };
}

/// <summary>Spells answers as NetSuite does. rules.md, "Answers".</summary>
internal static class NetSuiteAnswer
{
    private const string Pages = "https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html";

    /// <summary>A body.</summary>
    public static ErpAnswer Of(JsonNode body, int status = 200) => new(status, Encoding.UTF8.GetBytes(body.ToJsonString(NetSuiteJson.Options)));

    /// <summary>Written: nothing but where it is.</summary>
    public static ErpAnswer At(string location) => new(204, ReadOnlyMemory<byte>.Empty) { Location = location };

    /// <summary>Done, and there is nothing to say.</summary>
    public static ErpAnswer Nothing() => new(204, ReadOnlyMemory<byte>.Empty);

    /// <summary>A refusal.</summary>
    public static ErpAnswer Refused(NetSuiteRefusal refusal) => Trouble(refusal.Status, Title(refusal.Status), refusal.Message, refusal.Code, refusal.Path, refusal.QueryParam);

    /// <summary>Too many calls, as this account says it.</summary>
    public static ErpAnswer Throttled(NetSuiteSettings settings, bool concurrent) => concurrent && settings.OverloadAnswer == "login"
        ? Refused(NoLogin())
        : Throttled(settings.ThrottleTitle, concurrent) with { RetryAfter = settings.RetryAfterSeconds > 0 ? settings.RetryAfterSeconds : null };

    /// <summary>A sign-in that is not good, or too many calls under that name.</summary>
    public static NetSuiteRefusal NoLogin() => new(401, "INVALID_LOGIN", "Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI at Setup > Users/Roles > User Management > View Login Audit Trail.");

    /// <summary>A fault ordered through the control API: 429 and 500 as NetSuite says them, a page of HTML for all others.</summary>
    public static ErpAnswer Fault(int status) => status switch
    {
        429 => Throttled("Too Many Requests", concurrent: true),
        500 => Trouble(500, Title(500), "An unexpected error occurred. Error ID: kfault", "UNEXPECTED_ERROR", null, null),
        _ => new(status, Encoding.UTF8.GetBytes("<!DOCTYPE html><html><head><title>NetSuite</title></head><body><h1>NetSuite is temporarily unavailable</h1><p>Scheduled maintenance is under way.</p></body></html>"))
        {
            ContentType = "text/html;charset=UTF-8",
        },
    };

    private static ErpAnswer Throttled(string title, bool concurrent) => concurrent
        ? Trouble(429, title, "Concurrent request limit exceeded. Request blocked.", "CONCURRENCY_LIMIT_EXCEEDED", null, null)
        : Trouble(429, title, "Request limit exceeded. Request blocked.", "USER_ERROR", null, null);

    private static ErpAnswer Trouble(int status, string title, string detail, string code, string? path, string? queryParam)
    {
        var error = new JsonObject { ["detail"] = detail };
        if (path is not null)
            error["o:errorPath"] = path;
        if (queryParam is not null)
            error["o:errorQueryParam"] = queryParam;
        error["o:errorCode"] = code;
        return Of(new JsonObject { ["type"] = Pages, ["title"] = title, ["status"] = status, ["o:errorDetails"] = new JsonArray(error) }, status);
    }

    private static string Title(int status) => status switch
    {
        400 => "Bad Request", 401 => "Unauthorized", 403 => "Forbidden", 404 => "Not Found", 429 => "Too Many Requests", _ => "Internal Server Error",
    };
}
