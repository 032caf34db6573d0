using System.Security;
using System.Text;
using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.QuickBooks;

/// <summary>A call QuickBooks refuses: HTTP status, its code, its sentences.</summary>
internal sealed class QuickBooksRefusal(int status, string code, string message, string? detail = null, string? element = null) : Exception(message)
{
    public int Status => status;
    public string Code => code;
    public string? Detail => detail;
    public string? Element => element;

    /// <summary>What kind of fault it is called.</summary>
    public string Type { get; init; } = "ValidationFault";

    public static QuickBooksRefusal Missing(string element) => new(400, "2020", "Required param missing, need to supply the required value for the API", $"Required parameter {element} is missing in the request", element);
    public static QuickBooksRefusal TooLong(string element, int most) => new(400, "2050", "String length is either shorter or longer than supported by specification", $"String length specified does not match the supported length. Min:0 Max:{most} supported. Supplied field:{element}", element);
    public static QuickBooksRefusal Unknown(string element) => new(400, "2010", "Request has invalid or unsupported property", $"Property Name:{element} is unsupported or invalid", element);
    public static QuickBooksRefusal NotFound(string what) => new(400, "610", "Object Not Found", $"Object Not Found : Something you're trying to use has been made inactive. Check the fields with accounts, customers, items, vendors or employees. {what}");
    public static QuickBooksRefusal BadReference(string element) => new(400, "2500", "Invalid Reference Id", $"Invalid Reference Id : {element}", element);
    public static QuickBooksRefusal Business(string detail) => new(400, "6000", "A business validation error has occurred while processing your request", $"Business Validation Error: {detail}");
    public static QuickBooksRefusal Query(string detail) => new(400, "4000", "Error parsing query", $"QueryParserError: {detail}");
    public static QuickBooksRefusal Unsupported(string what) => new(400, "500", "Unsupported Operation", $"Operation {what} is not supported.");
}

/// <summary>Spells answers as QuickBooks does, and its faults in all four shapes it has for them. rules.md, "Faults".</summary>
internal static class QuickBooksAnswer
{
    /// <summary>Something under its own name, with the time.</summary>
    public static ErpAnswer Of(string name, JsonNode value, DateTimeOffset now) =>
        Write(200, new JsonObject { [name] = value.DeepClone(), ["time"] = QuickBooksJson.Time(now) });

    /// <summary>A body as it is.</summary>
    public static ErpAnswer Write(int status, JsonObject body) => new(status, Encoding.UTF8.GetBytes(body.ToJsonString(QuickBooksJson.Options)));

    /// <summary>A refusal as JSON with capital letters.</summary>
    public static ErpAnswer Refused(QuickBooksRefusal refusal, DateTimeOffset now) => Write(refusal.Status, new JsonObject { ["Fault"] = Fault(refusal), ["time"] = QuickBooksJson.Time(now) });

    /// <summary>A refusal of what stands before QuickBooks: small letters.</summary>
    public static ErpAnswer AtTheGate(QuickBooksRefusal refusal) => Write(refusal.Status, new JsonObject
    {
        ["warnings"] = null,
        ["fault"] = new JsonObject
        {
            ["error"] = new JsonArray(new JsonObject { ["message"] = refusal.Message, ["detail"] = refusal.Detail, ["code"] = refusal.Code, ["element"] = null }),
            ["type"] = "AUTHENTICATION",
        },
    });

    /// <summary>A refusal as XML, whatever was asked for.</summary>
    public static ErpAnswer Xml(int status, string type, string code, string message) => new(status, Encoding.UTF8.GetBytes(
        $"<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><IntuitResponse xmlns=\"http://schema.intuit.com/finance/v3\"><Fault type=\"{type}\"><Error code=\"{code}\"><Message>{SecurityElement.Escape(message)}</Message></Error></Fault></IntuitResponse>"))
    {
        ContentType = "application/xml;charset=UTF-8",
    };

    /// <summary>Too many calls.</summary>
    public static ErpAnswer Throttled() => Xml(429, "SERVICE", "3001", "message=ThrottleExceeded; errorCode=003001; statusCode=429");

    /// <summary>A fault ordered through the control API: XML for limits, a well-looking status with a fault in it, else a page of JSON.</summary>
    public static ErpAnswer Fault(int status) => status == 429
        ? Throttled()
        : Write(status, new JsonObject
        {
            ["Fault"] = Fault(new QuickBooksRefusal(status, "10000", "An application error has occurred while processing your request", "System Failure Error") { Type = "SystemFault" }),
        });

    /// <summary>A fault of the token endpoint.</summary>
    public static ErpAnswer TokenFault(int status) => Write(status == 200 ? 503 : status, new JsonObject { ["error"] = status == 429 ? "slow_down" : "server_error" });

    private static JsonObject Fault(QuickBooksRefusal refusal)
    {
        var error = new JsonObject { ["Message"] = refusal.Message, ["Detail"] = refusal.Detail, ["code"] = refusal.Code };
        if (refusal.Element is { } element)
            error["element"] = element;
        return new JsonObject { ["Error"] = new JsonArray(error), ["type"] = refusal.Type };
    }
}
