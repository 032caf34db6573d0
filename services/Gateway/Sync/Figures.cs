using System.Globalization;

namespace OrderSync.Gateway.Sync;

/// <summary>Figures as sentences and paths show them.</summary>
internal static class Figures
{
    /// <summary>Without trailing zeros, in no country's way.</summary>
    public static string Text(decimal value) => (value / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);
}
