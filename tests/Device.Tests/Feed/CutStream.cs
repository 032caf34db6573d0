using System.Text;

namespace OrderSync.Device.Tests;

/// <summary>An answer of which only the first bytes come; then the line is gone.</summary>
internal sealed class CutStream(byte[] bytes, int most) : OneWayStream
{
    private int _at;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // Small pieces, as a thin line brings them.
        var count = Math.Min(Math.Min(buffer.Length, 700), Math.Min(most, bytes.Length) - _at);
        if (count == 0 && most < bytes.Length)
            throw new IOException("The line is gone.");
        bytes.AsMemory(_at, count).CopyTo(buffer);
        _at += count;
        return ValueTask.FromResult(count);
    }
}

/// <summary>An answer whose lines come when a test lets them.</summary>
internal sealed class HeldStream(IReadOnlyList<string> lines, Func<string, Task<string>> passing) : OneWayStream
{
    private int _next;
    private ReadOnlyMemory<byte> _rest;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_rest.IsEmpty && _next < lines.Count)
            _rest = Encoding.UTF8.GetBytes(await passing(lines[_next++]) + "\n");
        var count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }
}

/// <summary>A stream that is only read.</summary>
internal abstract class OneWayStream : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
