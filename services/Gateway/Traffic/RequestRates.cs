using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Office;

namespace OrderSync.Gateway.Traffic;

/// <summary>
/// A bucket of requests for each device and for each company. Only who has proved to be one gets a bucket, and an idle one is dropped after
/// some seconds: strangers cannot make more of them.
/// </summary>
internal sealed class RequestRates(IOptions<LimitSettings> settings, TimeProvider time) : IDisposable
{
    private readonly PartitionedRateLimiter<Guid> devices = Buckets(settings.Value.Device);
    private readonly PartitionedRateLimiter<Guid> companies = Buckets(settings.Value.Company);
    private readonly ReturnTimes deviceReturns = new(settings.Value.Device.PerSecond, time);
    private readonly ReturnTimes companyReturns = new(settings.Value.Company.PerSecond, time);

    /// <summary>Takes one request from its buckets; the refusal when one of them is empty.</summary>
    public IResult? Take(HttpContext http)
    {
        var device = http.Features.Get<DeviceIdentity>();
        if (device is not null && !Taken(devices, device.DeviceId))
            return Problems.TooMany("rate.device", "This device sends requests faster than it may. Nothing was stored; send the same request again after the time in Retry-After.", deviceReturns.Next(device.DeviceId));
        if ((device?.CompanyId ?? http.Features.Get<OfficeIdentity>()?.CompanyId) is { } company && !Taken(companies, company))
            return Problems.TooMany("rate.company", "This company's devices and office send requests faster than they may. Nothing was stored; send the same request again after the time in Retry-After.", companyReturns.Next(company));
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

    private static bool Taken(PartitionedRateLimiter<Guid> buckets, Guid id)
    {
        using var lease = buckets.AttemptAcquire(id);
        return lease.IsAcquired;
    }
}
