using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrderSync.Console.Connections;

/// <summary>One setting on a form: how it is described, what stands in it, and what is wrong with that.</summary>
public sealed class SettingField
{
    private const int LongText = 80;
    private const string Stored = "set";

    internal SettingField(Setting setting, JsonNode? value)
    {
        Setting = setting;
        IsSet = setting.Secret && (string?)value == Stored;
        Value = setting.Secret ? "" : Shown(value ?? (setting.Default is { } given ? JsonNode.Parse(given.GetRawText()) : null));
        IsLong = setting.Type is "list" or "object" || Value.Length > LongText || Value.Contains('\n', StringComparison.Ordinal)
            || setting.Name.EndsWith("Template", StringComparison.Ordinal) || setting.Name is "style" or "terms" or "logo";
    }

    internal Setting Setting { get; }

    /// <summary>What stands in it; of a secret nothing.</summary>
    public string Value { get; private set; }

    /// <summary>What is wrong with it.</summary>
    public string? Error { get; set; }

    /// <summary>Whether a secret is stored.</summary>
    public bool IsSet { get; }

    /// <summary>Whether it is worth several lines.</summary>
    public bool IsLong { get; }

    /// <summary>Name of the input.</summary>
    public string Input => $"s-{Setting.Name}";

    /// <summary>Name of the box that takes a secret away.</summary>
    public string Forget => $"forget-{Setting.Name}";

    /// <summary>The connector's words with the label in place of the name.</summary>
    public string Plain(string error) => error.Replace(Setting.Name, Words.Label(Setting.Name), StringComparison.OrdinalIgnoreCase);

    /// <summary>Takes what a person sent: it stays on the form, and goes into the settings unless it is left as it is by default.</summary>
    public void Take(IFormCollection sent, JsonObject settings)
    {
        var text = sent[Input].ToString().ReplaceLineEndings("\n").Trim();
        if (Setting.Secret)
        {
            if (sent.ContainsKey(Forget))
                settings[Setting.Name] = "";
            else if (text.Length > 0)
                settings[Setting.Name] = text;
            return;
        }

        Value = Setting.Type == "yesNo" ? sent.ContainsKey(Input) ? "true" : "false" : text;
        if (Read() is { } value && Shown(value) != (Setting.Default is { } given ? Shown(JsonNode.Parse(given.GetRawText())) : ""))
            settings[Setting.Name] = value;
    }

    private JsonNode? Read() => Setting.Type switch
    {
        "yesNo" => Value == "true",
        "list" => new JsonArray([.. Value.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => (JsonNode?)line)]),
        _ when Value.Length == 0 => null,
        "number" => decimal.TryParse(Value, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : JsonValue.Create(Value),
        "object" => Parsed(),
        _ => JsonValue.Create(Value),
    };

    private JsonNode? Parsed()
    {
        try
        {
            return JsonNode.Parse(Value);
        }
        catch (JsonException)
        {
            // The connector says what it must be.
            return JsonValue.Create(Value);
        }
    }

    private static string Shown(JsonNode? value) => value switch
    {
        null => "",
        JsonArray list => string.Join('\n', list.Select(Shown)),
        JsonValue one when one.TryGetValue<string>(out var text) => text,
        _ => value.ToJsonString(),
    };
}
