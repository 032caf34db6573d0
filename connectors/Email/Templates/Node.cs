namespace OrderSync.Email.Templates;

/// <summary>A part of a template; Line is where it begins.</summary>
internal abstract record Node(int Line)
{
    /// <summary>Stands as it is written.</summary>
    public sealed record Text(int Line, string Content) : Node(Line);

    /// <summary>{{name.part}}: a value of the document.</summary>
    public sealed record Value(int Line, IReadOnlyList<string> Path) : Node(Line);

    /// <summary>{{#if}}, {{#unless}} or {{#each}} with what stands inside and after {{else}}.</summary>
    public sealed record Block(int Line, string Word, IReadOnlyList<string> Path, List<Node> Body, List<Node> Otherwise) : Node(Line);
}
