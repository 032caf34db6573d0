using System.CommandLine;

namespace OrderSync.Simulator;

/// <summary>Options that are a number within limits; another one is refused with what is possible.</summary>
internal static class CountOption
{
    /// <summary>An option with a standard value.</summary>
    public static Option<int> Create(string name, string description, int standard, int most, int least = 1)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => standard };
        Within(option, least, most);
        return option;
    }

    /// <summary>Refuses what is below 1 or above the most.</summary>
    public static void AtLeastOne(Option option, int most) => Within(option, 1, most);

    private static void Within(Option option, int least, int most) => option.Validators.Add(parsed =>
    {
        if (parsed.Tokens.Count == 1 && int.TryParse(parsed.Tokens[0].Value, out var value) && (value < least || value > most))
            parsed.AddError(most == int.MaxValue ? $"{option.Name} must be at least {least}." : $"{option.Name} must be between {least} and {most}.");
    });
}
