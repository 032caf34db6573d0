namespace OrderSync.ServiceDefaults.Bus;

/// <summary>Where a service keeps the parked messages of its queue, so that people can look at them.</summary>
public interface IKeepParked
{
    /// <summary>Keeps a message; once this returns it leaves the broker.</summary>
    Task KeepAsync(ParkedMessage message, CancellationToken stop);
}
