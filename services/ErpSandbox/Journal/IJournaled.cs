using System.Text.Json;

namespace OrderSync.ErpSandbox;

/// <summary>A part of the sandbox whose state is kept by the journal.</summary>
internal interface IJournaled
{
    /// <summary>Kinds that begin with this belong to the part.</summary>
    string Prefix { get; }

    /// <summary>Takes one kept change back in, in the order it was made.</summary>
    void Replay(string kind, string scope, JsonElement value);
}

/// <summary>One change: what kind of thing, whose, and how it stands after the change.</summary>
internal sealed record JournalLine(string Kind, string Scope, JsonElement Value);
