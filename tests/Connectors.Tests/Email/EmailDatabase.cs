using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using OrderSync.Email.Storage;
using OrderSync.ServiceDefaults.Database;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Email;

/// <summary>A database with the connector's own tables.</summary>
public sealed class EmailDatabase : PostgresFixture
{
    protected override async Task MigrateAsync(string administratorConnectionString)
    {
        var service = new Npgsql.NpgsqlConnectionStringBuilder(administratorConnectionString) { Username = "email", Password = Servers.RolePassword };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:ordersync"] = administratorConnectionString,
            ["ConnectionStrings:email"] = service.ConnectionString,
        }).Build();
        var run = new SchemaRun(configuration, "email");
        await run.PrepareAsync([], [], CancellationToken.None);
        await using var context = new EmailContext(run.OptionsFor<EmailContext>());
        await context.Database.MigrateAsync();
    }
}
