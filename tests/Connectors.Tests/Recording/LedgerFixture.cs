using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Npgsql;
using OrderSync.Framework;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Recording;

/// <summary>A database with the recording connector's schema, migrated as a service's schema run does it.</summary>
public sealed class LedgerFixture : PostgresFixture
{
    protected override async Task MigrateAsync(string administratorConnectionString)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:ordersync"] = administratorConnectionString,
            ["ConnectionStrings:recording"] =
                new NpgsqlConnectionStringBuilder(administratorConnectionString) { Username = "recording", Password = Servers.RolePassword }.ConnectionString,
        });
        await ConnectorHost.MigrateAsync<RecordingConnector>(builder, CancellationToken.None);
    }
}
