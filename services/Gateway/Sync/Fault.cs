using System.Text.Json.Nodes;

namespace OrderSync.Gateway.Sync;

/// <summary>Why a record is not accepted: a stable code and its parameters; the sentence is made when it is read.</summary>
/// <param name="Code">Dotted camelCase, in the catalogue of <see cref="Sentences"/>.</param>
/// <param name="Field">Which field, such as "lines[2].quantity".</param>
/// <param name="Params">Values for the sentence.</param>
internal sealed record Fault(string Code, string? Field, IReadOnlyDictionary<string, string>? Params = null)
{
    private const int MostText = 200;

    /// <summary>Named by whoever sent it: cut and cleaned, so that a column holds it.</summary>
    public string? Field { get; } = Field is null ? null : Texts.Fit(Field, MostText);

    /// <summary>Cut and cleaned too: they quote what was sent.</summary>
    public IReadOnlyDictionary<string, string>? Params { get; } = Params?.ToDictionary(pair => pair.Key, pair => Texts.Fit(pair.Value, MostText));

    /// <summary>The same fault of a field that lies deeper: the path is put in front where there is a fault, not made for every field that is looked at.</summary>
    public Fault Under(string path) => new(Code, path + Field, Params?.ToDictionary(pair => pair.Key, pair => pair.Key == "name" ? path + pair.Value : pair.Value));

    public JsonObject? ParamsJson() => Params is null ? null : new JsonObject(Params.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
}
