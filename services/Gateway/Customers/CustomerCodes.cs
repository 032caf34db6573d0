using System.Text.RegularExpressions;
using Npgsql;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Customers;

/// <summary>Codes that captured customers are given by the company's pattern. One that was typed stays; a given one is nobody else's.</summary>
internal static partial class CustomerCodes
{
    private const int Most = 40;

    /// <summary>Why a text is no pattern; null = it is one, or empty.</summary>
    public static string? WhyNot(string? pattern)
    {
        const string Shape = "customerCode is a pattern of at most 40 characters such as C-{yyyy}-{n:00000}, with one {n} or {n:000}, or empty.";
        if (pattern is null || pattern.Length > Most || Texts.WhyNot(("customerCode", pattern, Most)) is not null)
            return Shape;
        var counters = Counter().Count(pattern);
        return pattern.Length == 0 || (counters == 1 && Counter().Replace(pattern, "").Replace("{yyyy}", "", StringComparison.Ordinal).Replace("{yy}", "", StringComparison.Ordinal).Replace("{MM}", "", StringComparison.Ordinal)
            .IndexOfAny(['{', '}']) < 0) ? null : Shape;
    }

    /// <summary>Gives codes to those of the customers that have none. Among the last statements: its counter is locked for the flush and the commit only.</summary>
    public static void Add(NpgsqlBatch batch, Guid company, DateTimeOffset at, Guid[] customers)
    {
        if (customers.Length > 0)
            batch.Add("call give_customer_codes($1, $2, $3)", company, customers, at);
    }

    [GeneratedRegex(@"\{n(:0{1,15})?\}", RegexOptions.CultureInvariant)]
    private static partial Regex Counter();
}
