namespace OrderSync.Simulator.Fleet;

/// <summary>A request that is about to pass a line.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Path">Such as /v1/sync/push.</param>
/// <param name="Length">Bytes of head and body.</param>
internal sealed record LineRequest(string Method, string Path, int Length);

/// <summary>What becomes of one request on a line; the default is that it passes.</summary>
internal sealed record LineFate
{
    public static readonly LineFate Passes = new();

    /// <summary>How long it is under way.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>After so many of its bytes the line is cut.</summary>
    public int? CutRequestAt { get; init; }

    /// <summary>After so many bytes of its answer the line is cut.</summary>
    public int? CutAnswerAt { get; init; }

    /// <summary>Something on the way answers this, head and body, and it never arrives: a server that asks to come later, a hotel's log-in page.</summary>
    public string? AnsweredWith { get; init; }

    /// <summary>It arrives a second time, at the same moment; whoever sent it does not see that answer.</summary>
    public bool Twice { get; init; }

    /// <summary>It arrives once more behind a later request.</summary>
    public bool AgainLater { get; init; }
}
