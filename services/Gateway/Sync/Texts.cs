using System.Globalization;
using System.Text;
using OrderSync.Contracts.Records;

namespace OrderSync.Gateway.Sync;

/// <summary>Checks texts for what a column cannot hold: length, U+0000, lone surrogates.</summary>
internal static class Texts
{
    /// <summary>The first text that cannot be stored, or null.</summary>
    public static Fault? WhyNot(params ReadOnlySpan<(string Field, string? Value, int Most)> texts)
    {
        foreach (var (field, value, most) in texts)
        {
            if (value is null)
                continue;
            if (value.Length > most)
                return new Fault("text.tooLong", field, new Dictionary<string, string> { ["name"] = field, ["most"] = most.ToString(CultureInfo.InvariantCulture) });
            if (!Storable(value))
                return new Fault("text.invalid", field, new Dictionary<string, string> { ["name"] = field });
        }

        return null;
    }

    /// <summary>The first part of an address that cannot be stored, or null.</summary>
    public static Fault? WhyNot(string field, AddressBody? address) => address is null
        ? null
        : WhyNot(($"{field}.name", address.Name, 200), ($"{field}.line1", address.Line1, 300), ($"{field}.line2", address.Line2, 300), ($"{field}.city", address.City, 100),
            ($"{field}.region", address.Region, 100), ($"{field}.postalCode", address.PostalCode, 30), ($"{field}.country", address.Country, 100));

    /// <summary>The text cut to a length, with what no column can hold replaced: for what is shown, never for what was captured.</summary>
    public static string Fit(string value, int most)
    {
        if (value.Length > most)
            value = value[..(char.IsHighSurrogate(value[most - 1]) ? most - 1 : most)];
        return Storable(value) ? value : string.Concat(value.EnumerateRunes().Select(rune => rune.Value == 0 ? Rune.ReplacementChar : rune));
    }

    private static bool Storable(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '\0')
                return false;
            if (!char.IsSurrogate(value[i]))
                continue;
            if (i + 1 >= value.Length || !char.IsSurrogatePair(value[i], value[i + 1]))
                return false;
            i++;
        }

        return true;
    }
}
