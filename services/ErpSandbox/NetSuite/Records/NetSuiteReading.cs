using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.NetSuite;

/// <summary>Reads what is sent of a record: known properties only, each in its form, references that lead somewhere. rules.md, "Properties".</summary>
internal sealed class NetSuiteReading(NetSuiteCall call)
{
    /// <summary>What is sent, as it is stored.</summary>
    public JsonObject Read(NetSuiteType type, JsonObject sent) => Object(sent, type.Fields, type.Custom, "");

    private JsonObject Object(JsonObject sent, IReadOnlyList<NetSuiteField> fields, string? custom, string path)
    {
        var read = new JsonObject();
        foreach (var (name, value) in sent)
        {
            var at = path.Length == 0 ? name : $"{path}.{name}";
            if (name is "links" or "id" or "refName")
                continue;
            if (fields.FirstOrDefault(one => one.Name == name) is { } field)
            {
                if (!field.ReadOnly)
                    read[name] = value is null ? null : Value(field, value, at);
            }
            else if (custom is not null && name.StartsWith(custom, StringComparison.Ordinal) && call.Settings.CustomFields.Contains(name))
            {
                read[name] = value is JsonObject choice ? NetSuiteJson.Ref(choice.Text("id") ?? throw Wrong(at), null) : value?.DeepClone();
            }
            else if (call.Strict)
            {
                throw NetSuiteRefusal.Content($"Invalid content in the request body. Unknown reference or field: {name}.", at);
            }
        }

        return read;
    }

    private JsonNode Value(NetSuiteField field, JsonNode value, string at) => field.Form switch
    {
        NetSuiteForm.Text => value.GetValueKind() is JsonValueKind.String or JsonValueKind.Number ? value.ToString() : throw Wrong(at),
        NetSuiteForm.Flag => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? value.GetValue<bool>() : throw Wrong(at),
        NetSuiteForm.Figure => Figure(value, at),
        NetSuiteForm.Rate => Rate(value, at),
        NetSuiteForm.Day => value.GetValueKind() == JsonValueKind.String && DateOnly.TryParseExact(value.GetValue<string>(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : throw Wrong(at),
        NetSuiteForm.Reference => Reference(field, value as JsonObject ?? throw Wrong(at), at),
        NetSuiteForm.Part => Object(value as JsonObject ?? throw Wrong(at), field.Fields, field.Custom, at),
        NetSuiteForm.List => List(field, value as JsonObject ?? throw Wrong(at), at),
        _ => UndepFunds(value, at),
    };

    private JsonObject List(NetSuiteField field, JsonObject value, string at)
    {
        if (value["items"] is not JsonArray rows)
            throw Wrong($"{at}.items");
        return NetSuiteJson.List(rows.Select((row, number) => Object(row as JsonObject ?? throw Wrong($"{at}.items[{number}]"), field.Fields, field.Custom, $"{at}.items[{number}]")));
    }

    private JsonObject Reference(NetSuiteField field, JsonObject value, string at)
    {
        var (id, externalId) = (value.Text("id"), value.Text("externalId"));
        if (id is null && externalId is null)
            throw Wrong(at);
        // A price that belongs to no level.
        if (id == "-1" && field.Targets is ["priceLevel"])
            return NetSuiteJson.Ref("-1", "Custom");
        if (field.Targets.Count == 0)
            return id is not null && (field.Name != "country" || (id.Length == 2 && id.All(char.IsAsciiLetterUpper))) ? NetSuiteJson.Ref(id, null) : throw NetSuiteRefusal.Value(id, field.Name, at);
        foreach (var target in field.Targets)
        {
            if ((id is not null ? call.Account.Find(target, id) : call.Account.FindExternal(target, externalId)) is { } found && !found.Is("isInactive"))
                return NetSuiteJson.Ref(found.Text("id")!, NetSuiteTypes.Called(found));
        }

        throw NetSuiteRefusal.Value(id ?? externalId, field.Name, at);
    }

    private JsonNode UndepFunds(JsonNode value, string at) => call.Settings.UndepFunds == "flag"
        ? value.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? value.GetValue<bool>() : throw Wrong(at)
        : value is JsonObject choice && choice.Text("id") is "T" or "F" ? NetSuiteJson.Ref(value.Text("id")!, null) : throw Wrong(at);

    private static JsonNode Figure(JsonNode value, string at) => value.GetValueKind() is JsonValueKind.Number or JsonValueKind.String
        && decimal.TryParse(value.ToString(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var figure) ? figure : throw Wrong(at);

    private static JsonNode Rate(JsonNode value, string at) => value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is { } text && text.EndsWith('%')
        ? decimal.TryParse(text[..^1], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _) ? text : throw Wrong(at)
        : Figure(value, at);

    private static NetSuiteRefusal Wrong(string at) => NetSuiteRefusal.Content($"Invalid content in the request body: the value of {at} has the wrong form.", at);
}
