using System.Buffers;
using System.Text.Json;
using OrderSync.Gateway.Traffic;

namespace OrderSync.Gateway.Sync;

/// <summary>
/// Cuts a body into lines, a chunk at a time: no more of it is in memory than a chunk. A line of its own for each record, so that one that cannot be read is one line's trouble. What has come
/// is a chunk also where nothing more comes for a while: a line that dies takes nothing with it that had arrived.
/// </summary>
internal sealed class PushLines(UnpackedBody body, WaitingRoom.Luggage luggage, TimeProvider time) : IDisposable
{
    /// <summary>Bytes set aside before anything is read; what is longer asks for more.</summary>
    public const int Expected = 128 * 1024;

    private const int Piece = 32 * 1024;

    /// <summary>Lines of so many bytes are a chunk, however few they are.</summary>
    private const int ChunkBytes = 1024 * 1024;

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    private readonly BodyBuffer buffer = new(Expected);
    private readonly byte[] piece = ArrayPool<byte>.Shared.Rent(Piece);
    private Task<int>? reading;
    private readonly List<Range> found = [];
    private int taken;
    private int looked;
    private int records;

    /// <summary>Why no more lines come, though there are more. What came with the last ones is not to be stored.</summary>
    public BodyProblem? Problem { get; private set; }

    /// <summary>That was all that came.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The next lines, good until the next call.</summary>
    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>> NextAsync()
    {
        buffer.Drop(taken);
        (looked, taken) = (looked - taken, 0);
        found.Clear();
        while (!Look() && !IsOver)
        {
            reading ??= body.ReadUntilBrokenAsync(piece);
            if (found.Count > 0 && !await IsReadSoonAsync(reading))
                break;
            await TakeAsync(reading);
            reading = null;
        }

        return [.. found.Select(line => buffer.Written[line])];
    }

    public void Dispose()
    {
        buffer.Dispose();
        // What is still being read into stays with its reader.
        if (reading is null)
            ArrayPool<byte>.Shared.Return(piece);
    }

    private async Task<bool> IsReadSoonAsync(Task read)
    {
        if (read.IsCompleted)
            return true;
        using var over = new CancellationTokenSource();
        var first = await Task.WhenAny(read, Task.Delay(Quiet, time, over.Token));
        await over.CancelAsync();
        return first == read;
    }

    private async Task TakeAsync(Task<int> read)
    {
        if (await read is > 0 and var count)
        {
            if (buffer.Missing(count) is > 0 and var missing && !luggage.Grow(missing))
            {
                (Problem, IsOver) = (BodyProblem.NoRoom, true);
                return;
            }

            piece.AsSpan(0, count).CopyTo(buffer.Room(count).Span);
            buffer.Advance(count);
            return;
        }

        (Problem, IsOver) = (body.Problem, true);
        if (Problem is null && !body.IsBroken)
            Last();
    }

    // Whether a chunk is full.
    private bool Look()
    {
        while (Problem is null && found.Count < PushLimits.Chunk && taken < ChunkBytes)
        {
            var length = buffer.Written.Span[looked..].IndexOf((byte)'\n');
            if (length < 0)
            {
                looked = buffer.Count;
                return false;
            }

            looked += length + 1;
            Add(taken..(looked - 1));
            taken = looked;
        }

        return true;
    }

    private void Add(Range line)
    {
        if (buffer.Written.Span[line].Trim(" \t\r"u8).IsEmpty)
            return;
        if (++records > PushLimits.Records)
        {
            (Problem, IsOver) = (PushBody.TooManyRecords, true);
            return;
        }

        var (start, length) = line.GetOffsetAndLength(buffer.Count);
        found.Add(start..(start + buffer.Written.Span[line].TrimEnd((byte)'\r').Length));
    }

    // Without a line feed behind it a record counts if it is closed: else nobody knows what is missing.
    private void Last()
    {
        if (buffer.Written.Span[taken..].Trim(" \t\r"u8).IsEmpty)
            return;
        if (IsClosed(buffer.Written.Span[taken..]))
            Add(taken..buffer.Count);
        else
            Problem = new(StatusCodes.Status400BadRequest, "push.cut", "The body ends in the middle of a record.", "send it again.");
        taken = buffer.Count;
    }

    private static bool IsClosed(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = PushLimits.DepthOfRequest });
            reader.Read();
            reader.Skip();
            return reader.TokenType == JsonTokenType.EndObject && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
