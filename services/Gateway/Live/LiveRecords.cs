using System.Text.Json.Nodes;
using OrderSync.Contracts;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Feed.Nudges;
using OrderSync.Gateway.Relay;
using OrderSync.Gateway.Sums;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Live;

/// <summary>What became of a record that a live operation made.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State">accepted, waiting or held.</param>
/// <param name="Number">Its number.</param>
/// <param name="Code">Why it waits or is held, or what the office is told.</param>
/// <param name="Message">The same in words.</param>
internal sealed record LiveRecord(Guid Id, string State, string? Number, string? Code, string? Message);

/// <summary>Stores a record that a live operation makes: by the same rules and in the same way as one that was captured. What the rules refuse is not stored.</summary>
internal sealed class LiveRecords(Rules rules, PushStore store, RelaySignal relay, FeedSignal feed, Releases releases, SumSignal sums, TimeProvider time)
{
    /// <summary>Stores it, once for an id.</summary>
    public async Task<LiveAnswer> StoreAsync(HttpContext http, string kind, Guid id, JsonObject body, DateTimeOffset capturedAt, CancellationToken stop)
    {
        var device = http.Features.Get<DeviceIdentity>()!;
        var envelope = new JsonObject
        {
            ["kind"] = kind, ["id"] = id, ["rev"] = 1, ["schema"] = Shapes.NewestOf(kind), ["seq"] = 0, ["capturedAt"] = capturedAt.ToString("O", System.Globalization.CultureInfo.InvariantCulture), ["body"] = body,
        };
        var push = new Push(device, time.GetUtcNow(), TimeSpan.Zero, Sentences.LanguageOf(http.Request), System.Diagnostics.Activity.Current?.Id, Live: true);
        var record = PushedRecord.Read(0, System.Text.Encoding.UTF8.GetBytes(envelope.ToJsonString(ContractJson.Options)));
        rules.Read([record]);
        if (rules.Judge([record], await rules.LookAsync(push, [record], stop))[0] is { State: "refused", Fault: { } fault })
            return Refused(push, fault, null);

        var (chunk, answers) = await store.TakeAsync(push, [record], await rules.LookAsync(push, [record], stop), stop);
        var (_, verdict, said) = answers[0];
        relay.Wake();
        feed.Committed(device.CompanyId);
        releases.Stored(device.CompanyId, chunk);
        sums.Wake();
        return verdict.Outcome switch
        {
            "refused" or "conflict" => Refused(push, said ?? new Fault(verdict.Code!, verdict.Field), said?.Params?.GetValueOrDefault("id") is { } first && Guid.TryParse(first, out var other) ? other : null),
            "retryLater" => LiveAnswer.Problem(StatusCodes.Status503ServiceUnavailable, "server.busy", "The server could not finish. Send the same request again with the same key."),
            _ => LiveAnswer.Of(StatusCodes.Status200OK, new LiveRecord(id, verdict.State ?? verdict.Outcome, verdict.Number, verdict.Code, verdict.Code is { } code ? Sentences.Of(code, push.Language, said?.Params) : null)),
        };
    }

    private static LiveAnswer Refused(Push push, Fault fault, Guid? id) =>
        LiveAnswer.Problem(StatusCodes.Status409Conflict, fault.Code, Sentences.Of(fault.Code, push.Language, fault.Params), id);
}
