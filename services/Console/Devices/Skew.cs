namespace OrderSync.Console.Devices;

/// <summary>How far a device's clock is off, in words.</summary>
internal static class Skew
{
    private const double Unnoticed = 30;

    public static string Words(double? seconds) => seconds switch
    {
        null => "not known yet",
        _ when Math.Abs(seconds.Value) < Unnoticed => "right",
        > 0 => $"{Length(seconds.Value)} slow",
        _ => $"{Length(-seconds.Value)} fast",
    };

    private static string Length(double seconds) => seconds switch
    {
        < 90 => $"{seconds:0} s",
        < 90 * 60 => $"{seconds / 60:0} min",
        < 36 * 3600 => $"{seconds / 3600:0} h",
        _ => $"{seconds / 86400:0} days",
    };
}
