using System.Text.Json;
using OrderSync.Contracts;

namespace OrderSync.Gateway.Office;

/// <summary>One call a connector made for a record; secrets were taken out before it was kept.</summary>
/// <param name="At">When.</param>
/// <param name="ConnectionId">Through which connection.</param>
/// <param name="Connection">Its name.</param>
/// <param name="TraceId">The trace it belongs to.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Target">Where to.</param>
/// <param name="Status">HTTP status; absent = no answer.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Outcome">answered, refused, limited, trouble, noAnswer or unreachable.</param>
/// <param name="Request">The beginning of what was sent.</param>
/// <param name="Response">The beginning of what came back.</param>
internal sealed record RecordCall(
    DateTimeOffset At, Guid ConnectionId, string? Connection, string? TraceId, string Method, string Target, int? Status, int Milliseconds, string Outcome, string? Request, string? Response);

/// <param name="Calls">Newest first; of each connector the newest 500.</param>
/// <param name="Away">Connectors that do not answer just now: their calls are missing here.</param>
internal sealed record RecordCallList(IReadOnlyList<RecordCall> Calls, IReadOnlyList<string> Away);

/// <summary>All calls made for one record, whichever connectors made them.</summary>
internal sealed class RecordCalls(EachConnector connectors)
{
    private const int Most = 500;

    public async Task<IResult> ListAsync(OfficeIdentity office, Guid id, CancellationToken stop)
    {
        var said = await connectors.AskAsync(office, "/manage/calls", stop, query: $"&record={id}&limit={Most}");
        var calls = said.SelectMany(one => Read(one.Answer).Select(call => call with { Connection = one.Connections.GetValueOrDefault(call.ConnectionId) }));
        return Results.Ok(new RecordCallList([.. calls.OrderByDescending(call => call.At)], [.. said.Where(one => one.Answer is null).Select(one => one.Connector)]));
    }

    private static IReadOnlyList<RecordCall> Read(JsonElement? answer) =>
        answer is { } said && said.TryGetProperty("calls", out var calls) ? calls.Deserialize<IReadOnlyList<RecordCall>>(ContractJson.Options) ?? [] : [];
}
