namespace OrderSync.Device;

/// <summary>A record that is safely on disk.</summary>
/// <param name="Id">Its identity for ever.</param>
/// <param name="Rev">Its revision, from 1.</param>
/// <param name="Seq">Its place in the device's order of capture, from 1 without a gap.</param>
/// <param name="Total">What the customer owes or has paid; null where there is no sum.</param>
public sealed record Captured(Guid Id, int Rev, long Seq, decimal? Total);
