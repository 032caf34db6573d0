using System.Numerics;
using System.Text.Json;
using OrderSync.Gateway.Traffic;

namespace OrderSync.Gateway.Sync;

/// <summary>What is wrong with a request as a whole.</summary>
/// <param name="Status">What HTTP says.</param>
/// <param name="Code">Stable.</param>
/// <param name="What">What happened.</param>
/// <param name="Fix">What to do, after "Nothing was stored;".</param>
internal sealed record BodyProblem(int Status, string Code, string What, string Fix)
{
    /// <summary>It unpacks to more than there is room for at this moment.</summary>
    public static readonly BodyProblem NoRoom = new(StatusCodes.Status429TooManyRequests, "server.full", "There is no room for the body just now.", "send it again later.");

    /// <summary>Where nothing was stored.</summary>
    public string Detail => $"{What} Nothing was stored; {Fix}";

    /// <summary>Where a part was stored before it happened.</summary>
    public string DetailOfRest => $"{What} What has another verdict than retryLater is stored; for the rest: {Fix}";
}

/// <summary>Reads a push body: unpacked within limits, then cut into records whose bytes stay exactly as sent.</summary>
internal static class PushBody
{
    private const int Piece = 32_768;

    /// <summary>Of one request.</summary>
    public static readonly BodyProblem TooManyRecords =
        new(StatusCodes.Status413PayloadTooLarge, "push.tooManyRecords", $"More than {PushLimits.Records} records.", "send fewer at once.");

    /// <summary>Bytes that are set aside before a body is read: as they are lent.</summary>
    public static int Expected(HttpRequest request) => (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(request.ContentLength ?? 65_536, 4_096, PushLimits.BytesSent) + Piece);

    /// <summary>The body as it unpacks, within limits; or why it is not read at all.</summary>
    public static (UnpackedBody? Body, BodyProblem? Problem) Open(HttpRequest request)
    {
        if (request.ContentLength > PushLimits.BytesSent)
            return (null, UnpackedBody.TooManyBytes(PushLimits.BytesSent, "sent"));
        return UnpackedBody.Of(request) is { } body
            ? (body, null)
            : (null, new(StatusCodes.Status415UnsupportedMediaType, "push.encoding", "The body is packed in a way that is not known here.", "send it as it is, or packed with gzip or br."));
    }

    /// <summary>The whole body, unpacked, good until the request has ended; or what is wrong with it.</summary>
    public static async Task<(ReadOnlyMemory<byte> Body, BodyProblem? Problem)> ReadAsync(HttpRequest request, WaitingRoom.Luggage luggage, CancellationToken stop)
    {
        var (body, problem) = Open(request);
        if (body is null)
            return (default, problem);

        await using var opened = body;
        var buffer = new BodyBuffer(Expected(request));
        request.HttpContext.Response.RegisterForDispose(buffer);
        while (await body.ReadAsync(buffer, Piece, luggage, stop))
            continue;
        return (buffer.Written, body.Problem);
    }

    /// <summary>Cuts a JSON array into its elements.</summary>
    public static (List<ReadOnlyMemory<byte>> Records, BodyProblem? Problem) Cut(ReadOnlyMemory<byte> body)
    {
        var records = new List<ReadOnlyMemory<byte>>();
        try
        {
            var reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = PushLimits.DepthOfRequest });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
                return (records, NotAnArray("The body is not a JSON array of records."));

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (records.Count == PushLimits.Records)
                    return (records, TooManyRecords);

                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                records.Add(body[start..(int)reader.BytesConsumed]);
            }

            if (reader.TokenType != JsonTokenType.EndArray)
                return (records, NotAnArray("The body ends before its array does."));
            return reader.Read() ? (records, NotAnArray("Something follows the array.")) : (records, null);
        }
        catch (JsonException trouble)
        {
            return (records, NotAnArray($"The body is not JSON: line {trouble.LineNumber + 1}, byte {trouble.BytePositionInLine}."));
        }
    }

    private static BodyProblem NotAnArray(string detail) => new(StatusCodes.Status400BadRequest, "push.notJson", detail, "send an array of records.");
}
