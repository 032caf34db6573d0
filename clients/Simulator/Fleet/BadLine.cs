namespace OrderSync.Simulator.Fleet;

/// <summary>The fates on a bad line; they follow from a seed and the order of requests.</summary>
internal sealed class BadLine(int seed)
{
    private const double CutsInRequest = 0.10, CutsInAnswer = 0.10, Twices = 0.10, AgainLaters = 0.05;
    private const int LongestDelayMilliseconds = 150;
    private const int LongestAnswer = 20_000;

    private readonly Lock _turn = new();
    private readonly Random _random = new(seed);

    public LineFate FateOf(LineRequest request)
    {
        lock (_turn)
        {
            var fate = new LineFate { Delay = TimeSpan.FromMilliseconds(_random.Next(LongestDelayMilliseconds)) };
            var chance = _random.NextDouble();
            // An answer is cut early as often as late, whatever its length; what is beyond its end is not cut.
            var (inRequest, inAnswer) = (_random.Next(request.Length + 1), (int)(LongestAnswer * Math.Pow(_random.NextDouble(), 3)));
            if ((chance -= CutsInRequest) < 0)
                return fate with { CutRequestAt = inRequest };
            if ((chance -= CutsInAnswer) < 0)
                return fate with { CutAnswerAt = inAnswer };
            if ((chance -= Twices) < 0)
                return fate with { Twice = true };
            return chance - AgainLaters < 0 ? fate with { AgainLater = true } : fate;
        }
    }
}
