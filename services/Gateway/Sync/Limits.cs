using System.Collections;
using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using OrderSync.Contracts.Records;

namespace OrderSync.Gateway.Sync;

/// <summary>Checks a body against the limits its contract states. The published schemas are made of the same attributes.</summary>
internal static class Limits
{
    /// <summary>Most characters of a custom field's name and of its value.</summary>
    public const int MostName = 100, MostValue = 4_000;

    /// <summary>Most characters of an entry of a list of texts.</summary>
    public const int MostEntry = 100;

    private static readonly ConcurrentDictionary<Type, Member[]> Known = new();

    /// <summary>The first text, list or entry that cannot be taken, or null.</summary>
    public static Fault? WhyNot(object body)
    {
        foreach (var member in Known.GetOrAdd(body.GetType(), MembersOf))
        {
            if (member.Property.GetValue(body) is { } value && member.WhyNot(value) is { } fault)
                return fault;
        }

        return null;
    }

    /// <summary>What the contract states of a property.</summary>
    public static TRule Rule<TBody, TRule>(string property) where TRule : Attribute => typeof(TBody).GetProperty(property)!.GetCustomAttribute<TRule>()!;

    /// <summary>Range and precision of a figure, as its contract states them.</summary>
    public static FigureAttribute Figure<TBody>(string property) => Rule<TBody, FigureAttribute>(property);

    /// <summary>Most characters or entries, as its contract states them.</summary>
    public static int Most<TBody>(string property) => MostOf(typeof(TBody).GetProperty(property)!)!.Value;

    /// <summary>Whether a text is one of those its contract lists.</summary>
    public static bool Allows<TBody>(string property, string? value) => Rule<TBody, AllowedValuesAttribute>(property).Values.Contains(value);

    private static Member[] MembersOf(Type type) =>
    [
        .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(property => new Member(property, JsonNamingPolicy.CamelCase.ConvertName(property.Name), MostOf(property), property.GetCustomAttribute<RangeAttribute>()))
            .Where(member => member.Checks),
    ];

    private static int? MostOf(PropertyInfo property) =>
        property.GetCustomAttribute<MaxLengthAttribute>()?.Length ?? property.GetCustomAttribute<LengthAttribute>()?.MaximumLength;

    private sealed record Member(PropertyInfo Property, string Name, int? Most, RangeAttribute? Range)
    {
        private readonly bool isContract = Property.PropertyType.Namespace == typeof(OrderBody).Namespace;

        public bool Checks => Most is not null || Range is not null || isContract;

        public Fault? WhyNot(object value) => value switch
        {
            int or long => Range!.IsValid(Convert.ToDouble(value, CultureInfo.InvariantCulture)) ? null : new Fault("number.outOfRange", Name, new Dictionary<string, string>
            {
                ["name"] = Name, ["least"] = Convert.ToString(Range.Minimum, CultureInfo.InvariantCulture)!, ["most"] = Convert.ToString(Range.Maximum, CultureInfo.InvariantCulture)!,
            }),
            string text => Texts.WhyNot((Name, text, Most ?? int.MaxValue)),
            IReadOnlyDictionary<string, string> fields => TooMany(fields.Count) ?? Fields(fields, Name),
            ICollection list => TooMany(list.Count) ?? Entries(list)?.Under(Name),
            _ => isContract ? Limits.WhyNot(value)?.Under(Name + ".") : null,
        };

        private Fault? TooMany(int count) => count > Most
            ? new Fault("list.tooLong", Name, new Dictionary<string, string> { ["name"] = Name, ["count"] = Text(count), ["most"] = Text(Most!.Value) })
            : null;

        private static Fault? Entries(ICollection list)
        {
            var index = 0;
            foreach (var entry in list)
            {
                if (entry is null)
                    return new Fault("record.unreadable", $"[{Text(index)}]");
                if (entry is string text)
                {
                    if (Texts.WhyNot(("", text, MostEntry)) is { } wrong)
                        return wrong.Under($"[{Text(index)}]");
                }
                else if (Limits.WhyNot(entry) is { } fault)
                    return fault.Under($"[{Text(index)}].");
                index++;
            }

            return null;
        }

        private static Fault? Fields(IReadOnlyDictionary<string, string> fields, string field)
        {
            foreach (var (name, value) in fields)
            {
                if (Texts.WhyNot((field, name, MostName), ($"{field}.{name}", value, MostValue)) is { } fault)
                    return fault;
            }

            return null;
        }

        private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
    }
}
