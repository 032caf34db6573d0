using System.IO.Compression;
using OrderSync.Gateway.Traffic;

namespace OrderSync.Gateway.Sync;

/// <summary>A body as it comes off the line and unpacks, counted on both sides: Content-Length may be absent or wrong, and little may unpack to much.</summary>
internal sealed class UnpackedBody : IAsyncDisposable
{
    private readonly CountedStream counted;
    private readonly Stream unpacked;
    private long count;

    private UnpackedBody(CountedStream counted, Stream unpacked) => (this.counted, this.unpacked) = (counted, unpacked);

    /// <summary>Why nothing more is read, though there is more.</summary>
    public BodyProblem? Problem { get; private set; }

    /// <summary>The line is gone: what came before is all there is.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Null for a packing nobody here knows.</summary>
    public static UnpackedBody? Of(HttpRequest request)
    {
        var counted = new CountedStream(request.Body, PushLimits.BytesSent);
        return request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant() switch
        {
            "" or "identity" => new(counted, counted),
            "gzip" => new(counted, new GZipStream(counted, CompressionMode.Decompress)),
            "br" => new(counted, new BrotliStream(counted, CompressionMode.Decompress)),
            _ => null,
        };
    }

    public static BodyProblem TooManyBytes(int most, string how) =>
        new(StatusCodes.Status413PayloadTooLarge, "push.tooManyBytes", $"More than {most / 1024 / 1024} MB {how}.", "send fewer records at once.");

    /// <summary>Reads on into a buffer, for which room is asked as it grows. False: that was all, or <see cref="Problem"/> says why not.</summary>
    public async Task<bool> ReadAsync(BodyBuffer buffer, int piece, WaitingRoom.Luggage luggage, CancellationToken stop)
    {
        if (buffer.Missing(piece) is > 0 and var missing && !luggage.Grow(missing))
        {
            Problem = BodyProblem.NoRoom;
            return false;
        }

        var read = await ReadAsync(buffer.Room(piece), stop);
        buffer.Advance(read);
        return read > 0;
    }

    /// <summary>Reads on; where a line is gone, that is no trouble: what has come is kept. 0: that was all, or <see cref="Problem"/> says why not.</summary>
    public async Task<int> ReadUntilBrokenAsync(Memory<byte> piece)
    {
        try
        {
            // Not until the request is called aborted: what has come before is still to be read then.
            return await ReadAsync(piece, CancellationToken.None);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            IsBroken = true;
            return 0;
        }
    }

    private async Task<int> ReadAsync(Memory<byte> piece, CancellationToken stop)
    {
        int read;
        try
        {
            read = await unpacked.ReadAsync(piece, stop);
        }
        catch (InvalidDataException)
        {
            Problem = new(StatusCodes.Status400BadRequest, "push.packing", "The packed body is damaged or cut off.", "send it again.");
            return 0;
        }

        count += read;
        Problem = counted.Exceeded ? TooManyBytes(PushLimits.BytesSent, "sent") : count > PushLimits.BytesUnpacked ? TooManyBytes(PushLimits.BytesUnpacked, "unpacked") : null;
        return Problem is null ? read : 0;
    }

    public ValueTask DisposeAsync() => unpacked.DisposeAsync();

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

        public override void SetLength(long value) => throw new NotSupportedException("The stream is only read.");

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("The stream is only read.");
    }
}
