using System.Text.Json;

namespace OrderSync.Device;

/// <summary>One line of a pull.</summary>
internal abstract record FeedLine
{
    /// <summary>Reasons why all comes, for which everything is to be sent first.</summary>
    public const string NewEpoch = "newEpoch", TooOld = "tooOld";

    private const int MostKey = 1_000, MostName = 100, MostCursor = 4_096;

    private FeedLine()
    {
    }

    /// <summary>The first line: whether all comes or what has changed.</summary>
    public sealed record Begin(bool IsFull, string Epoch, DateTimeOffset? ServerTime, string? Reason, bool Resumed, int? Rows) : FeedLine;

    /// <summary>A row, or that it is there no longer; its body in the bytes it was sent in, good as long as the line's are.</summary>
    public sealed record Row(string Collection, string Key, ReadOnlyMemory<byte>? Body) : FeedLine;

    /// <summary>With all up to here on disk the download may go on from there.</summary>
    public sealed record Checkpoint(string Cursor) : FeedLine;

    /// <summary>All has come.</summary>
    public sealed record End(string Cursor, IReadOnlyList<(string Collection, long Count, string Hash)>? Collections) : FeedLine;

    /// <summary>The server could not go on.</summary>
    public sealed record Trouble(string Message, TimeSpan? After) : FeedLine;

    /// <summary>A line of a newer server that this library knows nothing of.</summary>
    public sealed record Unknown : FeedLine;

    /// <summary>Reads a line. Nothing in it is trusted.</summary>
    /// <exception cref="JsonException">It is no line of a pull.</exception>
    public static FeedLine Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            return Parse(line);
        }
        catch (InvalidOperationException halfACharacter)
        {
            throw new JsonException(halfACharacter.Message, halfACharacter);
        }
    }

    private static FeedLine Parse(ReadOnlyMemory<byte> line)
    {
        var reader = new Utf8JsonReader(line.Span);
        string? collection = null, key = null, gone = null;
        ReadOnlyMemory<byte>? body = null;
        FeedLine? other = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("a line is no object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            switch (name)
            {
                case "c":
                    collection = Text(ref reader, MostName);
                    break;
                case "k":
                    key = Text(ref reader, MostKey);
                    break;
                case "gone":
                    gone = Text(ref reader, MostName);
                    break;
                case "row":
                    reader.Skip();
                    body = line[start..(int)reader.BytesConsumed];
                    break;
                case "checkpoint":
                    other = new Checkpoint(Sendable(Text(ref reader, MostCursor)));
                    break;
                case "begin":
                    other = BeginOf(JsonElement.ParseValue(ref reader));
                    break;
                case "end":
                    other = EndOf(JsonElement.ParseValue(ref reader));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        // What follows the object is found here.
        while (reader.Read())
        {
        }

        if (collection is null)
            return other ?? new Unknown();
        if (key is null || (body is null && gone is null))
            throw new JsonException("a row has no key or no content");
        return new Row(collection, key, body);
    }

    private static string Text(ref Utf8JsonReader reader, int most) =>
        reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 } text && text.Length <= most ? text : throw new JsonException("a line has a name or key that cannot be kept");

    // It goes into addresses and headers: one that could not be sent would stop all that follows.
    private static string Sendable(string text) => text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or '~' or ':' or '=' or '+' or '/') ? text : throw new JsonException("a cursor is no url-safe text");

    private static Begin BeginOf(JsonElement begin)
    {
        var body = new RowBody(begin);
        var mode = body.Text("mode");
        return mode is "full" or "changes" && body.Text("epoch") is { Length: > 0 and <= MostName } epoch
            ? new Begin(mode == "full", epoch, body.Time("serverTime"), body.Text("reason"), body.Flag("resumed") ?? false, (int?)body.Whole("rows"))
            : throw new JsonException("the first line has no mode or no epoch");
    }

    private static FeedLine EndOf(JsonElement end)
    {
        var body = new RowBody(end);
        if (body.Object("problem") is { } problem)
            return new Trouble(problem.Text("detail") ?? problem.Text("title") ?? "The server could not go on with the download.", problem.Whole("retryAfter") is >= 0 and <= 86_400 and var after ? TimeSpan.FromSeconds(after) : null);
        if (body.Text("cursor") is not { Length: > 0 and <= MostCursor } cursor)
            throw new JsonException("the last line has no cursor");
        var collections = body.Object("collections")?.Members.Select(one => (one.Name, one.Value.Whole("count") ?? -1, one.Value.Text("hash") ?? "")).ToList();
        return new End(Sendable(cursor), collections);
    }
}
