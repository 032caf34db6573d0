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
        foreach (var part in line.Lots ?? [])
        {
            if (part?.Lot is { Length: > 0 and <= Limits.MostEntry } lot)
                wanted.Lots.Add((line.Sku, Lot, lot));
            if (part?.Serial is { Length: > 0 and <= Limits.MostEntry } serial)
                wanted.Lots.Add((line.Sku, Serial, serial));
        }
    }

    /// <summary>The first of the lines' lots and serial numbers that is not known, or null.</summary>
    public static Fault? WhyNot(IReadOnlyList<OrderLine> lines, Known known)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            foreach (var (place, part) in (line.Lots ?? []).Index())
            {
                if (part?.Lot is { Length: > 0 } lot && IsUnknown(line.Sku, Lot, lot))
                    return Of("line.lot.unknown", $"lots[{place.ToString(CultureInfo.InvariantCulture)}].lot", i, line.Sku, lot);
                if (part?.Serial is { Length: > 0 } serial && IsUnknown(line.Sku, Serial, serial))
                    return Of("line.serial.unknown", $"lots[{place.ToString(CultureInfo.InvariantCulture)}].serial", i, line.Sku, serial);
            }
        }

        return null;

        bool IsUnknown(string sku, string kind, string number) => known.Tracked.Contains((sku, kind)) && !known.Lots.Contains((sku, kind, number));
    }

    private static Fault Of(string code, string field, int index, string sku, string number) => new(code, $"lines[{index.ToString(CultureInfo.InvariantCulture)}].{field}", new Dictionary<string, string>
    {
        ["line"] = (index + 1).ToString(CultureInfo.InvariantCulture), ["sku"] = sku, ["number"] = number,
    });
}
