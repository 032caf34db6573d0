namespace OrderSync.Device;

/// <summary>
/// How long to wait after calls in vain: anything up to a pause that doubles (full jitter), so that a thousand devices whose server returns do not come at once;
/// never shorter than the server asked.
/// </summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest)
{
    private const int MostDoublings = 20;

    private int _inVain;

    public void Reset() => _inVain = 0;

    public TimeSpan Next(TimeSpan? asked)
    {
        var most = first * Math.Pow(2, Math.Min(_inVain++, MostDoublings));
        var pause = (most < longest ? most : longest) * Random.Shared.NextDouble();
        var atLeast = asked * (1 + Random.Shared.NextDouble() / 5);
        return atLeast > pause ? atLeast.Value : pause;
    }
}
