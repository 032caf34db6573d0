using OrderSync.Testing;

namespace OrderSync.EndToEnd.Tests;

/// <summary>The whole system once for the test classes that come one after the other, each with companies of its own; all parts are up again after each test.</summary>
public sealed class SharedSystem : IAsyncLifetime
{
    public OtlpReceiver Telemetry { get; private set; } = null!;

    public WholeSystem System { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Telemetry = await OtlpReceiver.StartAsync();
        System = await WholeSystem.StartAsync(Telemetry);
    }

    public async Task DisposeAsync()
    {
        await System.DisposeAsync();
        await Telemetry.DisposeAsync();
    }
}

/// <summary>The classes that share it.</summary>
[CollectionDefinition("whole system")]
public sealed class OneWholeSystem : ICollectionFixture<SharedSystem>;
