using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OrderSync.ServiceDefaults.Database;

namespace OrderSync.ServiceDefaults.Tests.Database;

public sealed class AddDatabaseTests
{
    [Theory]
    [InlineData("", 30)]
    [InlineData(";Maximum Pool Size=7", 7)]
    [InlineData(";MaxPoolSize=100", 100)]
    public async Task A_pool_holds_thirty_connections_unless_the_connection_string_says_otherwise(string more, int most)
    {
        await using var service = await Service.StartAsync(
            [KeyValuePair.Create("ConnectionStrings__gateway", "Host=127.0.0.1;Port=1;Username=gateway;Database=none" + more)], builder => builder.AddDatabase("gateway", "gateway_auth"));

        foreach (var source in new[] { service.Get<NpgsqlDataSource>(), service.Services.GetRequiredKeyedService<NpgsqlDataSource>("gateway_auth") })
            Assert.Equal(most, new NpgsqlConnectionStringBuilder(source.ConnectionString).MaxPoolSize);
    }
}
