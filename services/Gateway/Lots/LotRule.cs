using System.Globalization;
using OrderSync.Contracts.Records;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Lots;

/// <summary>
/// Lots and serial numbers on lines. Those of an item are checked once the office or the ERP has loaded any of it; before that they are kept as captured.
/// </summary>
internal static class LotRule
{
    public const string Lot = "lot", Serial = "serial";

    /// <summary>Adds what the rule needs to know.</summary>
    public static void Want(OrderLine line, Wanted wanted)
    {
        if (line.Lot is { Length: > 0 and <= Limits.MostEntry } lot)
            wanted.Lots.Add((line.Sku, Lot, lot));
        foreach (var serial in line.Serials ?? [])
            if (serial is { Length: > 0 and <= Limits.MostEntry })
                wanted.Lots.Add((line.Sku, Serial, serial));
    }

    /// <summary>The first of the lines' lots and serial numbers that is not known, or null.</summary>
    public static Fault? WhyNot(IReadOnlyList<OrderLine> lines, Known known)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            if (line.Lot is { Length: > 0 } lot && IsUnknown(line.Sku, Lot, lot))
                return Of("line.lot.unknown", "lot", i, line.Sku, lot);
            foreach (var serial in line.Serials ?? [])
                if (IsUnknown(line.Sku, Serial, serial))
                    return Of("line.serial.unknown", "serials", i, line.Sku, serial);
        }

        return null;

        bool IsUnknown(string sku, string kind, string number) => known.Tracked.Contains((sku, kind)) && !known.Lots.Contains((sku, kind, number));
    }

    private static Fault Of(string code, string field, int index, string sku, string number) => new(code, $"lines[{index.ToString(CultureInfo.InvariantCulture)}].{field}", new Dictionary<string, string>
    {
        ["line"] = (index + 1).ToString(CultureInfo.InvariantCulture), ["sku"] = sku, ["number"] = number,
    });
}
