using System.Text.Json;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>A call Zoho refuses: HTTP status, its own code, its sentence.</summary>
internal sealed class ZohoRefusal(int status, int code, string message) : Exception(message)
{
    public int Status => status;
    public int Code => code;
    public int? RetryAfter { get; init; }

    public static ZohoRefusal Invalid(string field) => new(400, 2, $"Invalid value passed for {field}");
    public static ZohoRefusal Missing(string field) => new(400, 4, $"Invalid value passed for {field}. It must not be empty.");
    public static ZohoRefusal TooLong(string field, int most) => new(400, 2, $"Invalid value passed for {field}. It must have at most {most} characters.");
    public static ZohoRefusal NoSuch(string thing, int status = 400) => new(status, 1002, $"{thing} does not exist.");
    public static ZohoRefusal NoSuchAddress() => new(404, 5, "Invalid URL Passed");
}

/// <summary>Spells answers as Zoho does: code, message, and the thing under its own name.</summary>
internal static class ZohoAnswer
{
    public static ErpAnswer Ok(string message, string name, object value, int status = 200) =>
        Write(status, 0, message, writer => Property(writer, name, value));

    public static ErpAnswer Ok(string message) => Write(200, 0, message, _ => { });

    public static ErpAnswer List<T>(string name, ZohoPage<T> page) => Write(200, 0, "success", writer =>
    {
        Property(writer, name, page.Rows);
        Property(writer, "page_context", page.Context);
    });

    public static ErpAnswer Refused(ZohoRefusal refusal) =>
        Write(refusal.Status, refusal.Code, refusal.Message, _ => { }) with { RetryAfter = refusal.RetryAfter };

    /// <summary>A fault ordered through the control API, as Zoho words it.</summary>
    public static ErpAnswer Fault(int status) => status == 429
        ? Refused(new ZohoRefusal(429, 44, "You have made too many requests. Try again after a minute.") { RetryAfter = 1 })
        : Refused(new ZohoRefusal(status, 1000, "Internal Error"));

    /// <summary>A fault of the accounts server: what is refused with status 200 there is said so.</summary>
    public static ErpAnswer AccountsFault(int status) => status == 200 ? Plain(new { Error = "Access Denied" }) : Fault(status);

    /// <summary>Answers of the accounts server have no envelope.</summary>
    public static ErpAnswer Plain(object value) => new(200, JsonSerializer.SerializeToUtf8Bytes(value, ZohoJson.Options));

    private static ErpAnswer Write(int status, int code, string message, Action<Utf8JsonWriter> rest)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = ZohoJson.Options.Encoder }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("code", code);
            writer.WriteString("message", message);
            rest(writer);
            writer.WriteEndObject();
        }

        return new ErpAnswer(status, buffer.ToArray());
    }

    private static void Property(Utf8JsonWriter writer, string name, object value)
    {
        writer.WritePropertyName(name);
        JsonSerializer.Serialize(writer, value, ZohoJson.Options);
    }
}
