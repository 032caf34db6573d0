namespace OrderSync.Zoho;

/// <summary>What is to happen when Zoho's arithmetic reaches another total than the customer was shown.</summary>
public enum OnDifference
{
    /// <summary>Nothing is sent; the order needs attention and shows both sums.</summary>
    Hold,

    /// <summary>The difference goes into Zoho's own adjustment line, visible on the order.</summary>
    Adjust,

    /// <summary>The order is sent as it is; the difference is shown.</summary>
    Accept,
}
