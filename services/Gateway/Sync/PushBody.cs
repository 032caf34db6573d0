using System.IO.Compression;
using System.Numerics;
using System.Text.Json;
using OrderSync.Gateway.Traffic;

namespace OrderSync.Gateway.Sync;

/// <summary>What is wrong with a request as a whole.</summary>
internal sealed record BodyProblem(int Status, string Code, string Detail)
{
    /// <summary>It unpacks to more than there is room for at this moment.</summary>
    public static readonly BodyProblem NoRoom = new(StatusCodes.Status503ServiceUnavailable, "server.full", "There is no room for the body just now.");
}

/// <summary>Reads a push body: unpacked within limits, then cut into records whose bytes stay exactly as sent.</summary>
internal static class PushBody
{
    private const int Piece = 32_768;

    /// <summary>Bytes that are set aside before a body is read: as they are lent.</summary>
    public static int Expected(HttpRequest request) => (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(request.ContentLength ?? 65_536, 4_096, PushLimits.BytesSent) + Piece);

    /// <summary>The whole body, unpacked, good until the request has ended; or what is wrong with it.</summary>
    public static async Task<(ReadOnlyMemory<byte> Body, BodyProblem? Problem)> ReadAsync(HttpRequest request, WaitingRoom.Luggage luggage, CancellationToken stop)
    {
        if (request.ContentLength > PushLimits.BytesSent)
            return (default, TooManyBytes(PushLimits.BytesSent, "sent"));

        await using var counted = new CountedStream(request.Body, PushLimits.BytesSent);
        Stream? stream = request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant() switch
        {
            "" or "identity" => counted,
            "gzip" => new GZipStream(counted, CompressionMode.Decompress),
            "br" => new BrotliStream(counted, CompressionMode.Decompress),
            _ => null,
        };
        if (stream is null)
            return (default, new(StatusCodes.Status415UnsupportedMediaType, "push.encoding", "Send the body as it is, or packed with gzip or br."));

        var buffer = new BodyBuffer(Expected(request));
        request.HttpContext.Response.RegisterForDispose(buffer);
        try
        {
            while (true)
            {
                if (buffer.Missing(Piece) is > 0 and var missing && !luggage.Grow(missing))
                    return (default, BodyProblem.NoRoom);
                if (await stream.ReadAsync(buffer.Room(Piece), stop) is not (> 0 and var read))
                    break;
                buffer.Advance(read);
                if (counted.Exceeded)
                    return (default, TooManyBytes(PushLimits.BytesSent, "sent"));
                if (buffer.Count > PushLimits.BytesUnpacked)
                    return (default, TooManyBytes(PushLimits.BytesUnpacked, "unpacked"));
            }
        }
        catch (InvalidDataException)
        {
            return (default, new(StatusCodes.Status400BadRequest, "push.packing", "The packed body is damaged or cut off. Nothing was stored; send it again."));
        }

        return counted.Exceeded ? (default, TooManyBytes(PushLimits.BytesSent, "sent")) : (buffer.Written, null);
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
                    return (records, new(StatusCodes.Status413PayloadTooLarge, "push.tooManyRecords", $"More than {PushLimits.Records} records. Nothing was stored; send fewer at once."));

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

    private static BodyProblem NotAnArray(string detail) => new(StatusCodes.Status400BadRequest, "push.notJson", detail + " Nothing was stored.");

    private static BodyProblem TooManyBytes(int most, string how) =>
        new(StatusCodes.Status413PayloadTooLarge, "push.tooManyBytes", $"More than {most / 1024 / 1024} MB {how}. Nothing was stored; send fewer records at once.");

    /// <summary>Counts what was really sent: Content-Length may be absent or wrong.</summary>
    private sealed class CountedStream(Stream inner, long most) : Stream
    {
        private long count;

        public bool Exceeded => count > most;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException("The length is not known.");

        public override long Position { get => count; set => throw new NotSupportedException("The stream cannot go back."); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Exceeded)
                return 0;
            var read = await inner.ReadAsync(buffer, cancellationToken);
            count += read;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("The stream cannot go back.");

        public override void SetLength(long value) => throw new NotSupportedException("The stream is read only.");

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("The stream is read only.");
    }
}
