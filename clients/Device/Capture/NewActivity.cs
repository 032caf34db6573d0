using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Contracts;
using OrderSync.Contracts.Records;

namespace OrderSync.Device;

/// <summary>Something the rep has done: a visit, a form, a count … A type of the app's own carries what it likes in <see cref="More"/>.</summary>
/// <param name="Type">"visit", "form", "attendance", "audit", "stockCount", "location", or any other word.</param>
public sealed record NewActivity(string Type) : NewRecord
{
    private static readonly HashSet<string> Parts = [.. typeof(ActivityBody).GetProperties().Select(part => JsonNamingPolicy.CamelCase.ConvertName(part.Name))];

    /// <summary>Whom it is about.</summary>
    public CustomerReference? Customer { get; init; }

    /// <summary>Where it was done.</summary>
    public PositionBody? Position { get; init; }

    /// <summary>Of a visit; of anything else: during which visit it was done.</summary>
    public VisitBody? Visit { get; init; }

    /// <summary>Of a form.</summary>
    public FormBody? Form { get; init; }

    /// <summary>Of attendance.</summary>
    public AttendanceBody? Attendance { get; init; }

    /// <summary>Of an audit or a stock count.</summary>
    public IReadOnlyList<CountBody>? Count { get; init; }

    /// <summary>Of a saved location.</summary>
    public LocationBody? Location { get; init; }

    /// <summary>How many files of it, such as photos, will follow.</summary>
    public int? AttachmentsExpected { get; init; }

    /// <summary>The device's own reference.</summary>
    public string? Reference { get; init; }

    /// <summary>Free text.</summary>
    public string? Notes { get; init; }

    /// <summary>Names and values the company defined.</summary>
    public IReadOnlyDictionary<string, string>? CustomFields { get; init; }

    /// <summary>What else a type of the app's own carries, by name.</summary>
    public IReadOnlyDictionary<string, JsonElement>? More { get; init; }

    /// <summary>Records that come first, such as the check-in of the visit.</summary>
    public IReadOnlyList<Guid> After { get; init; } = [];

    /// <summary>Begins a visit; its other steps are made with <see cref="Step"/>.</summary>
    /// <param name="customer">Who is visited.</param>
    public static NewActivity CheckIn(Guid customer) =>
        new("visit") { Visit = new VisitBody(Guid.CreateVersion7(), "checkIn"), Customer = new CustomerReference(customer, null, null) };

    /// <summary>The next step of a visit.</summary>
    /// <param name="visit">Id of the visit.</param>
    /// <param name="checkIn">The record of its check-in: in whatever order they arrive, this one waits for it.</param>
    /// <param name="step">"note", "photo" or "complete".</param>
    public static NewActivity Step(Guid visit, Guid checkIn, string step) => new("visit") { Visit = new VisitBody(visit, step), After = [checkIn] };

    /// <summary>A form as it was filled in.</summary>
    /// <param name="name">Which form.</param>
    /// <param name="version">The version that was shown.</param>
    /// <param name="answers">Each answer by the name of its field.</param>
    public static NewActivity FilledIn(string name, int version, IReadOnlyDictionary<string, object> answers) =>
        new("form") { Form = new FormBody(name, version, JsonSerializer.SerializeToElement(answers, ContractJson.Options)) };

    internal override string Kind => Kinds.Activity;

    internal override IEnumerable<Guid> DependsOn => After.Concat(Customer?.Id is { } id ? [id] : []).Distinct();

    internal override object ToBody(TaxRounding rounding)
    {
        var body = new ActivityBody(Type, Customer, Position, Visit, Form, Attendance, Count, Location, AttachmentsExpected, Reference, Notes, CustomFields);
        if (More is null or { Count: 0 })
            return body;
        var whole = JsonSerializer.SerializeToNode(body, ContractJson.Options)!.AsObject();
        foreach (var (name, value) in More.Where(part => !Parts.Contains(part.Key)))
            whole[name] = JsonNode.Parse(value.GetRawText());
        return whole;
    }

    internal static NewActivity Of(JsonElement json)
    {
        var body = json.Deserialize<ActivityBody>(ContractJson.Options)!;
        return new(body.Type)
        {
            Customer = body.Customer, Position = body.Position, Visit = body.Visit, Form = body.Form, Attendance = body.Attendance, Count = body.Count, Location = body.Location,
            AttachmentsExpected = body.AttachmentsExpected, Reference = body.Reference, Notes = body.Notes, CustomFields = body.CustomFields,
            More = json.EnumerateObject().Where(part => !Parts.Contains(part.Name)).ToDictionary(part => part.Name, part => part.Value.Clone()),
        };
    }
}
