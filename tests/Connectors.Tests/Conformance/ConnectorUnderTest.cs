using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Npgsql;
using OrderSync.Framework;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>A connector as the kit handles it, whatever its type.</summary>
internal sealed record ConnectorUnderTest(ConnectorInfo Info, Action<IHostApplicationBuilder> Add, Action<IHostApplicationBuilder> AddBus, Func<IHostApplicationBuilder, Task> Migrate)
{
    public static ConnectorUnderTest Of<T>() where T : class, IConnector => new(
        T.Info, builder => builder.AddConnector<T>(), builder => builder.AddConnectorBus<T>(), builder => ConnectorHost.MigrateAsync<T>(builder, CancellationToken.None));

    /// <summary>Makes its schema, as a service's schema run does.</summary>
    public Task MigrateAsync(string administratorConnectionString)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:ordersync"] = administratorConnectionString,
            [$"ConnectionStrings:{Info.Name}"] =
                new NpgsqlConnectionStringBuilder(administratorConnectionString) { Username = Info.Name, Password = Servers.RolePassword }.ConnectionString,
        });
        return Migrate(builder);
    }
}
