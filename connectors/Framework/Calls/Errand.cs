namespace OrderSync.Framework.Calls;

/// <summary>What a call goes out for: it decides what of the budget it may use.</summary>
internal enum Purpose
{
    /// <summary>To bring a document there.</summary>
    Document,

    /// <summary>To see what changed there; gets what documents leave over.</summary>
    Poll,

    /// <summary>To get an access token.</summary>
    Tokens,

    /// <summary>A person asks whether the connection works.</summary>
    Test,
}

/// <summary>What the calls of an errand said about the destination's health.</summary>
internal enum Health
{
    /// <summary>Nothing was asked of it.</summary>
    Unasked,

    /// <summary>It answered, whatever it said.</summary>
    Answered,

    /// <summary>It was in trouble or did not answer.</summary>
    Trouble,
}

/// <summary>
/// On whose behalf the code runs that makes calls. It follows the flow of the code, so that no connector has to hand it on.
/// </summary>
internal sealed class Errand(CallDesk desk, Connection connection, Guid? recordId, Purpose purpose, Errand? parent = null)
{
    private static readonly AsyncLocal<Errand?> Ambient = new();
    private int steps;
    private int reserved;

    /// <summary>The errand the current code is on; null outside of any.</summary>
    public static Errand? Current => Ambient.Value;

    public CallDesk Desk => desk;

    public Connection Connection => connection;

    public Guid? RecordId => recordId;

    public Purpose Purpose => purpose;

    /// <summary>What its last call said.</summary>
    public Health Health { get; private set; }

    /// <summary>Whether a write has begun: then nothing may be held back any more.</summary>
    public bool InStep => Volatile.Read(ref steps) > 0 || parent?.InStep == true;

    /// <summary>The code from here to the end of the returned scope is on this errand.</summary>
    public IDisposable Begin()
    {
        var before = Ambient.Value;
        Ambient.Value = this;
        return new Scope(() => Ambient.Value = before);
    }

    /// <summary>A write begins, with one place of the budget taken for it.</summary>
    public IDisposable BeginStep()
    {
        Interlocked.Increment(ref steps);
        Volatile.Write(ref reserved, 1);
        return new Scope(() =>
        {
            Volatile.Write(ref reserved, 0);
            Interlocked.Decrement(ref steps);
        });
    }

    /// <summary>Uses the place taken for the write; false when it is used.</summary>
    public bool UseReserved() => Interlocked.Exchange(ref reserved, 0) == 1;

    public void Note(Health seen)
    {
        Health = seen;
        parent?.Note(seen);
    }

    private sealed class Scope(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
