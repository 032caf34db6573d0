using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Options;

namespace OrderSync.Email.Sending;

/// <summary>Open lines to mail servers, kept for a moment: a hundred mails need one greeting, one handshake and one log-in, not a hundred.</summary>
internal sealed class SmtpLines : IAsyncDisposable
{
    private const int MailsOnOneLine = 100;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(15);
    private readonly ConcurrentDictionary<SmtpWay, ConcurrentStack<(SmtpLine Line, long Since)>> idle = new();
    private readonly IOptions<SmtpOptions> options;
    private readonly TimeProvider time;
    private readonly ITimer sweep;

    public SmtpLines(IOptions<SmtpOptions> options, TimeProvider time)
    {
        (this.options, this.time) = (options, time);
        sweep = time.CreateTimer(_ => _ = SweepAsync(Idle), null, Idle, Idle);
    }

    /// <summary>A line that waits, or null.</summary>
    public SmtpLine? TakeIdle(SmtpWay way)
    {
        while (idle.TryGetValue(way, out var lines) && lines.TryPop(out var kept))
        {
            if (time.GetElapsedTime(kept.Since) < Idle)
                return kept.Line;
            kept.Line.Drop();
        }

        return null;
    }

    /// <summary>A new line.</summary>
    public Task<SmtpLine> OpenAsync(SmtpWay way, CancellationToken stop) =>
        SmtpLine.OpenAsync(way, options.Value.HelloName ?? Dns.GetHostName(), options.Value.ReadAuthorities(), stop);

    /// <summary>A line whose mail was taken may carry the next one.</summary>
    public async Task GiveBackAsync(SmtpWay way, SmtpLine line)
    {
        if (line.Sent >= MailsOnOneLine)
            await line.DisposeAsync();
        else
            idle.GetOrAdd(way, _ => new()).Push((line, time.GetTimestamp()));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await sweep.DisposeAsync();
        await SweepAsync(TimeSpan.Zero);
    }

    private async Task SweepAsync(TimeSpan older)
    {
        foreach (var (way, lines) in idle)
        {
            var kept = new List<(SmtpLine Line, long Since)>();
            while (lines.TryPop(out var line))
                if (time.GetElapsedTime(line.Since) < older)
                    kept.Add(line);
                else
                    await line.Line.DisposeAsync();
            foreach (var line in kept)
                lines.Push(line);
            if (lines.IsEmpty)
                idle.TryRemove(KeyValuePair.Create(way, lines));
        }
    }
}
