namespace OrderSync.Money;

/// <summary>
/// Says that a figure cannot be calculated exactly, so that nobody is shown a wrong one: it is absurdly large, has more decimals than
/// the arithmetic carries, or contradicts the others (a discount above the amount it is taken from).
/// </summary>
public sealed class MoneyOutOfRange : Exception
{
    /// <summary>Names the figure and what is wrong with it.</summary>
    /// <param name="field">The figure's name as on a record, for example <c>unitPrice</c>.</param>
    /// <param name="reason">What is wrong with it, as the end of a sentence that begins with its name.</param>
    /// <param name="line">The line's position, counted from 0; null for a figure of the whole document.</param>
    public MoneyOutOfRange(string field, string reason, int? line = null)
        : base(line is { } position ? $"Line {position + 1}: {field} {reason}." : $"{field} {reason}.")
    {
        Field = field;
        Reason = reason;
        Line = line;
    }

    /// <summary>The figure's name as on a record, for example <c>unitPrice</c>.</summary>
    public string Field { get; }

    /// <summary>What is wrong with it, as the end of a sentence that begins with its name.</summary>
    public string Reason { get; }

    /// <summary>The line's position, counted from 0; null for a figure of the whole document.</summary>
    public int? Line { get; }
}
