namespace OrderSync.Framework.Budgets;

/// <summary>The calls of this replica to one account in the last sixty seconds.</summary>
internal sealed class LocalWindow
{
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly LinkedList<DateTimeOffset> calls = new();

    /// <summary>Null when the call may go; else how long until a place is free.</summary>
    public TimeSpan? Take(DateTimeOffset now, int most)
    {
        lock (gate)
        {
            Forget(now);
            if (calls.Count < most)
            {
                calls.AddLast(now);
                return null;
            }

            var leaving = calls.First;
            for (var i = calls.Count - most; i > 0 && leaving?.Next is not null; i--)
                leaving = leaving.Next;
            return (leaving?.Value ?? now) + Length - now;
        }
    }

    /// <summary>The call that was let in last did not go out.</summary>
    public void GiveBack()
    {
        lock (gate)
        {
            if (calls.Count > 0)
                calls.RemoveLast();
        }
    }

    public int Used(DateTimeOffset now)
    {
        lock (gate)
        {
            Forget(now);
            return calls.Count;
        }
    }

    private void Forget(DateTimeOffset now)
    {
        while (calls.First is { } first && first.Value <= now - Length)
            calls.RemoveFirst();
    }
}
