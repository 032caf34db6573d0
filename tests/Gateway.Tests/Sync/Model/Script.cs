namespace OrderSync.Gateway.Tests.Sync.Model;

/// <summary>One thing that happens in a run.</summary>
internal abstract record Deed
{
    /// <summary>A device sends records.</summary>
    /// <param name="Device">Which.</param>
    /// <param name="Samples">In the order sent.</param>
    /// <param name="Cut">Bytes of the body that arrive, in thousandths; null = all. What is cut is refused as a whole.</param>
    /// <param name="Lost">The answer is lost: nobody looks at it.</param>
    /// <param name="Packed">Sent as gzip.</param>
    public sealed record Push(int Device, IReadOnlyList<Sample> Samples, int? Cut = null, bool Lost = false, bool Packed = false) : Deed
    {
        public override string ToString() => $"device {Device} pushes {string.Join(", ", Samples)}{(Cut is null ? "" : $" cut at {Cut} ‰")}{(Lost ? ", answer lost" : "")}";
    }

    /// <summary>Two devices send the same at the same moment.</summary>
    public sealed record Twice(IReadOnlyList<Sample> Samples) : Deed
    {
        public override string ToString() => $"both push {string.Join(", ", Samples)}";
    }

    public sealed record AddItem : Deed;

    public sealed record AddCode : Deed;

    public sealed record Stop(IReadOnlyList<Guid> Ids, string What) : Deed;

    public sealed record Reopen(IReadOnlyList<Guid> Ids, string What) : Deed;

    public sealed record RetryErrored : Deed;

    public sealed record Disable : Deed;

    public sealed record Enable : Deed;
}

/// <summary>A run, drawn from a seed: things of each kind, each with revisions and contents, and what is done with them.</summary>
internal sealed record Script(int Seed, Names Names, IReadOnlyList<Deed> Deeds)
{
    private const int Revs = 3;

    public static Script Of(int seed)
    {
        var random = new Random(seed);
        var names = new Names($"LATE-{seed}", $"CODE-{seed}");
        var samples = Samples(random);
        var deeds = Enumerable.Range(0, random.Next(6, 12)).Select(_ => Draw(random, samples)).ToList();
        return new Script(seed, names, deeds);
    }

    public override string ToString() => $"seed {Seed}:\n{string.Join('\n', Deeds.Select((deed, i) => $"  {i + 1}. {deed}"))}";

    private static Deed Draw(Random random, IReadOnlyList<Sample> samples)
    {
        switch (random.Next(100))
        {
            case < 60:
                return new Deed.Push(random.Next(2), Batch(random, samples), random.Next(12) == 0 ? random.Next(1, 990) : null, random.Next(5) == 0, random.Next(3) == 0);
            case < 68:
                return new Deed.Twice([.. Batch(random, samples).DistinctBy(sample => sample.Id)]);
            case < 74:
                return new Deed.AddItem();
            case < 80:
                return new Deed.AddCode();
            case < 86:
                var stopped = Some(random, samples);
                return new Deed.Stop([.. stopped.Select(sample => sample.Id)], string.Join(", ", stopped.Select(sample => sample.Name)));
            case < 91:
                var reopened = Some(random, samples);
                return new Deed.Reopen([.. reopened.Select(sample => sample.Id)], string.Join(", ", reopened.Select(sample => sample.Name)));
            case < 95:
                return new Deed.RetryErrored();
            case < 97:
                return new Deed.Disable();
            default:
                return new Deed.Enable();
        }
    }

    // In any order, with repeats; first revisions are more often sent than later ones, and the first content more often than another.
    private static List<Sample> Batch(Random random, IReadOnlyList<Sample> samples)
    {
        var likely = samples.Where(sample => sample.Rev == 1 && sample.Variant == 0).ToArray();
        List<Sample> batch = [.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => random.Next(100) < 65 ? likely[random.Next(likely.Length)] : samples[random.Next(samples.Count)])];
        if (random.Next(3) == 0)
            batch.Add(batch[random.Next(batch.Count)]);
        return batch;
    }

    private static Sample[] Some(Random random, IReadOnlyList<Sample> samples) => [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => samples[random.Next(samples.Count)])];

    private static List<Sample> Samples(Random random)
    {
        Guid[] customers = [NewId(random), NewId(random)];
        Guid[] orders = [NewId(random), NewId(random), NewId(random)];
        Guid[] receipts = [NewId(random), NewId(random)];
        var quote = NewId(random);
        var samples = new List<Sample>();
        for (var i = 0; i < customers.Length; i++)
            Add("customer", i, customers[i], sample => sample with { IsBad = random.Next(3) == 0 });
        for (var i = 0; i < orders.Length; i++)
            Add("order", i, orders[i], sample => Sale(sample, random, customers, i > 0 && random.Next(5) == 0 ? orders[random.Next(i)] : null));
        Add("quote", 0, quote, sample => Sale(sample, random, customers, random.Next(5) == 0 ? orders[0] : null));
        for (var i = 0; i < receipts.Length; i++)
            Add("receipt", i, receipts[i], sample => sample with { Customer = customers[random.Next(2)], Order = orders[random.Next(3)] });
        return samples;

        void Add(string kind, int index, Guid id, Func<Sample, Sample> draw)
        {
            for (var rev = 1; rev <= Revs; rev++)
                for (var variant = 0; variant < 2; variant++)
                    samples.Add(draw(new Sample(kind, index, rev, variant, id)));
        }
    }

    private static Sample Sale(Sample sample, Random random, Guid[] customers, Guid? first)
    {
        var byCode = random.Next(5) == 0;
        return sample with { IsOfLateItem = random.Next(3) == 0, IsByCode = byCode, Customer = byCode ? null : customers[random.Next(2)], Order = first };
    }

    private static Guid NewId(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
