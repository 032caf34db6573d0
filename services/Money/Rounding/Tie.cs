namespace OrderSync.Money;

/// <summary>Which way a figure goes that lies exactly between two roundings.</summary>
public enum Tie
{
    /// <summary>Away from zero: 0.125 becomes 0.13, −0.125 becomes −0.13.</summary>
    HalfUp,

    /// <summary>To the even neighbour: 0.125 becomes 0.12, 0.135 becomes 0.14.</summary>
    HalfEven,
}
