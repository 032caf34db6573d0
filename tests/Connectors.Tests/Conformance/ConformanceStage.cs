using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>What all cases of one connector share: a database with its schema, the ERP, and a clock that moves when a case says so.</summary>
public abstract class ConformanceStage : PostgresFixture, IAsyncLifetime
{
    private protected ConformanceStage(IConformanceErp erp) => Erp = erp;

    internal IConformanceErp Erp { get; }

    internal ManualClock Clock { get; } = new();

    async Task IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        await Erp.StartAsync(Clock);
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await Erp.DisposeAsync();
        await DisposeAsync();
    }

    protected override Task MigrateAsync(string administratorConnectionString) => Erp.Connector.MigrateAsync(administratorConnectionString);
}
