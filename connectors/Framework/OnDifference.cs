namespace OrderSync.Framework;

/// <summary>What is to happen when the destination's arithmetic reaches another total than the customer was shown; a setting of every connection that has money.</summary>
public enum OnDifference
{
    /// <summary>Nothing is sent; the document needs attention and shows both sums.</summary>
    Hold,

    /// <summary>The difference goes into the destination's own rounding line, visible on the document.</summary>
    Adjust,

    /// <summary>The document is sent as it is; the difference is shown.</summary>
    Accept,
}
