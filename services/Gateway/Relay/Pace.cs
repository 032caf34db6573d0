namespace OrderSync.Gateway.Relay;

/// <summary>So many a second, with a small reserve. For one loop.</summary>
internal sealed class Pace(int perSecond, int reserve, TimeProvider time)
{
    private double free = reserve;
    private long looked = time.GetTimestamp();

    /// <summary>How many may go now.</summary>
    public int Free
    {
        get
        {
            var now = time.GetTimestamp();
            free = Math.Min(reserve, free + time.GetElapsedTime(looked, now).TotalSeconds * perSecond);
            looked = now;
            return (int)free;
        }
    }

    /// <summary>One has gone.</summary>
    public void Take() => free--;
}
