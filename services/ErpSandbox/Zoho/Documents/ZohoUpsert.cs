namespace OrderSync.ErpSandbox.Zoho;

/// <summary>Finding by a unique custom field, which Books offers through headers.</summary>
internal static class ZohoUpsert
{
    /// <summary>The field and the value the headers name; the field must not accept doubles.</summary>
    public static (string Key, string Value) Key(ZohoCall call)
    {
        var (key, value) = (call.Request.Header("X-Unique-Identifier-Key"), call.Request.Header("X-Unique-Identifier-Value"));
        if (string.IsNullOrEmpty(key) || !call.Organisation.Settings.UniqueCustomFields.Contains(key))
            throw ZohoRefusal.Invalid("X-Unique-Identifier-Key");
        return string.IsNullOrWhiteSpace(value) ? throw ZohoRefusal.Missing("X-Unique-Identifier-Value") : (key, value);
    }

    public static bool MayCreate(ZohoCall call) => string.Equals(call.Request.Header("X-Upsert"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a field has the value: trimmed, case ignored, as Zoho compares what must be unique.</summary>
    public static bool Is(string? has, string value) => string.Equals(has?.Trim(), value.Trim(), StringComparison.OrdinalIgnoreCase);

    /// <summary>The fields with the value in the one that was asked for.</summary>
    public static IReadOnlyList<ZohoCustomField> With(
        IReadOnlyList<ZohoCustomField> fields, IReadOnlyList<ZohoCustomField> defined, string key, string value) =>
        [.. fields.Where(field => field.ApiName != key), .. defined.Where(field => field.ApiName == key).Select(field => field with { Value = value })];
}
