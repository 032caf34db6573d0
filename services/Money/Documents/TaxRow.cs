namespace OrderSync.Money;

/// <summary>The tax of one code and rate on a whole document.</summary>
/// <param name="TaxCode">The code; null for lines without one, and for shipping at a rate that no line has.</param>
/// <param name="RatePercent">The rate: 8 for 8 %.</param>
/// <param name="Base">What the tax is on, without tax, shipping included.</param>
/// <param name="Tax">The tax.</param>
public readonly record struct TaxRow(string? TaxCode, decimal RatePercent, decimal Base, decimal Tax);
