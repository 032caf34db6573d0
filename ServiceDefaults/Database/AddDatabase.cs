using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace OrderSync.ServiceDefaults.Database;

/// <summary>PostgreSQL for a service: pooled data sources under the service's own roles, and a health check.</summary>
public static class AddDatabaseExtensions
{
    /// <summary>Of one role in one process, unless the connection string says otherwise: all services together stay below PostgreSQL's own limit.</summary>
    private const int MostConnections = 30;

    /// <summary>
    /// Adds the data source of connection string <paramref name="name"/>, and one more, keyed by its role, for each of <paramref name="roles"/>:
    /// the same server and password, another user name.
    /// </summary>
    /// <exception cref="InvalidOperationException">The connection string is missing or points at a pooler that breaks session locks.</exception>
    public static void AddDatabase(this IHostApplicationBuilder builder, string name, params string[] roles)
    {
        var connectionString = builder.Configuration.RequireConnectionString(name);
        builder.Services.AddSingleton(services => Build(services, connectionString));
        foreach (var role in roles)
        {
            var other = new NpgsqlConnectionStringBuilder(connectionString) { Username = role };
            builder.Services.AddKeyedSingleton(role, (services, _) => Build(services, other.ConnectionString));
        }

        builder.Services.AddHealthChecks().AddCheck<DatabaseCheck>("database", HealthStatus.Unhealthy, ["ready"], TimeSpan.FromSeconds(5));
    }

    /// <summary>
    /// Adds one more data source of connection string <paramref name="name"/>, keyed <paramref name="part"/>: for a part of a service whose statements are many, and
    /// must neither take the others' connections nor push theirs out of what a connection keeps prepared.
    /// </summary>
    /// <exception cref="InvalidOperationException">The connection string is missing.</exception>
    public static void AddDatabasePool(this IHostApplicationBuilder builder, string name, string part, int mostConnections)
    {
        var own = new NpgsqlConnectionStringBuilder(builder.Configuration.RequireConnectionString(name)) { MaxPoolSize = mostConnections };
        builder.Services.AddKeyedSingleton(part, (services, _) => Build(services, own.ConnectionString));
    }

    /// <summary>A connection string, or an error that names its key.</summary>
    /// <exception cref="InvalidOperationException">It is missing.</exception>
    public static string RequireConnectionString(this IConfiguration configuration, string name) =>
        configuration.GetConnectionString(name) is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException($"ConnectionStrings:{name} is missing. The AppHost sets it; outside set ConnectionStrings__{name}.");

    private static NpgsqlDataSource Build(IServiceProvider services, string connectionString)
    {
        var source = new NpgsqlDataSourceBuilder(connectionString);
        source.ConnectionStringBuilder.Timeout = Math.Min(source.ConnectionStringBuilder.Timeout, 5);
        if (!source.ConnectionStringBuilder.ShouldSerialize("Maximum Pool Size"))
            source.ConnectionStringBuilder.MaxPoolSize = MostConnections;
        source.ConnectionStringBuilder.KeepAlive = 30;
        source.ConnectionStringBuilder.MaxAutoPrepare = 64;
        source.ConnectionStringBuilder.IncludeErrorDetail = false;
        // Our statements are short. Compiling them takes longer than running them, and a plan that avoids a scan at any cost looks costly enough to be compiled.
        source.ConnectionStringBuilder.Options = $"{source.ConnectionStringBuilder.Options} -c jit=off".TrimStart();
        source.UseLoggerFactory(services.GetService<ILoggerFactory>());
        return source.Build();
    }
}

/// <summary>Healthy only where PostgreSQL answers and commits durably in our own session: a stored record must survive a power cut.</summary>
internal sealed class DatabaseCheck(NpgsqlDataSource database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await using var command = database.CreateCommand(
            "select string_agg(name, ', ') from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting in ('off', 'local')");
        try
        {
            return await command.ExecuteScalarAsync(cancellationToken) is string off
                ? HealthCheckResult.Unhealthy($"PostgreSQL would lose acknowledged records: {off} is off. Switch it on.")
                : HealthCheckResult.Healthy();
        }
        catch (Exception trouble) when (trouble is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("PostgreSQL does not answer.", trouble);
        }
    }
}
