using OrderSync.Framework;

namespace OrderSync.Zoho;

/// <summary>The field of an organisation that carries our record id: by it alone a document is known to be ours.</summary>
internal static class OurMark
{
    /// <summary>To be sent with a document.</summary>
    public static CustomField For(DocumentInfo info, ZohoSettings settings) => new(settings.CustomFieldApiName, info.RecordId.ToString("D"));

    /// <summary>What stands in it.</summary>
    public static string? Of(IReadOnlyList<CustomField>? fields, ZohoSettings settings) =>
        fields?.FirstOrDefault(field => field.ApiName == settings.CustomFieldApiName)?.Value;

    /// <summary>Whether it carries this record's id.</summary>
    public static bool Carries(IReadOnlyList<CustomField>? fields, Guid recordId, ZohoSettings settings) =>
        Guid.TryParse(Of(fields, settings), out var id) && id == recordId;
}
