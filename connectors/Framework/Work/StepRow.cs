using System.Globalization;

namespace OrderSync.Framework.Work;

/// <summary>A step as the ledger knows it.</summary>
/// <param name="Revision">Revision it writes.</param>
/// <param name="Name">As the connector calls it.</param>
/// <param name="State">One of the words below.</param>
/// <param name="UnsureSince">From here the ambiguity window counts; null while nobody has noticed the open intent.</param>
/// <param name="EmptyLookAt">The first look after the window that found nothing.</param>
/// <param name="Result">What the write gave, as JSON.</param>
/// <param name="SentAs">Revision and number of refusals that the key of the write is made of; what is closed holds those of the next write.</param>
internal sealed record StepRow(
    int Revision, string Name, string State, DateTimeOffset? UnsureSince, DateTimeOffset? EmptyLookAt, string? Result, string? SentAs = null)
{
    /// <summary>What the next write of this step is sent as, so long as nobody said no to it.</summary>
    public string Series => SentAs ?? $"{Revision}.0";

    /// <summary>What it is sent as after a definite no.</summary>
    public string NextSeries => $"{Series[..(Series.IndexOf('.', StringComparison.Ordinal) + 1)]}{int.Parse(Series[(Series.IndexOf('.', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture) + 1}";

    /// <summary>Begun: it may have taken effect.</summary>
    public const string Open = "open";

    /// <summary>It took effect.</summary>
    public const string Done = "done";

    /// <summary>It took no effect.</summary>
    public const string Closed = "closed";
}
