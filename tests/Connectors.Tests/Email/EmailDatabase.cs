using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using OrderSync.Email;
using OrderSync.Framework;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Email;

/// <summary>A database with the ledger and the connector's own tables, migrated as `migrate` does it.</summary>
public sealed class EmailDatabase : PostgresFixture
{
    protected override async Task MigrateAsync(string administratorConnectionString)
    {
        var service = new Npgsql.NpgsqlConnectionStringBuilder(administratorConnectionString) { Username = "email", Password = Servers.RolePassword };
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:ordersync"] = administratorConnectionString,
            ["ConnectionStrings:email"] = service.ConnectionString,
        });
        await ConnectorHost.MigrateAsync<EmailConnector>(builder, CancellationToken.None);
    }
}
