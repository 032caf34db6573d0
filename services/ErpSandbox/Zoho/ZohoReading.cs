namespace OrderSync.ErpSandbox.Zoho;

/// <summary>Parts that bodies of several kinds have in common.</summary>
internal static class ZohoReading
{
    /// <summary>Reads an address; longest lengths by the fact sheet.</summary>
    public static ZohoAddress Address(ZohoFields fields, string id) => new(
        id,
        fields.Text("attention", 100) ?? "",
        fields.Text("address", 500) ?? "",
        fields.Text("street2", 255) ?? "",
        fields.Text("city", 100) ?? "",
        fields.Text("state", 100) ?? "",
        fields.Text("state_code", 100) ?? "",
        fields.Text("zip", 50) ?? "",
        fields.Text("country", 100) ?? "",
        fields.Text("phone", 50) ?? "",
        fields.Text("fax", 50) ?? "");

    /// <summary>Custom fields named by id, index, api_name or label; one the organisation has not defined is dropped.</summary>
    public static IReadOnlyList<ZohoCustomField> CustomFields(
        ZohoFields fields, IReadOnlyList<ZohoCustomField> defined, IReadOnlyList<ZohoCustomField> before)
    {
        if (fields.Objects("custom_fields") is not { } rows)
            return before;
        var values = before.ToDictionary(field => field.ApiName, StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var (id, api, label, index) = (row.Id("customfield_id"), row.Anything("api_name"), row.Anything("label"), row.Integer("index"));
            var field = defined.FirstOrDefault(one =>
                id is not null ? one.CustomfieldId == id : api is not null ? one.ApiName == api : label is not null ? one.Label == label : one.Index == index);
            if (field is not null)
                values[field.ApiName] = field with { Value = row.Anything("value") ?? "" };
        }

        return values.Values.OrderBy(field => field.Index).ToList();
    }

    /// <summary>Decimals beyond those Zoho stores: refused, rounded or kept, as the organisation is set.</summary>
    public static decimal Fit(decimal value, int decimals, ZohoSettings settings, ZohoFields fields, string name) => settings.ExcessDp switch
    {
        ExcessDecimals.Keep => value,
        _ when decimal.Round(value, decimals) == value => value,
        ExcessDecimals.Reject => throw fields.Invalid(name),
        _ => ZohoArithmetic.Round(value, decimals, settings.Tie),
    };
}
