namespace OrderSync.Gateway.Quarantine;

/// <summary>How much unreadable input is kept for one device a day, section Unreadable.</summary>
internal sealed class QuarantineSettings
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Unreadable";

    /// <summary>Pieces kept for a device a day.</summary>
    public int RowsADay { get; init; } = 1_000;

    /// <summary>Bytes kept for a device a day.</summary>
    public long BytesADay { get; init; } = 10_000_000;

    public string? WhyNot() => RowsADay < 0 ? "RowsADay is below 0." : BytesADay < 0 ? "BytesADay is below 0." : null;
}
