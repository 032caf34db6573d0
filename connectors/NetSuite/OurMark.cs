using OrderSync.Framework;

namespace OrderSync.NetSuite;

/// <summary>
/// The external id that our records carry in NetSuite: the record id, in the small letters, digits and hyphens that an address can hold. NetSuite keeps it unique for each kind
/// of record, so that a create sent twice is one record; by it alone a record is known to be ours.
/// </summary>
internal static class OurMark
{
    /// <summary>Of a document.</summary>
    public static string Of(DocumentInfo info) => info.RecordId.ToString("D");

    /// <summary>Whether an external id is this document's.</summary>
    public static bool Is(string? externalId, DocumentInfo info) => string.Equals(externalId, Of(info), StringComparison.OrdinalIgnoreCase);
}
