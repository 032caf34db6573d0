using System.Text.Json;

namespace OrderSync.Gateway.Activities.Forms;

/// <summary>A field of a form.</summary>
/// <param name="Name">Under which its answer is sent.</param>
/// <param name="Label">The question as people read it.</param>
/// <param name="Type">text, number, yesNo, date, choice or choices.</param>
/// <param name="Required">Whether there must be an answer.</param>
/// <param name="Choices">Of choice and choices: what can be answered.</param>
/// <param name="Least">Of a number: the least.</param>
/// <param name="Most">Of a number: the most. Of a text: characters.</param>
internal sealed record FormField(string? Name, string? Label, string? Type, bool Required = false, IReadOnlyList<string>? Choices = null, decimal? Least = null, decimal? Most = null)
{
    /// <summary>What a field can be.</summary>
    public static readonly string[] Types = ["text", "number", "yesNo", "date", "choice", "choices"];

    private const int LongestText = 10_000;

    /// <summary>Whether an answer was given; an empty one is none.</summary>
    public static bool IsGiven(JsonElement answer) => answer.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => false,
        JsonValueKind.String => answer.GetString()!.Length > 0,
        JsonValueKind.Array => answer.GetArrayLength() > 0,
        _ => true,
    };

    /// <summary>Whether an answer that was given fits.</summary>
    public bool Takes(JsonElement answer) => (Type, answer.ValueKind) switch
    {
        ("text", JsonValueKind.String) => answer.GetString()!.Length <= (Most ?? LongestText),
        ("number", JsonValueKind.Number) => answer.TryGetDecimal(out var number) && number >= (Least ?? decimal.MinValue) && number <= (Most ?? decimal.MaxValue),
        ("yesNo", JsonValueKind.True or JsonValueKind.False) => true,
        ("date", JsonValueKind.String) => DateOnly.TryParseExact(answer.GetString(), "yyyy-MM-dd", out _),
        ("choice", JsonValueKind.String) => Choices!.Contains(answer.GetString()!),
        ("choices", JsonValueKind.Array) => answer.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String && Choices!.Contains(one.GetString()!)),
        _ => false,
    };
}
