namespace OrderSync.Money;

/// <summary>How a company, or an ERP, rounds. It is a setting everywhere and never implied.</summary>
/// <param name="Level">Where tax is rounded.</param>
/// <param name="Tie">Which way an exact half goes; for amounts and discounts too, not for tax only.</param>
public readonly record struct RoundingPolicy(RoundingLevel Level, Tie Tie);
