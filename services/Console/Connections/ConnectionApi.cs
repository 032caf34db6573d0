using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrderSync.Console.Connections;

// What the gateway tells of connections, as far as the pages read it.

internal sealed record ConnectionDetail(Guid Id, string Name, string Connector, IReadOnlyList<string> Kinds, string? Account, ShownSettings? Settings, bool Answered);

internal sealed record ShownSettings(string? Account, JsonObject? Settings);

internal sealed record ConnectorList(IReadOnlyList<ConnectorEntry> Connectors)
{
    public ConnectorEntry? Find(string name) => Connectors.FirstOrDefault(one => one.Name == name);
}

internal sealed record ConnectorEntry(string Name, bool Answered, Uri Callback, ConnectorAbout? About)
{
    public string Title => About?.Title ?? Words.Label(Name);
}

internal sealed record ConnectorAbout(
    string Title, IReadOnlyList<string> Kinds, bool Approved, IReadOnlyList<string> Collections, IReadOnlyList<Setting> Settings, IReadOnlyList<MappingKind> Mappings);

internal sealed record Setting(string Name, string Type, JsonElement? Default, string Meaning, bool Secret, bool Required, SettingRange? Range, bool General);

internal sealed record SettingRange(decimal Least, decimal Most);

internal sealed record MappingKind(string Name, string Title);

internal sealed record StandingList(IReadOnlyList<StandingRow> Connections);

internal sealed record StandingRow(Guid Id, string Name, string Connector, bool Answered, Standing? Standing);

internal sealed record Standing(
    string Account, HeldState? Paused, RestState? Rests, string? Reconnect, int Troubles, BudgetState Budget, IReadOnlyDictionary<string, StateCount> States)
{
    public long Count(params ReadOnlySpan<string> states)
    {
        var sum = 0L;
        foreach (var state in states)
            sum += States.GetValueOrDefault(state)?.Count ?? 0;
        return sum;
    }
}

internal sealed record HeldState(DateTimeOffset Since, string? Person, string? Reason);

internal sealed record RestState(DateTimeOffset Until, string? Reason);

internal sealed record BudgetState(int? PerMinute, long UsedThisMinute, int? PerDay, long UsedToday, DateTimeOffset DayEnds, int AtOnce);

internal sealed record StateCount(long Count, DateTimeOffset Oldest);

internal sealed record TestResult(bool Works, string? Code, string Message, string? Fix);

internal sealed record ApprovalStart(Uri Url);

internal sealed record ApprovalAnswer(LastApproval? Last);

internal sealed record LastApproval(DateTimeOffset BegunAt, string? Person, DateTimeOffset? EndedAt, bool? Works, string? Title, string? Message);

internal sealed record CapabilityList(IReadOnlyList<Capability> Capabilities);

internal sealed record Capability(string Name, bool Taken, string? Why, string? Fix);

internal sealed record MappingList(IReadOnlyList<MappingState> Mappings);

internal sealed record MappingState(string Name, string Title, string Meaning, bool Listed, string? Of, IReadOnlyList<Mapped> Entries, IReadOnlyList<Missing> Missing);

internal sealed record Mapped(string Ours, string Id, string? Name);

internal sealed record Missing(string Ours, long Documents, DateTimeOffset Since);

internal sealed record CandidateList(bool Listed, IReadOnlyList<Candidate> Candidates);

internal sealed record Candidate(string Id, string Name);

internal sealed record MappingSaved(long Released);

internal sealed record CallPage(IReadOnlyList<CallRow> Calls, string? Before);

internal sealed record CallRow(Guid Id, DateTimeOffset At, Guid? RecordId, string? TraceId, string Method, string Target, int? Status, int Milliseconds, string Outcome, string? Request, string? Response);

internal sealed record PullList(IReadOnlyList<PullState> Collections);

internal sealed record PullState(
    string Collection, bool Source, long Rows, long Waiting, bool Running, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, DateTimeOffset? ReadWholeAt,
    long Read, long Changed, long LeftOut, DateTimeOffset NextAt, long Missing, string? Code, string? Reason, string? Fix);

internal sealed record ChangeList(IReadOnlyList<Change> Changes);

internal sealed record Change(long Number, DateTimeOffset At, string? Person, string Action, JsonObject? Before, JsonObject? After);

internal sealed record BackfillList(IReadOnlyList<Backfill> Backfills);

internal sealed record Backfill(Guid Id, string State, string? From, string? To, long Total, long Looked, long Made, DateTimeOffset UpdatedAt);

internal sealed record BackfillCounted(Guid? Id, IReadOnlyList<BackfillCount> Counts);

internal sealed record BackfillCount(string Kind, long Stored, long There, long Missing);
