using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Office;

namespace OrderSync.Gateway.Traffic;

/// <summary>
/// A bucket of requests for each device and for each company. Only who has proved to be one gets a bucket, and an idle one is dropped after
/// some seconds: strangers cannot make more of them.
/// </summary>
internal sealed class RequestRates(IOptions<LimitSettings> settings) : IDisposable
{
    private readonly PartitionedRateLimiter<Guid> devices = Buckets(settings.Value.Device);
    private readonly PartitionedRateLimiter<Guid> companies = Buckets(settings.Value.Company);

    /// <summary>Takes one request from its buckets; the refusal when one of them is empty.</summary>
    public IResult? Take(HttpContext http)
    {
        var device = http.Features.Get<DeviceIdentity>();
        if (device is not null && Wait(devices, device.DeviceId) is { } forDevice)
            return Problems.TooMany("rate.device", "This device sends requests faster than it may. Nothing was stored; send the same request again after the time in Retry-After.", forDevice);
        if ((device?.CompanyId ?? http.Features.Get<OfficeIdentity>()?.CompanyId) is { } company && Wait(companies, company) is { } forCompany)
            return Problems.TooMany("rate.company", "This company's devices and office send requests faster than they may. Nothing was stored; send the same request again after the time in Retry-After.", forCompany);
        return null;
    }

    public void Dispose()
    {
        devices.Dispose();
        companies.Dispose();
    }

    private static PartitionedRateLimiter<Guid> Buckets(Rate rate) => PartitionedRateLimiter.Create<Guid, Guid>(id => RateLimitPartition.GetTokenBucketLimiter(id, _ => new TokenBucketRateLimiterOptions
    {
        TokenLimit = rate.Burst,
        TokensPerPeriod = rate.PerSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
    }));

    private static TimeSpan? Wait(PartitionedRateLimiter<Guid> buckets, Guid id)
    {
        using var lease = buckets.AttemptAcquire(id);
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1);
    }
}
