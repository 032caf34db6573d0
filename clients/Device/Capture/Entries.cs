using System.Text.Json;

namespace OrderSync.Device;

/// <summary>What a person does with entries: makes them, corrects them, sends them again, gives them up. All of it on disk when it returns; no network is asked.</summary>
internal sealed class Entries(Records records, Wishes wishes, DeviceOptions options)
{
    private long _lastId;

    public Captured Add(NewRecord entered)
    {
        var now = Now();
        return records.Add(entered, NewId(now), 1, now, options.Rounding);
    }

    /// <summary>What was entered for a record.</summary>
    public NewRecord Draft(Guid id)
    {
        var record = Known(id);
        try
        {
            return NewRecord.Of(record.Kind, record.Body);
        }
        catch (JsonException unreadable)
        {
            throw new DeviceTrouble("record.unreadable", $"The entry {id} cannot be opened: {unreadable.Message}", unreadable);
        }
    }

    /// <summary>Keeps the next revision of a record, while the one before has not gone on.</summary>
    public Captured Mend(Guid id, NewRecord corrected)
    {
        var record = Known(id);
        if (record.State == RecordState.Queued)
            throw new DeviceTrouble("record.onItsWay", "This entry is on its way. Wait for the answer, then correct it.");
        var held = record.Verdict?.State is not null and not "accepted" and not "stopped";
        if (record.State is RecordState.Accepted or RecordState.Conflict && !held)
            throw new DeviceTrouble("record.needsConnection", "This entry already stands at the office. Changing it needs a connection: open it online and change it there.");
        return records.Replace(corrected, record, Now(), options.Rounding);
    }

    public void Retry(Guid id)
    {
        // What was put aside at the gateway has to stand there again before it is offered.
        if (records.Find(id) is { State: RecordState.Stopped })
            wishes.Add(id, Wishes.Reopen);
        records.Retry(id);
    }

    public void Stop(Guid id)
    {
        var refused = records.Find(id) is { State: RecordState.Refused };
        records.Stop(id);
        // In a conflict what stands there is another entry, and none of ours to give up.
        if (refused)
            wishes.Add(id, Wishes.Stop);
    }

    private DeviceRecord Known(Guid id) => records.Find(id) ?? throw new DeviceTrouble("record.unknown", $"This device has no entry {id}.");

    // A clock before 1970 is wrong; ids begin with the time and cannot say it.
    private DateTimeOffset Now() => options.Clock.GetLocalNow() is var now && now < DateTimeOffset.UnixEpoch ? DateTimeOffset.UnixEpoch : now;

    // Ids rise as they are made, also within a millisecond and when the clock is set back: the gateway numbers what comes together by their order.
    private Guid NewId(DateTimeOffset now)
    {
        var made = now.ToUnixTimeMilliseconds();
        long last, next;
        do
        {
            last = Volatile.Read(ref _lastId);
            next = Math.Max(made, last + 1);
        }
        while (Interlocked.CompareExchange(ref _lastId, next, last) != last);
        return Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(next));
    }
}
