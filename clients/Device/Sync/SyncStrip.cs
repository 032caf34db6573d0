namespace OrderSync.Device;

/// <summary>The one value that a sync strip shows, and whoever wants to know when it changes.</summary>
internal sealed class SyncStrip(Records records, TimeProvider clock)
{
    private readonly Lock _turn = new();
    private SyncState _state = Counted(new SyncState(SyncActivity.Idle, 0, 0), records);

    /// <summary>Told of each new value, in order, by whichever thread brought it about.</summary>
    public event Action<SyncState>? Changed;

    public SyncState State
    {
        get
        {
            lock (_turn)
                return _state;
        }
    }

    /// <summary>The outbox or the list of what needs a person may have changed.</summary>
    public void Count() => Set(state => state);

    public void Sending() => Set(state => state with { Activity = SyncActivity.Sending, Readiness = null });

    /// <summary>A download begins or moves.</summary>
    public void Downloading(Readiness readiness) => Set(state => state with { Activity = SyncActivity.Downloading, Readiness = readiness });

    /// <summary>A run is over.</summary>
    public void Idle(string? trouble = null) => Set(state => state with { Activity = SyncActivity.Idle, Readiness = null, OfflineSince = null, Trouble = trouble });

    public void Offline(string why) => Set(state => state with { Activity = SyncActivity.Offline, Readiness = null, OfflineSince = state.OfflineSince ?? clock.GetLocalNow(), Trouble = why });

    public void Barred(string why) => Set(state => state with { Activity = SyncActivity.Barred, Readiness = null, OfflineSince = null, Trouble = why });

    private void Set(Func<SyncState, SyncState> change)
    {
        // Under one lock to the end: else an older value could be told after a newer one.
        lock (_turn)
        {
            var next = Counted(change(_state), records);
            if (next == _state)
                return;
            _state = next;
            Changed?.Invoke(next);
        }
    }

    private static SyncState Counted(SyncState state, Records records)
    {
        var (toSend, attention) = records.Counts();
        return state with { ToSend = toSend, Attention = attention };
    }
}
