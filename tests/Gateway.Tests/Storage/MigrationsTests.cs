using OrderSync.Gateway.Storage;
using OrderSync.ServiceDefaults.Database;

namespace OrderSync.Gateway.Tests.Storage;

/// <summary>A schema file that no migration names would never run, and nobody would notice.</summary>
public sealed class MigrationsTests
{
    [Fact]
    public void Every_schema_file_has_its_migration()
    {
        var assembly = typeof(GatewayContext).Assembly;

        var files = assembly.GetManifestResourceNames().Count(name => name.EndsWith(".sql", StringComparison.Ordinal));

        Assert.Equal(files, assembly.GetTypes().Count(type => type.IsSubclassOf(typeof(SqlMigration))));
    }
}
