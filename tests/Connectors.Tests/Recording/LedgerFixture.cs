using OrderSync.Connectors.Tests.Conformance;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Recording;

/// <summary>A database with the recording connector's schema, migrated as a service's schema run does it.</summary>
public sealed class LedgerFixture : PostgresFixture
{
    protected override Task MigrateAsync(string administratorConnectionString) =>
        ConnectorUnderTest.Of<RecordingConnector>().MigrateAsync(administratorConnectionString);
}
