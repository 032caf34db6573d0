using System.Globalization;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Activities.Forms;

/// <summary>What a form must be before it is published: every answer a device could give is either right or wrong.</summary>
internal static class FormRules
{
    private const int MostFields = 200;
    private const int MostChoices = 500;
    private const int MostVersions = 1_000_000;

    public static string? WhyNot(string name, FormRequest request)
    {
        if (string.IsNullOrWhiteSpace(name) || string.IsNullOrWhiteSpace(request.Title) || Texts.WhyNot(("name", name, 100), ("title", request.Title, 200)) is not null)
            return "A form has a name of 1 to 100 characters and a title of 1 to 200.";
        if (request.Version is < 1 or > MostVersions)
            return string.Create(CultureInfo.InvariantCulture, $"version is from 1 to {MostVersions}.");
        if (request.Fields is null or { Count: 0 } || request.Fields.Count > MostFields)
            return string.Create(CultureInfo.InvariantCulture, $"A form has 1 to {MostFields} fields.");
        for (var i = 0; i < request.Fields.Count; i++)
            if (WhyNot(request.Fields[i]) is { } wrong)
                return string.Create(CultureInfo.InvariantCulture, $"fields[{i}] {wrong}");
        return request.Fields.Select(field => field.Name).Distinct(StringComparer.Ordinal).Count() < request.Fields.Count ? "Two fields have the same name." : null;
    }

    private static string? WhyNot(FormField? field)
    {
        if (field is not { Name.Length: > 0, Label.Length: > 0 } || Texts.WhyNot(("name", field.Name, 100), ("label", field.Label, 500)) is not null)
            return "needs a name of 1 to 100 characters and a label of 1 to 500.";
        if (!FormField.Types.Contains(field.Type))
            return $"has no type we know: choose {string.Join(", ", FormField.Types)}.";
        if (field.Type is "choice" or "choices")
            return field.Choices is { Count: > 0 and <= MostChoices } choices && choices.All(choice => choice is { Length: > 0 } && Texts.WhyNot(("choice", choice, 200)) is null)
                ? null
                : "needs choices of 1 to 200 characters.";
        return field.Least > field.Most ? "has a least above its most." : null;
    }
}
