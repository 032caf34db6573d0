using Microsoft.Extensions.Options;

namespace OrderSync.Gateway.Traffic;

/// <summary>
/// Where pushes wait before they take a connection of the pool: so many are worked on at once, a few of each company, and whoever waits is served company by
/// company in turn. However many devices of one company come back at once, the others go on. What waits is bounded by its bytes.
/// </summary>
internal sealed class WaitingRoom(IOptions<LimitSettings> settings, TimeProvider time, bool forPushes = true)
{
    /// <summary>Where refreshes wait, apart from pushes: else nobody of a large company could push before all its devices have refreshed.</summary>
    public const string Refreshes = "refreshes";

    // A device gives up after a minute; better it is told before.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Of one company at once; each holds its feed's row at its commit, so that more of them would only wait there.</summary>
    public const int OfCompany = 3;

    /// <summary>What a request costs besides its body.</summary>
    private const int Overhead = 8 * 1024;

    private readonly int places = forPushes ? settings.Value.Pushes : Math.Max(1, settings.Value.Pushes / 2);
    private readonly long most = settings.Value.BodyMegabytes * 1024L * 1024;
    private readonly Lock gate = new();
    private readonly Dictionary<Guid, Line> lines = [];
    private readonly LinkedList<Line> waiting = [];
    private int inside;
    private long held;

    /// <summary>
    /// Room for a body, or null when there is none. A company may hold as much as is still free: alone half of all, of three each a quarter, and there
    /// is always something left for the next.
    /// </summary>
    public Luggage? Check(Guid company, int bytes)
    {
        lock (gate)
        {
            var line = LineOf(company);
            if (TryHold(line, bytes + Overhead))
                return new Luggage(this, line, bytes + Overhead);
            Forget(line);
            return null;
        }
    }

    /// <summary>The answer to whoever found no room, or waited in vain. Not all at the same second again.</summary>
    public static IResult Full() => Problems.TooMany(
        "server.full", "More devices come at this moment than can be served. Nothing was stored; send the same request again after the time in Retry-After.", TimeSpan.FromSeconds(Random.Shared.Next(5, 31)));

    /// <summary>Waits for the company's turn; null when it does not come soon. Whoever gets a place leaves it soon.</summary>
    public async Task<Place?> EnterAsync(Guid company, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        Line line;
        Waiter waiter;
        lock (gate)
        {
            line = LineOf(company);
            if (inside < places && line.Inside < OfCompany && line.Waiters.Count == 0)
            {
                Admit(line);
                return new Place(this, line);
            }

            waiter = new Waiter();
            waiter.Node = line.Waiters.AddLast(waiter);
            if (line.Waiters.Count == 1)
                line.Node = waiting.AddLast(line);
        }

        using var patience = new CancellationTokenSource(Patience, time);
        await using var late = patience.Token.UnsafeRegister(_ => GiveUp(line, waiter), null);
        await using var gone = stop.UnsafeRegister(_ => GiveUp(line, waiter), null);
        if (await waiter.Turn.Task)
            return new Place(this, line);
        stop.ThrowIfCancellationRequested();
        return null;
    }

    private void GiveUp(Line line, Waiter waiter)
    {
        lock (gate)
        {
            // Its turn may have come at the same moment; then it takes its place and leaves it.
            if (waiter.Node is null)
                return;
            Remove(line, waiter);
            Forget(line);
        }

        waiter.Turn.TrySetResult(false);
    }

    private void Leave(Line line)
    {
        lock (gate)
        {
            inside--;
            line.Inside--;
            AdmitNext();
            Forget(line);
        }
    }

    private void AdmitNext()
    {
        for (var node = waiting.First; node is not null && inside < places;)
        {
            var (line, next) = (node.Value, node.Next);
            if (line.Inside < OfCompany)
            {
                var waiter = line.Waiters.First!.Value;
                Remove(line, waiter);
                if (line.Node is not null)
                {
                    // Behind all others that wait.
                    waiting.Remove(node);
                    waiting.AddLast(node);
                }

                Admit(line);
                waiter.Turn.TrySetResult(true);
            }

            node = next;
        }
    }

    private void Admit(Line line)
    {
        inside++;
        line.Inside++;
    }

    private void Remove(Line line, Waiter waiter)
    {
        line.Waiters.Remove(waiter.Node!);
        waiter.Node = null;
        if (line.Waiters.Count > 0)
            return;
        waiting.Remove(line.Node!);
        line.Node = null;
    }

    private bool TryHold(Line line, long bytes)
    {
        if (line.Held + bytes > most - held)
            return false;
        line.Held += bytes;
        held += bytes;
        return true;
    }

    private void Release(Line line, long bytes)
    {
        lock (gate)
        {
            line.Held -= bytes;
            held -= bytes;
            Forget(line);
        }
    }

    private Line LineOf(Guid company)
    {
        if (!lines.TryGetValue(company, out var line))
            lines[company] = line = new Line(company);
        return line;
    }

    private void Forget(Line line)
    {
        if (line is { Inside: 0, Held: 0, Waiters.Count: 0 })
            lines.Remove(line.Company);
    }

    /// <summary>Room held for a body until it is disposed of.</summary>
    public sealed class Luggage : IDisposable
    {
        private readonly WaitingRoom room;
        private readonly Line line;
        private long bytes;

        internal Luggage(WaitingRoom room, object line, long bytes) => (this.room, this.line, this.bytes) = (room, (Line)line, bytes);

        /// <summary>The body is larger than was said; false when there is no room for it.</summary>
        public bool Grow(int by)
        {
            lock (room.gate)
            {
                if (!room.TryHold(line, by))
                    return false;
            }

            bytes += by;
            return true;
        }

        public void Dispose() => room.Release(line, Interlocked.Exchange(ref bytes, 0));
    }

    /// <summary>A place, taken until it is disposed of.</summary>
    public sealed class Place : IDisposable
    {
        private readonly WaitingRoom room;
        private object? line;

        internal Place(WaitingRoom room, object line) => (this.room, this.line) = (room, line);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref line, null) is Line taken)
                room.Leave(taken);
        }
    }

    private sealed class Line(Guid company)
    {
        public Guid Company => company;

        public int Inside { get; set; }

        public long Held { get; set; }

        public LinkedList<Waiter> Waiters { get; } = [];

        public LinkedListNode<Line>? Node { get; set; }
    }

    private sealed class Waiter
    {
        public TaskCompletionSource<bool> Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public LinkedListNode<Waiter>? Node { get; set; }
    }
}
