namespace OrderSync.Framework.Work;

/// <summary>A step as the ledger knows it.</summary>
/// <param name="Revision">Revision it writes.</param>
/// <param name="Name">As the connector calls it.</param>
/// <param name="State">One of the words below.</param>
/// <param name="UnsureSince">From here the ambiguity window counts; null while nobody has noticed the open intent.</param>
/// <param name="EmptyLookAt">The first look after the window that found nothing.</param>
/// <param name="Result">What the write gave, as JSON.</param>
internal sealed record StepRow(int Revision, string Name, string State, DateTimeOffset? UnsureSince, DateTimeOffset? EmptyLookAt, string? Result)
{
    /// <summary>Begun: it may have taken effect.</summary>
    public const string Open = "open";

    /// <summary>It took effect.</summary>
    public const string Done = "done";

    /// <summary>It took no effect.</summary>
    public const string Closed = "closed";
}
