using System.IO.Compression;
using System.Text.Json;

namespace OrderSync.Money.Tests.Corpus;

/// <summary>The orders and quantities that corpus.py beside this file has written, with the figures it found without the product's code.</summary>
internal static class MoneyCorpus
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The policies each order has totals under, as the corpus names them.</summary>
    public static IReadOnlyDictionary<string, RoundingPolicy> Policies { get; } = new Dictionary<string, RoundingPolicy>
    {
        ["line/halfUp"] = new(RoundingLevel.Line, Tie.HalfUp),
        ["line/halfEven"] = new(RoundingLevel.Line, Tie.HalfEven),
        ["document/halfUp"] = new(RoundingLevel.Document, Tie.HalfUp),
        ["document/halfEven"] = new(RoundingLevel.Document, Tie.HalfEven),
    };

    /// <summary>All orders; the first thousand hold every edge and every stratum.</summary>
    public static IReadOnlyList<CorpusOrder> Orders { get; } = [.. Lines("corpus.jsonl.gz").Select(line => JsonSerializer.Deserialize<CorpusOrder>(line, Json)!)];

    /// <summary>Quantities at the edge of what is sold.</summary>
    public static IReadOnlyList<CorpusQuantity> Quantities { get; } = [.. Lines("quantities.jsonl").Select(line => JsonSerializer.Deserialize<CorpusQuantity>(line, Json)!)];

    /// <summary>The lines of a file of the corpus as it was when the tests were built.</summary>
    public static IEnumerable<string> Lines(string file) => Read(typeof(MoneyCorpus).Assembly.GetManifestResourceStream(file)!, file);

    /// <summary>The lines of a file of the corpus in some folder.</summary>
    public static IEnumerable<string> LinesIn(string folder, string file) => Read(File.OpenRead(Path.Combine(folder, file)), file);

    private static IEnumerable<string> Read(Stream stored, string file)
    {
        using var reader = new StreamReader(file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stored, CompressionMode.Decompress) : stored);
        while (reader.ReadLine() is { } line)
            yield return line;
    }
}

/// <summary>An order: <see cref="Order"/> is the part of its body that money depends on; amounts by tie, totals by policy.</summary>
internal sealed record CorpusOrder(
    int Number, string Case, CorpusCustomer Customer, JsonElement Order, IReadOnlyDictionary<string, decimal[]> Amounts, IReadOnlyDictionary<string, CorpusTotals> Totals)
{
    public override string ToString() => $"order {Number} ({Case})";
}

internal sealed record CorpusCustomer(Guid Id, string Code, string Name, string Email);

internal sealed record CorpusTotals(decimal Subtotal, decimal Discount, decimal Tax, decimal Total);

/// <summary>A quantity, its limits (0 for none), and the nearest legal ones.</summary>
internal sealed record CorpusQuantity(decimal Minimum, decimal Step, decimal Quantity, bool Ok, decimal? Below, decimal? Above);
