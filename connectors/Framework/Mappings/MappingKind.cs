namespace OrderSync.Framework.Mappings;

/// <summary>A kind of things of ours that the office maps to things of the destination.</summary>
/// <param name="Name">Name in addresses and JSON, such as "tax".</param>
/// <param name="Title">As people call it.</param>
/// <param name="Meaning">What stands on our side, what on theirs, and what happens to what is not mapped.</param>
/// <param name="Listed">Whether the destination can list what stands on its side; else any text is taken.</param>
public sealed record MappingKind(string Name, string Title, string Meaning, bool Listed = true);

/// <summary>A thing of the destination that something of ours can be mapped to.</summary>
/// <param name="Id">Its id there.</param>
/// <param name="Name">As people know it there.</param>
public sealed record Candidate(string Id, string Name);
