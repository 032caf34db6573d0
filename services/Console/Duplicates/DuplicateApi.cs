using System.Globalization;
using System.Text.Json;
using OrderSync.Console.Orders;

namespace OrderSync.Console.Duplicates;

/// <summary>One of two customers that may be one.</summary>
public sealed record Side(
    Guid Id, JsonElement Body, string? Number, string? Code, string? Source, bool Captured, bool Published, string? Rep, DateTimeOffset? CapturedAt, long Records, long Waiting,
    IReadOnlyList<string> InErp)
{
    /// <summary>As shown.</summary>
    public string Name => Body.TryGetProperty("name", out var name) ? name.GetString() ?? "" : "";

    /// <summary>Where it comes from, in words.</summary>
    public string Origin => Source is not null ? $"from {Source}" : Captured ? $"captured by {Rep}" : "entered by the office";

    /// <summary>What is known, by name.</summary>
    public IEnumerable<Fact> Facts
    {
        get
        {
            yield return new("Name", Name);
            if (Number is { Length: > 0 })
                yield return new("Number in the ERP", Number);
            if (Code is { Length: > 0 })
                yield return new("Code", Code);
            foreach (var fact in CapturedDocument.FactsOf(Body).Where(fact => fact.Name is not ("Name" or "Code")))
                yield return fact;
        }
    }
}

/// <summary>What stays in an ERP under the customer that went.</summary>
public sealed record Left(Guid Record, string Kind, string? Number, string Connection, string? ExternalNumber);

/// <summary>Two customers that may be one.</summary>
public sealed record Pair(
    Guid Id, IReadOnlyList<string> Keys, DateTimeOffset FoundAt, Side First, Side Second, string? Decision, Guid? Survivor, DateTimeOffset? DecidedAt, string? DecidedBy, IReadOnlyList<Left> Left)
{
    /// <summary>What both have, in words.</summary>
    public string Same => string.Join(" and ", Keys.Select(key => key switch
    {
        "taxNumber" => "tax number",
        "email" => "e-mail address",
        _ => "name and postcode",
    }));

    /// <summary>What was decided, in words.</summary>
    public string Decided => Decision == "kept"
        ? $"{DecidedBy} kept both."
        : $"{(DecidedBy is { } who ? who : "The rule")} merged {(Survivor == First.Id ? Second : First).Name} into {(Survivor == First.Id ? First : Second).Name}.";

    /// <summary>Both, field by field.</summary>
    public IEnumerable<(string Name, string? First, string? Second)> Fields
    {
        get
        {
            var (first, second) = (First.Facts.ToList(), Second.Facts.ToList());
            foreach (var name in first.Concat(second).Select(fact => fact.Name).Distinct())
                yield return (name, first.FirstOrDefault(fact => fact.Name == name)?.Value, second.FirstOrDefault(fact => fact.Name == name)?.Value);
        }
    }

    /// <summary>How many records a side has, in words.</summary>
    public static string Records(Side side) => side.Records == 0 ? "nothing captured for it"
        : string.Create(CultureInfo.InvariantCulture, $"{side.Records} captured for it{(side.Waiting > 0 ? $", {side.Waiting} waiting" : "")}");
}

/// <summary>A page of them.</summary>
public sealed record PairList(IReadOnlyList<Pair> Duplicates, long Open, Guid? Next);
