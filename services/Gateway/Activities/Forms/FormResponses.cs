using System.Text.Json;
using OrderSync.Contracts.Records;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Activities.Forms;

/// <summary>Forms as they were filled in, judged by the version they were captured with, whichever is the newest now.</summary>
internal sealed class FormResponses : IActivityType
{
    public const string VersionUnknown = "form.versionUnknown";

    public string Name => "form";

    public void Want(PushedRecord record, ActivityBody activity, Wanted wanted)
    {
        if (activity.Form is { Name: { Length: > 0 and <= 100 } name } form)
            wanted.Forms.Add((name, form.Version));
    }

    public void Judge(Judged judged, ActivityBody activity, Known known)
    {
        if (activity.Form is not { Name.Length: > 0, Answers.ValueKind: JsonValueKind.Object } form)
            judged.Refuse(new Fault("form.missing", "form"));
        else if (!known.Forms.TryGetValue((form.Name, form.Version), out var fields))
            judged.Hold(new Fault(VersionUnknown, "form.version", new Dictionary<string, string> { ["form"] = form.Name, ["version"] = Figures.Text(form.Version) }));
        else if (WhyNot(form.Answers, fields) is { } fault)
            judged.Refuse(fault);
    }

    /// <summary>The first answer that does not fit the form, or is missing.</summary>
    public static Fault? WhyNot(JsonElement answers, IReadOnlyList<FormField> fields)
    {
        foreach (var field in fields)
        {
            var given = answers.TryGetProperty(field.Name!, out var answer) && FormField.IsGiven(answer);
            if (given ? !field.Takes(answer) : field.Required)
                return new Fault(given ? "form.answer.invalid" : "form.answer.missing", $"form.answers.{field.Name}", new Dictionary<string, string> { ["label"] = field.Label! });
        }

        return answers.EnumerateObject().Where(answer => fields.All(field => field.Name != answer.Name))
            .Select(answer => new Fault("form.answer.unknown", $"form.answers.{answer.Name}", new Dictionary<string, string> { ["label"] = answer.Name })).FirstOrDefault();
    }
}
