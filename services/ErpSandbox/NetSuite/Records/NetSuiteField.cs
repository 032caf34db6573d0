namespace OrderSync.ErpSandbox.NetSuite;

/// <summary>What a field of a record holds.</summary>
internal enum NetSuiteForm
{
    Text, Flag, Figure, Rate, Day, Reference, Part, List, Either,
}

/// <summary>A field of a record.</summary>
/// <param name="Name">As JSON spells it; SuiteQL has it in small letters.</param>
/// <param name="Form">What it holds.</param>
internal sealed record NetSuiteField(string Name, NetSuiteForm Form)
{
    /// <summary>Kinds of record that a reference may name; none = a word, such as a country or a state.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>The fields of a part or of a row of a list.</summary>
    public IReadOnlyList<NetSuiteField> Fields { get; init; } = [];

    /// <summary>Whether NetSuite alone writes it.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Which custom fields stand beside it: custentity_, custbody_ or custcol_; of a list, those of its rows.</summary>
    public string? Custom { get; init; }

    public static IEnumerable<NetSuiteField> Text(params string[] names) => Many(NetSuiteForm.Text, names);

    public static IEnumerable<NetSuiteField> Flag(params string[] names) => Many(NetSuiteForm.Flag, names);

    public static IEnumerable<NetSuiteField> Figure(params string[] names) => Many(NetSuiteForm.Figure, names);

    public static IEnumerable<NetSuiteField> Day(params string[] names) => Many(NetSuiteForm.Day, names);

    /// <summary>What NetSuite works out.</summary>
    public static IEnumerable<NetSuiteField> Own(NetSuiteForm form, params string[] names) => Many(form, names).Select(one => one with { ReadOnly = true });

    public static NetSuiteField Ref(string name, params string[] targets) => new(name, NetSuiteForm.Reference) { Targets = targets };

    public static NetSuiteField Part(string name, IEnumerable<NetSuiteField> fields) => new(name, NetSuiteForm.Part) { Fields = [.. fields] };

    public static NetSuiteField List(string name, IEnumerable<NetSuiteField> fields, string? custom = null) => new(name, NetSuiteForm.List) { Fields = [.. fields], Custom = custom };

    private static IEnumerable<NetSuiteField> Many(NetSuiteForm form, string[] names) => names.Select(name => new NetSuiteField(name, form));
}

/// <summary>A kind of record: its fields, and what becomes of one that is written.</summary>
/// <param name="Name">As addresses and JSON spell it.</param>
/// <param name="Fields">All its fields.</param>
/// <param name="Write">Checks and completes a record, whose earlier self may be there; null where the API only reads.</param>
internal sealed record NetSuiteType(string Name, IReadOnlyList<NetSuiteField> Fields, Action<NetSuiteCall, JsonRecord>? Write = null)
{
    /// <summary>Which custom fields it has.</summary>
    public string Custom { get; init; } = "custbody_";

    /// <summary>What SuiteQL calls it among transactions; null where it is none.</summary>
    public string? Transaction { get; init; }

    /// <summary>Checks that it may go, and what else that changes.</summary>
    public Action<NetSuiteCall, System.Text.Json.Nodes.JsonObject>? Delete { get; init; }
}

/// <summary>A record that is being written.</summary>
/// <param name="Type">Its kind.</param>
/// <param name="Row">As it will be.</param>
/// <param name="Before">As it was, if it was.</param>
/// <param name="Sent">What the call names.</param>
internal sealed record JsonRecord(NetSuiteType Type, System.Text.Json.Nodes.JsonObject Row, System.Text.Json.Nodes.JsonObject? Before, System.Text.Json.Nodes.JsonObject Sent);
