namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>Bad weather on the line: of each ten calls one meets trouble, which of them the dice say.</summary>
internal sealed class Weather(TimeProvider clock, int seed)
{
    private const int OneIn = 10;
    private readonly Lock gate = new();
    private readonly Random dice = new(seed);
    private readonly Dictionary<bool, (int Seen, int Hit)> tens = [];
    private int met;

    /// <summary>Calls that met trouble.</summary>
    public int Met => Volatile.Read(ref met);

    /// <summary>Of ten writes one is answered with 504 at once and carried out 1 to 30 s later.</summary>
    public Obstacle LateCommits(ErpCall call) =>
        call.Step is not (CallStep.Token or CallStep.Look) && Hits(writes: true, out var thrown) ? Obstacles.CommitsLate(clock, TimeSpan.FromSeconds(1 + 29 * thrown)) : Obstacles.None;

    /// <summary>Of ten writes the answer of one is lost, and of ten looks too.</summary>
    public Obstacle LostAnswers(ErpCall call) => call.Step is not CallStep.Token && Hits(call.Step is not CallStep.Look, out _) ? Obstacles.LosesTheAnswer : Obstacles.None;

    // One of each ten, not one in ten on the average: a short run meets trouble too.
    private bool Hits(bool writes, out double thrown)
    {
        lock (gate)
        {
            thrown = dice.NextDouble();
            var (seen, hit) = tens.TryGetValue(writes, out var ten) && ten.Seen % OneIn != 0 ? ten : (0, dice.Next(OneIn));
            tens[writes] = (seen + 1, hit);
            met += seen == hit ? 1 : 0;
            return seen == hit;
        }
    }
}
