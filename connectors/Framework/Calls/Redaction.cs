using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using OrderSync.Framework.Storage;

namespace OrderSync.Framework.Calls;

/// <summary>Takes secrets out of what the call log keeps: by the names they stand under, and by their values where the connection knows them.</summary>
internal static partial class Redaction
{
    /// <summary>Stands where a secret stood.</summary>
    public const string Mark = "***";

    private const int ShortestSecret = 6;
    private const int LongestTarget = 2000;

    /// <summary>Whether a header, field or parameter of this name holds a secret.</summary>
    public static bool IsSecret(string name) => SecretName().IsMatch(name);

    /// <summary>An address without secrets in its query.</summary>
    public static string Target(Uri address, Connection connection)
    {
        var query = address.Query.Length == 0 ? "" : Form().Replace(address.Query, match => $"{match.Groups[1].Value}{match.Groups[2].Value}={Mark}");
        return Text($"{address.GetLeftPart(UriPartial.Path)}{query}", connection, LongestTarget);
    }

    /// <summary>Text without the connection's secrets and without anything that looks like a token, cut to a length and fit for a text column.</summary>
    public static string Text(string text, Connection connection, int longest = Snippet.Longest)
    {
        foreach (var secret in connection.Secrets.Where(secret => secret.Length >= ShortestSecret))
        {
            text = text.Replace(secret, Mark, StringComparison.Ordinal);
            text = text.Replace(Uri.EscapeDataString(secret), Mark, StringComparison.Ordinal);
        }

        return StorableText.Of(Bearer().Replace(text, $"$1 {Mark}"), longest)!;
    }

    /// <summary>A body that is not JSON: form fields and XML elements with secret names are emptied.</summary>
    public static string Body(string body) => Element().Replace(
        Form().Replace(body, match => $"{match.Groups[1].Value}{match.Groups[2].Value}={Mark}"), match => $"<{match.Groups[1].Value}>{Mark}<");

    /// <summary>The beginning of a JSON body, with values of secret names replaced whatever they are. What is no JSON is treated as text.</summary>
    public static string Json(ReadOnlySpan<byte> body, int longest)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        try
        {
            while (writer.BytesCommitted + writer.BytesPending < longest && reader.Read())
                Copy(ref reader, writer);
        }
        catch (JsonException) when (writer.BytesCommitted + writer.BytesPending == 0)
        {
            return Body(Encoding.UTF8.GetString(body[..Math.Min(body.Length, 4 * longest)]));
        }
        catch (Exception end) when (end is JsonException or InvalidOperationException)
        {
            // Cut off, or with text that is no text: what came before it is shown.
            writer.Flush();
            return Encoding.UTF8.GetString(buffer.WrittenSpan) + " (the rest is not JSON)";
        }

        writer.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Copy(ref Utf8JsonReader reader, Utf8JsonWriter writer)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                var name = reader.GetString()!;
                writer.WritePropertyName(name);
                if (!IsSecret(name))
                    break;
                reader.Read();
                reader.Skip();
                writer.WriteStringValue(Mark);
                break;
            case JsonTokenType.StartObject:
                writer.WriteStartObject();
                break;
            case JsonTokenType.EndObject:
                writer.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                break;
            case JsonTokenType.EndArray:
                writer.WriteEndArray();
                break;
            case JsonTokenType.String:
                writer.WriteStringValue(reader.GetString());
                break;
            default:
                writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                break;
        }
    }

    private const string Names = "secret|token|passw(?:or)?d|pwd|api[-_]?key|authorization|cookie|credential|private[-_]?key|signature|assertion|ordersync-key";

    [GeneratedRegex(Names, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretName();

    [GeneratedRegex($@"(^|[?&\s])([^=&?\s]*(?:{Names})[^=&\s]*|code)=[^&\s]*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    [GeneratedRegex($@"<([^<>/\s]*(?:{Names})[^<>/\s]*)>[^<]*<", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Element();

    [GeneratedRegex(@"\b(bearer|basic|zoho-oauthtoken)\s+[A-Za-z0-9._~+/=-]{6,}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Bearer();
}
