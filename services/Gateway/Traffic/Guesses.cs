using System.Collections.Concurrent;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace OrderSync.Gateway.Traffic;

/// <summary>
/// Holds up whoever guesses: failed tries are counted for each address, wrong codes of devices and people also for the whole installation. What succeeds
/// is not counted, so that a thousand devices behind one address are not held up.
/// </summary>
internal sealed class Guesses(IOptions<LimitSettings> settings) : IDisposable
{
    // Addresses share this many counters by a hash nobody can foresee: an attacker with a million addresses takes no more memory than that.
    private const int Counters = 16_384;
    private const int CodesAtOnce = 8;
    private const int CodesWaiting = 1_000;
    // A password takes a core for a tenth of a second on purpose: tries must not take them all.
    private static readonly int PasswordsAtOnce = Math.Max(1, Environment.ProcessorCount / 2);
    private const int PasswordsWaiting = 200;
    private const int MostRemembered = 20_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly int salt = Random.Shared.Next();
    private readonly PartitionedRateLimiter<int> addresses = PartitionedRateLimiter.Create<int, int>(counter =>
        RateLimitPartition.GetSlidingWindowLimiter(counter, _ => InAMinute(settings.Value.AddressFailures)));
    private readonly SlidingWindowRateLimiter codes = new(InAMinute(settings.Value.CodeFailures));
    private readonly ConcurrencyLimiter turns = new(new ConcurrencyLimiterOptions { PermitLimit = CodesAtOnce, QueueLimit = CodesWaiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
    private readonly ConcurrencyLimiter passwords = new(new ConcurrencyLimiterOptions { PermitLimit = PasswordsAtOnce, QueueLimit = PasswordsWaiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
    private readonly ConcurrentDictionary<Guid, bool> good = new();

    /// <summary>Refuses before a secret of 256 bits is looked at, when its address has failed too often; not one that was right before.</summary>
    /// <param name="http">The request.</param>
    /// <param name="hash">Hash of the secret presented.</param>
    public IResult? Refuse(HttpContext http, ReadOnlySpan<byte> hash) =>
        good.ContainsKey(KeyOf(hash)) || !Exhausted(AddressOf(http), out var wait) ? null : TooManyOfAddress(wait);

    /// <summary>Takes a turn at an enrolment code, which is short enough to be guessed: few at a time, so that no flood of tries passes before the first is counted.</summary>
    public async Task<(RateLimitLease? Turn, IResult? Refusal)> TakeCodeTurnAsync(HttpContext http, CancellationToken stop)
    {
        if (RefuseCode(http) is { } refusal)
            return (null, refusal);

        var turn = await turns.AcquireAsync(1, stop);
        refusal = turn.IsAcquired ? RefuseCode(http) : TooManyCodes(TimeSpan.FromSeconds(1));
        if (refusal is null)
            return (turn, null);
        turn.Dispose();
        return (null, refusal);
    }

    /// <summary>Takes a turn at a password: few at a time, and none for an address that has failed too often.</summary>
    public async Task<(RateLimitLease? Turn, IResult? Refusal)> TakePasswordTurnAsync(HttpContext http, CancellationToken stop)
    {
        if (Exhausted(AddressOf(http), out var wait))
            return (null, TooManyOfAddress(wait));
        var turn = await passwords.AcquireAsync(1, stop);
        if (turn.IsAcquired && !Exhausted(AddressOf(http), out wait))
            return (turn, null);
        var refusal = turn.IsAcquired ? TooManyOfAddress(wait) : Problems.Busy("signIn.busy", "Too many people sign in at this moment. Try again.", 2);
        turn.Dispose();
        return (null, refusal);
    }

    /// <summary>Counts a failed try.</summary>
    public void Failed(HttpContext http)
    {
        using var counted = addresses.AttemptAcquire(AddressOf(http));
    }

    /// <summary>Counts a failed try at an enrolment code.</summary>
    public void CodeFailed(HttpContext http)
    {
        Failed(http);
        using var counted = codes.AttemptAcquire();
    }

    /// <summary>Remembers a secret that was right, or was just given out.</summary>
    public void Succeeded(ReadOnlySpan<byte> hash)
    {
        var key = KeyOf(hash);
        if (good.ContainsKey(key))
            return;
        if (good.Count >= MostRemembered)
            good.Clear();
        good[key] = true;
    }

    public void Dispose()
    {
        addresses.Dispose();
        codes.Dispose();
        turns.Dispose();
        passwords.Dispose();
    }

    private IResult? RefuseCode(HttpContext http)
    {
        if (Exhausted(AddressOf(http), out var wait))
            return TooManyOfAddress(wait);
        using var probe = codes.AttemptAcquire(0);
        return probe.IsAcquired ? null : TooManyCodes(WaitOf(probe));
    }

    private bool Exhausted(int counter, out TimeSpan wait)
    {
        using var probe = addresses.AttemptAcquire(counter, 0);
        wait = probe.IsAcquired ? TimeSpan.Zero : WaitOf(probe);
        return !probe.IsAcquired;
    }

    /// <summary>One counter for an IPv4 address or an IPv6 network of 64 bits, which is what one household gets.</summary>
    private int AddressOf(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        var bytes = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes();
        var hash = new HashCode();
        hash.Add(salt);
        hash.AddBytes(bytes.AsSpan(0, Math.Min(bytes.Length, 8)));
        return (hash.ToHashCode() & int.MaxValue) % Counters;
    }

    private static Guid KeyOf(ReadOnlySpan<byte> hash) => new(hash[..16]);

    private static TimeSpan WaitOf(RateLimitLease lease) => lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Window;

    private static SlidingWindowRateLimiterOptions InAMinute(int most) => new() { PermitLimit = most, Window = Window, SegmentsPerWindow = 6, QueueLimit = 0 };

    private static IResult TooManyOfAddress(TimeSpan wait) =>
        Problems.TooMany("rate.address", "Too many tries from this address have failed. Wait as long as Retry-After says, check the code, key or password, and try again.", wait);

    private static IResult TooManyCodes(TimeSpan wait) =>
        Problems.TooMany("rate.enrolment", "Too many wrong codes are being tried here. The code is still good; try again after the time in Retry-After.", wait);
}
