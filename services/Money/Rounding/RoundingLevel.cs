namespace OrderSync.Money;

/// <summary>Where tax is rounded.</summary>
public enum RoundingLevel
{
    /// <summary>Each line's tax is rounded; the document's tax is the sum of these.</summary>
    Line,

    /// <summary>Tax is rounded once for each tax (code and rate) on the sum of its lines, then shared out among them.</summary>
    Document,
}
