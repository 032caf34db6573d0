using System.Collections.Frozen;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using OrderSync.Contracts;
using OrderSync.Contracts.Records;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Schemas;

/// <summary>
/// The shape of each kind of record as JSON Schema 2020-12, envelope and body. Made of the contract types and of the attributes on them that the
/// rules check, so what is published is what is judged.
/// </summary>
internal sealed class RecordSchemas
{
    private static readonly JsonSerializerOptions Json = new(ContractJson.Options) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
    private static readonly JsonSchemaExporterOptions Exporter = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = (context, node) => Limit(context, node) };

    private readonly FrozenDictionary<(string Kind, int Version), JsonObject> schemas;

    public RecordSchemas(IEnumerable<IRecordKind> kinds) =>
        schemas = kinds.ToFrozenDictionary(kind => (kind.Name, Shapes.NewestOf(kind.Name)), kind => Of(kind.Name, Shapes.NewestOf(kind.Name), kind.Body));

    public IEnumerable<(string Kind, int Version)> All => schemas.Keys.Order();

    public JsonObject? Find(string kind, int version) => schemas.GetValueOrDefault((kind, version));

    /// <summary>Where a schema is published.</summary>
    public static string PathOf(string kind, int version) => $"/v1/schemas/{kind}/{version.ToString(CultureInfo.InvariantCulture)}";

    private static JsonObject Of(string kind, int version, Type body)
    {
        var envelope = Json.GetJsonSchemaAsNode(typeof(RecordEnvelope), Exporter).AsObject();
        envelope["properties"]!["kind"] = new JsonObject { ["const"] = kind };
        envelope["properties"]!["schema"] = new JsonObject { ["const"] = version };
        envelope["properties"]!["body"] = Json.GetJsonSchemaAsNode(body, Exporter);
        var schema = new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["$id"] = PathOf(kind, version), ["title"] = kind };
        foreach (var (name, value) in envelope)
            schema[name] = value?.DeepClone();
        return schema;
    }

    private static JsonNode Limit(JsonSchemaExporterContext context, JsonNode node)
    {
        if (node is not JsonObject schema)
            return node;

        if (context.PropertyInfo is null && context.TypeInfo.Kind == JsonTypeInfoKind.Object)
            Require(context, schema);
        else if (context.PropertyInfo?.AttributeProvider is { } attributes)
        {
            if (context.TypeInfo.Kind == JsonTypeInfoKind.Object)
                Require(context, schema);
            foreach (var attribute in attributes.GetCustomAttributes(inherit: true))
                Limit(schema, attribute);
        }

        if (context.TypeInfo.Kind == JsonTypeInfoKind.Dictionary)
        {
            schema["propertyNames"] = new JsonObject { ["maxLength"] = Limits.MostName };
            schema["additionalProperties"] = new JsonObject { ["type"] = "string", ["maxLength"] = Limits.MostValue };
        }

        return schema;
    }

    // The exporter goes by constructors; what a record must really have is said by the contract.
    private static void Require(JsonSchemaExporterContext context, JsonObject schema)
    {
        schema.Remove("required");
        var required = context.TypeInfo.Properties.Where(property => property.AttributeProvider?.IsDefined(typeof(RequiredAttribute), inherit: true) == true).Select(property => (JsonNode)property.Name).ToArray();
        if (required.Length > 0)
            schema["required"] = new JsonArray(required);
    }

    private static void Limit(JsonObject schema, object attribute)
    {
        var isText = schema["type"] is { } type && type.ToJsonString().Contains("string", StringComparison.Ordinal);
        var isMap = schema["type"] is { } kind && kind.ToJsonString().Contains("object", StringComparison.Ordinal);
        switch (attribute)
        {
            case RequiredAttribute when schema["type"] is JsonArray types:
                schema["type"] = types.First(type => type!.GetValue<string>() != "null")!.DeepClone();
                break;
            case MaxLengthAttribute most:
                schema[isText ? "maxLength" : isMap ? "maxProperties" : "maxItems"] = most.Length;
                if (!isText && !isMap && schema["items"] is JsonObject entry && entry["type"]?.ToJsonString().Contains("string", StringComparison.Ordinal) == true)
                    entry["maxLength"] = Limits.MostEntry;
                break;
            case StringLengthAttribute length:
                schema["minLength"] = length.MinimumLength;
                schema["maxLength"] = length.MaximumLength;
                break;
            case LengthAttribute length:
                schema["minItems"] = length.MinimumLength;
                schema["maxItems"] = length.MaximumLength;
                break;
            case AllowedValuesAttribute allowed:
                schema["enum"] = new JsonArray([.. allowed.Values.Select(value => (JsonNode?)JsonValue.Create(value as string))]);
                break;
            case RangeAttribute range:
                schema["minimum"] = JsonValue.Create(Convert.ToInt64(range.Minimum, CultureInfo.InvariantCulture));
                schema["maximum"] = JsonValue.Create(Convert.ToInt64(range.Maximum, CultureInfo.InvariantCulture));
                break;
            case FigureAttribute figure:
                schema[figure.AboveLeast ? "exclusiveMinimum" : "minimum"] = (decimal)figure.Least;
                schema["maximum"] = (decimal)figure.Most;
                // "multipleOf" is not said: validators that compute in binary refuse 10.25 as a multiple of 0.00001.
                if (figure.Decimals < 28)
                    schema["description"] = $"At most {figure.Decimals.ToString(CultureInfo.InvariantCulture)} decimals.";
                break;
            default:
                break;
        }
    }
}
