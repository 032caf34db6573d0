namespace OrderSync.Device;

/// <summary>The lines of an answer as they come, one in memory at a time. What follows the last line end is none: the line was cut there.</summary>
internal sealed class LineStream(Stream stream, TimeSpan patience) : IDisposable
{
    /// <summary>Bytes of a line at most.</summary>
    public const int Most = 1024 * 1024;

    private readonly CancellationTokenSource _slow = new();
    private byte[] _buffer = new byte[16 * 1024];
    private int _from, _to;

    /// <summary>The next line, which is good until the next call; null at the end.</summary>
    /// <exception cref="InvalidDataException">It is too long.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken stop)
    {
        var seen = 0;
        while (true)
        {
            var end = _buffer.AsSpan(_from + seen, _to - _from - seen).IndexOf((byte)'\n');
            if (seen + Math.Max(end, 0) > Most)
                throw new InvalidDataException($"a line is longer than {Most / 1024} KB");
            if (end >= 0)
            {
                var line = _buffer.AsMemory(_from, seen + end);
                _from += seen + end + 1;
                return line;
            }

            seen = _to - _from;
            MakeRoom(seen);
            if (await ReadAsync(stop).ConfigureAwait(false) is var read && read == 0)
                return null;
            _to += read;
        }
    }

    public void Dispose() => _slow.Dispose();

    private void MakeRoom(int kept)
    {
        if (_to < _buffer.Length)
            return;
        var room = kept > _buffer.Length / 2 ? new byte[_buffer.Length * 2] : _buffer;
        _buffer.AsSpan(_from, kept).CopyTo(room);
        (_buffer, _from, _to) = (room, 0, kept);
    }

    // The whole may take hours on a thin line; silence may not.
    private async Task<int> ReadAsync(CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, _slow.Token);
        _slow.CancelAfter(patience);
        return await stream.ReadAsync(_buffer.AsMemory(_to), either.Token).ConfigureAwait(false);
    }
}
