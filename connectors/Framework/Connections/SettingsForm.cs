using System.Collections.Frozen;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using OrderSync.Contracts;

namespace OrderSync.Framework.Connections;

/// <summary>One setting of a connection, as people are told about it.</summary>
/// <param name="Name">Name in JSON.</param>
/// <param name="Type">text, number, yesNo, list, object, or the allowed words separated by "|".</param>
/// <param name="Default">Value when it is not set.</param>
/// <param name="Meaning">From the docstring.</param>
/// <param name="Secret">Kept encrypted, never shown again.</param>
/// <param name="Required">It cannot be left out.</param>
/// <param name="Range">Least and greatest value of a number.</param>
/// <param name="General">Whether all connectors have it: limits and pauses, which are seldom touched.</param>
internal sealed record Setting(string Name, string Type, JsonNode? Default, string Meaning, bool Secret, bool Required, SettingRange? Range, bool General);

/// <summary>What a number must lie between.</summary>
internal sealed record SettingRange(decimal Least, decimal Most);

/// <summary>The settings of a connector's connections, described and checked by their type.</summary>
internal sealed class SettingsForm
{
    private readonly Type type;
    private readonly FrozenDictionary<string, PropertyInfo> properties;

    public SettingsForm(ConnectorInfo info)
    {
        type = info.Settings;
        properties = type.GetProperties().Where(property => property.SetMethod is not null)
            .ToFrozenDictionary(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name), StringComparer.OrdinalIgnoreCase);
        var defaults = JsonSerializer.SerializeToNode(Activator.CreateInstance(type), type, ContractJson.Options)!.AsObject();
        var docs = Docs(type).Concat(Docs(typeof(ConnectionSettings))).ToLookup(doc => doc.Name, doc => doc.Text);
        // The connector's own first, as written; then what all have.
        Settings = properties.OrderBy(pair => pair.Value.DeclaringType != type).ThenBy(pair => pair.Value.MetadataToken).Select(pair => new Setting(
            pair.Key, TypeName(pair.Value.PropertyType), IsSecret(pair.Value) ? null : defaults[pair.Key]?.DeepClone(),
            docs[$"P:{pair.Value.DeclaringType!.FullName}.{pair.Value.Name}"].FirstOrDefault() ?? "", IsSecret(pair.Value),
            pair.Value.GetCustomAttribute<RequiredAttribute>() is not null, RangeOf(pair.Value), pair.Value.DeclaringType == typeof(ConnectionSettings))).ToList();
    }

    /// <summary>All settings, in the order they are written in.</summary>
    public IReadOnlyList<Setting> Settings { get; }

    /// <summary>Splits what a person sent into settings and secrets and checks it together with the secrets known before.</summary>
    /// <exception cref="SettingsRefusedException">Says of each field that is wrong why.</exception>
    public (ConnectionSettings Settings, string Json, IReadOnlyDictionary<string, string> Secrets) Take(JsonObject sent, IReadOnlyDictionary<string, string> known)
    {
        var wrong = new SettingsRefusedException();
        var secrets = new Dictionary<string, string>(known, StringComparer.OrdinalIgnoreCase);
        var plain = new JsonObject();
        foreach (var (name, value) in sent)
        {
            if (!properties.TryGetValue(name, out var property))
                wrong.Add(name, $"There is no setting {name}. Known are: {string.Join(", ", Settings.Select(setting => setting.Name))}.");
            else if (!IsSecret(property))
                plain[JsonNamingPolicy.CamelCase.ConvertName(property.Name)] = value?.DeepClone();
            else if (value is null)
                continue;
            else if (value.GetValueKind() != JsonValueKind.String)
                wrong.Add(name, $"{name} must be text.");
            else if (value.GetValue<string>() is { Length: > 0 } text)
                secrets[property.Name] = text;
            else
                secrets.Remove(property.Name);
        }

        var whole = (JsonObject)plain.DeepClone();
        foreach (var (name, value) in secrets)
            whole[JsonNamingPolicy.CamelCase.ConvertName(name)] = value;
        CheckForms(whole, wrong);
        wrong.ThrowIfAny();
        var settings = Read(whole);
        foreach (var setting in Settings)
            Check(setting, properties[setting.Name].GetValue(settings), wrong);
        // What the connector says of a field is the better word.
        if (settings.WhyNot() is { } reason)
            wrong.Put(Settings.FirstOrDefault(setting => reason.Contains(setting.Name, StringComparison.OrdinalIgnoreCase))?.Name, reason);
        wrong.ThrowIfAny();
        return (settings, plain.ToJsonString(ContractJson.Options), secrets);
    }

    /// <summary>What a connection's settings would be with some of them changed.</summary>
    /// <exception cref="SettingsRefusedException">Says which field is wrong and why.</exception>
    public ConnectionSettings TryOver(Connection connection, JsonObject changes)
    {
        var whole = JsonSerializer.SerializeToNode(connection.Settings<ConnectionSettings>(), type, ContractJson.Options)!.AsObject();
        var sent = new JsonObject();
        foreach (var setting in Settings.Where(setting => !setting.Secret && whole[setting.Name] is not null))
            sent[setting.Name] = whole[setting.Name]!.DeepClone();
        foreach (var (name, value) in changes)
            sent[properties.TryGetValue(name, out var property) ? JsonNamingPolicy.CamelCase.ConvertName(property.Name) : name] = value?.DeepClone();
        return Take(sent, new Dictionary<string, string>()).Settings;
    }

    /// <summary>Settings as stored.</summary>
    public ConnectionSettings Read(string json) => (ConnectionSettings)JsonSerializer.Deserialize(json, type, ContractJson.Options)!;

    private ConnectionSettings Read(JsonObject whole) => (ConnectionSettings)whole.Deserialize(type, ContractJson.Options)!;

    // One by one: a person who mends a form wants to see all that is wrong with it.
    private void CheckForms(JsonObject whole, SettingsRefusedException wrong)
    {
        foreach (var setting in Settings)
        {
            try
            {
                if (whole.ContainsKey(setting.Name))
                    Read(new JsonObject { [setting.Name] = whole[setting.Name]?.DeepClone() });
            }
            catch (JsonException)
            {
                wrong.Add(setting.Name, $"{setting.Name} does not have the right form: it must be {setting.Type}.");
            }
        }
    }

    private static void Check(Setting setting, object? value, SettingsRefusedException wrong)
    {
        if (setting.Required && value is null or "")
            wrong.Add(setting.Name, $"{setting.Name} is missing. {setting.Meaning}");
        if (setting.Range is { } range && value is not null && Convert.ToDecimal(value, CultureInfo.InvariantCulture) is var number && (number < range.Least || number > range.Most))
            wrong.Add(setting.Name, string.Create(CultureInfo.InvariantCulture, $"{setting.Name} must lie between {range.Least} and {range.Most}."));
    }

    private static SettingRange? RangeOf(PropertyInfo property) => property.GetCustomAttribute<RangeAttribute>() is { } range
        ? new(Convert.ToDecimal(range.Minimum, CultureInfo.InvariantCulture), Convert.ToDecimal(range.Maximum, CultureInfo.InvariantCulture))
        : null;

    private static bool IsSecret(PropertyInfo property) => property.GetCustomAttribute<SecretAttribute>() is not null;

    private static string TypeName(Type type)
    {
        var inner = Nullable.GetUnderlyingType(type) ?? type;
        if (inner.IsEnum)
            return string.Join('|', Enum.GetNames(inner).Select(JsonNamingPolicy.CamelCase.ConvertName));
        if (inner == typeof(string) || inner == typeof(Uri))
            return "text";
        if (inner == typeof(bool))
            return "yesNo";
        if (inner.IsPrimitive || inner == typeof(decimal))
            return "number";
        return inner.IsAssignableTo(typeof(System.Collections.IEnumerable)) && !inner.Name.Contains("Dictionary", StringComparison.Ordinal) ? "list" : "object";
    }

    // The compiler writes docstrings into a file beside the assembly.
    private static IEnumerable<(string Name, string Text)> Docs(Type type)
    {
        var file = Path.ChangeExtension(type.Assembly.Location, ".xml");
        return !File.Exists(file) ? [] : XDocument.Load(file).Descendants("member").Select(member =>
            (member.Attribute("name")?.Value ?? "", string.Join(' ', Words(member.Element("summary")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));
    }

    // A reference to another setting is read as its name in JSON.
    private static string Words(XElement? text) => text is null ? "" : string.Concat(text.Nodes().Select(node => node switch
    {
        XText words => words.Value,
        XElement { Name.LocalName: "see" } see => see.Attribute("langword")?.Value
            ?? JsonNamingPolicy.CamelCase.ConvertName((see.Attribute("cref")?.Value ?? see.Value).Split('.', ':')[^1]),
        XElement element => Words(element),
        _ => "",
    }));
}

