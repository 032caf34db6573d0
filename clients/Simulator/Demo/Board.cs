using System.Diagnostics;
using OrderSync.Device;

namespace OrderSync.Simulator.Demo;

/// <summary>All records of the demo and where each is: written by the work, read by the screen.</summary>
internal sealed class Board
{
    private readonly Lock _turn = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<Track> _tracks = [];
    private readonly SortedDictionary<string, SyncState> _strips = [];

    /// <summary>Told of each thing that happens, as a sentence.</summary>
    public event Action<TimeSpan, string>? Happened;

    /// <summary>Since the demo began.</summary>
    public TimeSpan Now => _clock.Elapsed;

    /// <summary>The records as they were captured.</summary>
    public IReadOnlyList<Track> Tracks
    {
        get
        {
            lock (_turn)
                return [.. _tracks];
        }
    }

    /// <summary>What each device's sync strip shows.</summary>
    public IReadOnlyList<(string Device, SyncState State)> Strips
    {
        get
        {
            lock (_turn)
                return [.. _strips.Select(strip => (strip.Key, strip.Value))];
        }
    }

    /// <summary>A sentence for whoever watches.</summary>
    public void Say(string sentence) => Happened?.Invoke(Now, char.ToUpperInvariant(sentence[0]) + sentence[1..]);

    public void Show(string device, SyncState state)
    {
        lock (_turn)
            _strips[device] = state;
    }

    /// <summary>A record is on a device's disk.</summary>
    public void Captured(Track track)
    {
        lock (_turn)
            _tracks.Add(track);
        Reach(track, Stage.Device, $"{track.Device} keeps {Name(track)}{(track.Amount is { } amount ? FormattableString.Invariant($" over {amount:N2}") : "")}");
    }

    /// <summary>The gateway has answered for a record.</summary>
    public void Told(DeviceRecord record)
    {
        var verdict = record.Verdict!;
        if (Tracks.FirstOrDefault(track => track.Id == record.Id) is not { } track)
            return;
        track.Number = verdict.Number ?? track.Number;
        if (record.State is RecordState.Accepted or RecordState.Waiting)
        {
            track.Trouble = null;
            Reach(track, Stage.Gateway, $"the gateway has {Name(track)}{(record.State == RecordState.Waiting ? ", which goes on once what it needs is there" : "")}");
        }
        else if (track.Trouble != verdict.Message)
        {
            track.Trouble = verdict.Message ?? verdict.Code ?? verdict.Outcome;
            Say($"the gateway refuses {Name(track)}: {track.Trouble}");
        }
    }

    /// <summary>A record has got somewhere.</summary>
    public void Reach(Track track, Stage stage, string sentence)
    {
        if (track.Reach(stage, Now))
            Say(sentence);
    }

    /// <summary>How people call a record.</summary>
    public static string Name(Track track) => track.Number is { } number ? $"{track.Kind} {number}" : $"the {track.Kind}";
}
