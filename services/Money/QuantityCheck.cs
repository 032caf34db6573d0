namespace OrderSync.Money;

/// <summary>Whether a quantity may be ordered, and which ones nearby may.</summary>
/// <param name="Ok">True if the quantity itself is legal.</param>
/// <param name="NearestBelow">The greatest legal quantity not above the asked one; null if there is none.</param>
/// <param name="NearestAbove">The smallest legal quantity not below the asked one; null if there is none or no smallest one.</param>
public readonly record struct QuantityCheck(bool Ok, decimal? NearestBelow, decimal? NearestAbove);
