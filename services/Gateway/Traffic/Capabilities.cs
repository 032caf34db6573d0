using Microsoft.Extensions.Options;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Feed;
using OrderSync.Gateway.Quarantine;
using OrderSync.Gateway.Schemas;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Traffic;

/// <summary>What this server takes and how much of it: clients read it instead of guessing, and a test pushes each limit to its edge.</summary>
internal sealed class Capabilities(IOptions<LimitSettings> limits, IOptions<QuarantineSettings> unreadable, RecordSchemas schemas)
{
    private static readonly string[] Encodings = ["gzip", "br"];

    public CapabilitiesAnswer Answer { get; } = new(
        new PushCapability("/v1/sync/push", PushLimits.Records, PushLimits.BytesSent, PushLimits.BytesUnpacked, PushLimits.Depth, PushLimits.DepthOfRequest, Encodings),
        new PullCapability("/v1/sync/pull", Pages.MostRows, Pages.MostBytes, 1, Encodings),
        [.. schemas.All.Select(schema => new KindCapability(schema.Kind, schema.Version, RecordSchemas.PathOf(schema.Kind, schema.Version), RecordKinds.Find(schema.Kind)!.GoesTo))],
        new UnreadableCapability(unreadable.Value.RowsADay, unreadable.Value.BytesADay),
        new RateCapability(
            RateOf(limits.Value.Device), RateOf(limits.Value.Company), limits.Value.AddressFailures, limits.Value.CodeFailures),
        new EnrolmentCapability(EnrolRequest.MostHardwareId, EnrolRequest.MostName),
        new TokenCapability((int)AccessTokens.Lifetime.TotalSeconds, RefreshTokens.LifetimeDays),
        [
            // Capturing is not listed: it never needs a connection. Each of these does.
            new OperationCapability("device.enrol", "POST", "/v1/devices/enrol", Offline: false),
            new OperationCapability("device.refresh", "POST", "/v1/devices/token", Offline: false),
            new OperationCapability("device.self", "GET", "/v1/devices/self", Offline: false),
            new OperationCapability("sync.capabilities", "GET", "/v1/sync/capabilities", Offline: false),
            new OperationCapability("sync.push", "POST", "/v1/sync/push", Offline: false),
            new OperationCapability("sync.pull", "GET", "/v1/sync/pull", Offline: false),
            new OperationCapability("sync.acknowledge", "POST", "/v1/sync/pull/ack", Offline: false),
            new OperationCapability("sync.status", "GET", "/v1/sync/status", Offline: false),
            new OperationCapability("lead.toCustomer", "POST", "/v1/live/leads/{id}/customer", Offline: false),
            new OperationCapability("quote.toOrder", "POST", "/v1/live/quotes/{id}/order", Offline: false),
            new OperationCapability("sync.reconcile", "POST", "/v1/sync/reconcile", Offline: false),
            new OperationCapability("sync.attention", "GET", "/v1/sync/attention", Offline: false),
            new OperationCapability("sync.retry", "POST", "/v1/sync/attention/retry", Offline: false),
            new OperationCapability("sync.stop", "POST", "/v1/sync/attention/stop", Offline: false),
            new OperationCapability("sync.reopen", "POST", "/v1/sync/attention/reopen", Offline: false),
            new OperationCapability("sync.retryErrored", "POST", "/v1/sync/retry-errored", Offline: false),
            new OperationCapability("sync.nudge", "GET", "/v1/sync/nudge", Offline: false),
        ]);

    private static BucketCapability RateOf(Rate rate) => new(rate.Burst, rate.PerSecond);
}

/// <summary>Everything a client must know to stay within limits.</summary>
/// <param name="Push">One push request.</param>
/// <param name="Pull">One pull request.</param>
/// <param name="Kinds">Kinds of records that are taken, each with the newest schema: lengths of texts, ranges and decimals of figures, counts of lists.</param>
/// <param name="Unreadable">Input without an id that is kept; beyond it is answered and counted only.</param>
/// <param name="Rates">How often; beyond it the answer is 429 with Retry-After. Each server process counts for itself.</param>
/// <param name="Enrolment">Lengths of what a device says of itself.</param>
/// <param name="Tokens">How long they live.</param>
/// <param name="Operations">What needs a connection.</param>
internal sealed record CapabilitiesAnswer(
    PushCapability Push, PullCapability Pull, IReadOnlyList<KindCapability> Kinds, UnreadableCapability Unreadable, RateCapability Rates, EnrolmentCapability Enrolment, TokenCapability Tokens, IReadOnlyList<OperationCapability> Operations);

/// <summary>Limits of one push request.</summary>
/// <param name="Url">Where to.</param>
/// <param name="Records">Records in one request.</param>
/// <param name="BytesSent">Bytes on the line, packed or not.</param>
/// <param name="BytesUnpacked">Bytes after unpacking.</param>
/// <param name="Depth">Nesting of one record, its outermost object counted; a deeper one is refused alone.</param>
/// <param name="DepthOfRequest">Nesting at which the whole request is refused.</param>
/// <param name="Encodings">Values of Content-Encoding.</param>
internal sealed record PushCapability(string Url, int Records, int BytesSent, int BytesUnpacked, int Depth, int DepthOfRequest, IReadOnlyList<string> Encodings);

/// <summary>Limits of one pull request.</summary>
/// <param name="Url">Where to.</param>
/// <param name="PageRows">Rows between two checkpoints.</param>
/// <param name="PageBytes">Bytes between two checkpoints, unpacked; one row more may stand before the checkpoint.</param>
/// <param name="AtOnce">Pulls of one device; a further one ends the one before it.</param>
/// <param name="Encodings">Values of Accept-Encoding.</param>
internal sealed record PullCapability(string Url, int PageRows, int PageBytes, int AtOnce, IReadOnlyList<string> Encodings);

/// <summary>A kind of record, the newest schema of it that is read (older ones stay readable), where that is published, and where records of it go on to: erp, email, webhook.</summary>
internal sealed record KindCapability(string Kind, int Schema, string Url, IReadOnlyList<string> GoesTo);

/// <summary>For one device a day.</summary>
internal sealed record UnreadableCapability(int RowsADay, long BytesADay);

/// <summary>How often something may come.</summary>
/// <param name="Device">Requests of a device.</param>
/// <param name="Company">Requests of a company's devices and office together.</param>
/// <param name="FailuresOfAddressPerMinute">Failed tries of one address at codes, refresh tokens and keys.</param>
/// <param name="FailuresOfCodesPerMinute">Wrong enrolment codes from all addresses together.</param>
internal sealed record RateCapability(BucketCapability Device, BucketCapability Company, int FailuresOfAddressPerMinute, int FailuresOfCodesPerMinute);

/// <summary>So many at once, refilled with so many a second.</summary>
internal sealed record BucketCapability(int Burst, int PerSecond);

/// <summary>Characters at most.</summary>
internal sealed record EnrolmentCapability(int HardwareId, int Name);

/// <summary>How long tokens live; the refresh token's time begins anew with each refresh.</summary>
internal sealed record TokenCapability(int AccessSeconds, int RefreshDays);

/// <summary>Something a device can do, and whether it can do it offline.</summary>
internal sealed record OperationCapability(string Operation, string Method, string Url, bool Offline);
