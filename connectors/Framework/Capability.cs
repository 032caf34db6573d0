namespace OrderSync.Framework;

/// <summary>Something a connection takes or does not take, told to the office before a record of it comes.</summary>
/// <param name="Name">A kind of record, such as "quote", or a part of one, such as "order.shippingTax".</param>
/// <param name="Taken">Whether it is taken.</param>
/// <param name="Why">Why not, in plain words.</param>
/// <param name="Fix">What to do where it is needed.</param>
public sealed record Capability(string Name, bool Taken, string? Why = null, string? Fix = null)
{
    /// <summary>Something that is not taken.</summary>
    public static Capability Not(string name, string why, string fix) => new(name, false, why, fix);
}
