using System.Net;
using System.Net.Sockets;

namespace OrderSync.Simulator.Fleet;

/// <summary>
/// A line between a device and the gateway: a TCP proxy that lets each request pass, cuts it or its answer after any byte, holds it up, delivers it twice or once more
/// behind a later one. Each request goes over a connection of its own, so that the end of its answer is seen without reading it.
/// </summary>
internal sealed class Line : IAsyncDisposable
{
    private readonly Uri _gateway;
    private readonly Func<LineRequest, LineFate> _fateOf;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _turn = new();
    private readonly List<HttpBytes> _late = [];
    private readonly List<Task> _passing = [];
    private readonly Task _accepting;
    private int _requests, _cuts, _copies;

    /// <summary>Opens a line.</summary>
    /// <param name="gateway">Its far end.</param>
    /// <param name="fateOf">Says of each request what becomes of it.</param>
    public Line(Uri gateway, Func<LineRequest, LineFate> fateOf)
    {
        (_gateway, _fateOf) = (gateway, fateOf);
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    /// <summary>Its near end: what a device takes for the gateway.</summary>
    public Uri Address { get; }

    /// <summary>Requests that came.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Those of them, or their answers, that were cut.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    /// <summary>Requests that were delivered a second time.</summary>
    public int Copies => Volatile.Read(ref _copies);

    /// <summary>Told of each answer that passed: its request, and how many bytes request and answer had.</summary>
    public event Action<LineRequest, int>? Answered;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        Task[] passing;
        lock (_turn)
            passing = [.. _passing];
        await Task.WhenAll(passing);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptTcpClientAsync(_end.Token);
                Begin(() => PassAsync(near));
            }
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The line is taken down.
        }
    }

    private void Begin(Func<Task> pass)
    {
        lock (_turn)
        {
            _passing.RemoveAll(task => task.IsCompleted);
            _passing.Add(Task.Run(() => UntilClosedAsync(pass)));
        }
    }

    private static async Task UntilClosedAsync(Func<Task> pass)
    {
        try
        {
            await pass();
        }
        catch (Exception closed) when (closed is IOException or SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // One end is gone; the other sees its connection close.
        }
    }

    private async Task PassAsync(TcpClient near)
    {
        using var _ = near;
        near.NoDelay = true;
        if (await HttpBytes.ReadAsync(near.GetStream(), _end.Token) is not { } request)
            return;
        Interlocked.Increment(ref _requests);
        var fate = _fateOf(request.Request);
        await Task.Delay(fate.Delay, _end.Token);
        if (fate.AnsweredWith is { } other)
        {
            await near.GetStream().WriteAsync(System.Text.Encoding.UTF8.GetBytes(other), _end.Token);
            return;
        }

        if (fate.Twice)
            Begin(() => CopyAsync(request));
        if (fate.CutRequestAt is not null || fate.CutAnswerAt is not null)
            Interlocked.Increment(ref _cuts);

        using var far = await DialAsync();
        var (asked, answered) = (far.GetStream(), near.GetStream());
        await asked.WriteAsync(request.Bytes.AsMemory(0, Math.Min(fate.CutRequestAt ?? int.MaxValue, request.Bytes.Length)), _end.Token);
        if (fate.CutRequestAt is null)
            await AnswerAsync(request.Request, asked, answered, fate.CutAnswerAt ?? int.MaxValue);
        foreach (var late in TakeLate(fate.AgainLater ? request : null))
            Begin(() => CopyAsync(late));
    }

    private async Task AnswerAsync(LineRequest request, NetworkStream from, NetworkStream to, int most)
    {
        var buffer = new byte[16_384];
        var passed = 0;
        while (passed < most && await from.ReadAsync(buffer, _end.Token) is > 0 and var read)
        {
            var passing = Math.Min(read, most - passed);
            await to.WriteAsync(buffer.AsMemory(0, passing), _end.Token);
            passed += passing;
        }

        Answered?.Invoke(request, passed);
    }

    /// <summary>Delivers a request once more; nobody waits for the answer.</summary>
    private async Task CopyAsync(HttpBytes request)
    {
        Interlocked.Increment(ref _copies);
        using var far = await DialAsync();
        await far.GetStream().WriteAsync(request.Bytes, _end.Token);
        var buffer = new byte[16_384];
        while (await far.GetStream().ReadAsync(buffer, _end.Token) > 0)
        {
        }
    }

    private List<HttpBytes> TakeLate(HttpBytes? next)
    {
        lock (_turn)
        {
            // One that is to come again waits for a request after it.
            List<HttpBytes> due = next is null ? [.. _late] : [];
            if (next is null)
                _late.Clear();
            else
                _late.Add(next);
            return due;
        }
    }

    private async Task<TcpClient> DialAsync()
    {
        var far = new TcpClient { NoDelay = true };
        try
        {
            await far.ConnectAsync(_gateway.Host, _gateway.Port, _end.Token);
            return far;
        }
        catch
        {
            far.Dispose();
            throw;
        }
    }
}
