using System.Text.Json.Serialization;

namespace OrderSync.Gateway.Feed;

/// <summary>The first line of a pull.</summary>
internal sealed record PullBegin(PullBeginning Begin);

/// <summary>How it begins.</summary>
/// <param name="Mode">full: what was pulled before is replaced; changes: rows are put and taken away.</param>
/// <param name="Epoch">Of the feed; another one than before: the server was restored.</param>
/// <param name="ServerTime">The server's clock.</param>
/// <param name="Reason">first, tooOld, newEpoch or scope; null where only changes follow.</param>
/// <param name="Resumed">What was staged from an answer that was cut off still counts; else it is dropped.</param>
internal sealed record PullBeginning(string Mode, Guid Epoch, DateTimeOffset ServerTime, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Reason, bool Resumed);

/// <summary>Whoever has staged all lines before it may go on from here.</summary>
internal sealed record PullCheckpoint(string Checkpoint);

/// <summary>The last line. An answer without it was cut off.</summary>
internal sealed record PullEnd(PullEnding End);

/// <summary>How it ended.</summary>
/// <param name="Cursor">To ask with next time, once everything is applied.</param>
/// <param name="Rows">Rows and tombstones in this answer.</param>
/// <param name="Collections">What the device now has, by collection.</param>
/// <param name="Problem">Why it ended before it was whole.</param>
internal sealed record PullEnding(string? Cursor, long Rows, IReadOnlyDictionary<string, CollectionHash>? Collections, PullProblem? Problem);

/// <summary>Problem details inside an answer that has begun.</summary>
/// <param name="Type">Stable code.</param>
/// <param name="Detail">What happened and what to do.</param>
internal sealed record PullProblem(string Type, string Detail);
