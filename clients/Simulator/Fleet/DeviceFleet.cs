namespace OrderSync.Simulator.Fleet;

/// <summary>A number of devices, each with its own file and line.</summary>
internal sealed class DeviceFleet : IAsyncDisposable
{
    private readonly List<FleetDevice> _devices = [];

    private DeviceFleet()
    {
    }

    /// <summary>The devices in their order.</summary>
    public IReadOnlyList<FleetDevice> Devices => _devices;

    /// <summary>Opens the devices, enrolling those the gateway does not know.</summary>
    /// <param name="plan">How the fleet is made up.</param>
    /// <param name="code">Asks the office for a one-time code, for a rep and a branch.</param>
    /// <param name="patience">How long to try.</param>
    /// <param name="stop">Ends the call.</param>
    public static async Task<DeviceFleet> OpenAsync(FleetPlan plan, Func<string, string, Task<string>> code, Patience patience, CancellationToken stop)
    {
        var fleet = new DeviceFleet();
        try
        {
            for (var place = 0; place < plan.Devices; place++)
                fleet._devices.Add(await FleetDevice.OpenAsync(plan, place, code, patience, stop));
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets all sync until each has had an answer for all it has.</summary>
    public Task DrainAsync(Patience patience, CancellationToken stop) => Task.WhenAll(_devices.Select(device => device.DrainAsync(patience, stop)));

    public async ValueTask DisposeAsync()
    {
        foreach (var device in _devices)
            await device.DisposeAsync();
    }
}
