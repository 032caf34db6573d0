using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.NetSuite;

/// <summary>What the records of this account look like, with its custom fields. rules.md, "Metadata".</summary>
internal static class NetSuiteMetadata
{
    private const string Document = "application/swagger+json";

    /// <summary>GET /record/v1/metadata-catalog?select=</summary>
    public static ErpAnswer Run(NetSuiteCall call)
    {
        var wanted = call.Request.Query["select"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var types = wanted.Length == 0 ? NetSuiteTypes.All : wanted.Select(name => NetSuiteTypes.Find(name) ?? throw NetSuiteRefusal.Query("select", $"There is no record {name}.")).ToList();
        if (call.Request.Header("Accept")?.Contains(Document, StringComparison.OrdinalIgnoreCase) != true)
        {
            return NetSuiteAnswer.Of(new JsonObject
            {
                ["items"] = new JsonArray([.. types.Select(type => new JsonObject { ["name"] = type.Name, ["links"] = NetSuiteView.Links($"{call.Services}/record/v1/metadata-catalog/{type.Name}") })]),
            });
        }

        var schemas = new JsonObject();
        foreach (var type in types)
            schemas[type.Name] = Schema(call, type.Fields, type.Custom);
        return NetSuiteAnswer.Of(new JsonObject { ["openapi"] = "3.0.1", ["components"] = new JsonObject { ["schemas"] = schemas } }) with { ContentType = Document };
    }

    private static JsonObject Schema(NetSuiteCall call, IReadOnlyList<NetSuiteField> fields, string? custom)
    {
        var properties = new JsonObject();
        foreach (var field in fields)
        {
            var of = Of(call, field);
            if (field.ReadOnly)
                of["readOnly"] = true;
            properties[field.Name] = of;
        }

        foreach (var name in call.Settings.CustomFields.Where(name => custom is not null && name.StartsWith(custom, StringComparison.Ordinal)))
            properties[name] = new JsonObject { ["type"] = "string" };
        return new JsonObject { ["type"] = "object", ["properties"] = properties };
    }

    private static JsonObject Of(NetSuiteCall call, NetSuiteField field) => field.Form switch
    {
        NetSuiteForm.Flag => new() { ["type"] = "boolean" },
        NetSuiteForm.Figure => new() { ["type"] = "number" },
        NetSuiteForm.Day => new() { ["type"] = "string", ["format"] = "date" },
        NetSuiteForm.Reference => Reference(),
        NetSuiteForm.Either => call.Settings.UndepFunds == "flag" ? new() { ["type"] = "boolean" } : Reference(),
        NetSuiteForm.Part => Schema(call, field.Fields, field.Custom),
        NetSuiteForm.List => new()
        {
            ["type"] = "object", ["properties"] = new JsonObject { ["items"] = new JsonObject { ["type"] = "array", ["items"] = Schema(call, field.Fields, field.Custom) } },
        },
        _ => new() { ["type"] = "string" },
    };

    private static JsonObject Reference() => new() { ["type"] = "object", ["properties"] = new JsonObject { ["id"] = new JsonObject { ["type"] = "string" } } };
}
