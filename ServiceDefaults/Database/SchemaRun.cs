using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace OrderSync.ServiceDefaults.Database;

/// <summary>
/// The run of a service that only migrates its schema: as administrator it makes the owner and the service's roles, then migrates as the owner.
/// A service's own role never owns a table, so that row-level security holds for it.
/// </summary>
public sealed class SchemaRun
{
    private readonly string administrator;
    private readonly NpgsqlConnectionStringBuilder service;

    /// <summary>Prepares the run of one service.</summary>
    /// <param name="configuration">Holds ConnectionStrings:ordersync (administrator) and ConnectionStrings:<paramref name="name"/> (the service).</param>
    /// <param name="name">Name of the service, its schema and its connection string.</param>
    /// <exception cref="InvalidOperationException">A connection string is missing.</exception>
    public SchemaRun(IConfiguration configuration, string name)
    {
        administrator = configuration.RequireConnectionString("ordersync");
        service = new NpgsqlConnectionStringBuilder(configuration.RequireConnectionString(name));
        Schema = name;
    }

    /// <summary>The schema, named as the service.</summary>
    public string Schema { get; }

    /// <summary>The role that owns the schema's tables; nobody can log in as it.</summary>
    public string Owner => $"{Schema}_owner";

    /// <summary>Connection string of a session that acts as the owner, in the schema.</summary>
    public string AsOwner =>
        new NpgsqlConnectionStringBuilder(administrator) { Options = $"-c role={Owner} -c search_path={Schema}", Pooling = false }.ConnectionString;

    /// <summary>Waits for PostgreSQL, makes database, owner, roles and schema where they are missing.</summary>
    /// <param name="furtherRoles">Roles that log in with the service's password, beside the one of its connection string.</param>
    /// <param name="innerRoles">Roles that nobody logs in as, such as the owner of security-definer functions.</param>
    /// <param name="stop">Ends the wait.</param>
    public async Task PrepareAsync(string[] furtherRoles, string[] innerRoles, CancellationToken stop)
    {
        await using var connection = await ConnectAsync(stop);
        // Two services prepare at once: role names are global, so one at a time.
        await ExecuteAsync(connection, "select pg_advisory_lock(727001)", stop);
        foreach (var role in innerRoles.Prepend(Owner))
            await ExecuteAsync(connection, $"{CreateRole(role)}; grant {Quote(role)} to current_user", stop);
        foreach (var role in furtherRoles.Prepend(service.Username!))
            await ExecuteAsync(connection, $"""
                {CreateRole(role)};
                alter role {Quote(role)} login nosuperuser nobypassrls nocreaterole nocreatedb password {Literal(service.Password ?? "")};
                alter role {Quote(role)} set idle_in_transaction_session_timeout = '5s';
                alter role {Quote(role)} set statement_timeout = '30s';
                alter role {Quote(role)} set lock_timeout = '5s';
                alter role {Quote(role)} set search_path = {Quote(Schema)}
                """, stop);
        await ExecuteAsync(connection, $"create schema if not exists {Quote(Schema)} authorization {Quote(Owner)}; revoke all on schema public from public", stop);
        foreach (var role in furtherRoles.Concat(innerRoles).Prepend(service.Username!))
            await ExecuteAsync(connection, $"grant usage on schema {Quote(Schema)} to {Quote(role)}", stop);
        await ExecuteAsync(connection, "select pg_advisory_unlock(727001)", stop);
    }

    /// <summary>Options for a context that migrates as the owner; its history table lies in the schema.</summary>
    public DbContextOptions<TContext> OptionsFor<TContext>() where TContext : DbContext
    {
        return new DbContextOptionsBuilder<TContext>()
            .UseNpgsql(AsOwner, npgsql => npgsql
                .MigrationsHistoryTable("__migrations_" + typeof(TContext).Name.ToLowerInvariant(), Schema)
                .MigrationsAssembly(typeof(TContext).Assembly))
            // Migrations are SQL written by hand; there is no generated snapshot to compare with.
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning))
            .Options;
    }

    private async Task<NpgsqlConnection> ConnectAsync(CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(administrator) { Pooling = false }.ConnectionString);
            try
            {
                await connection.OpenAsync(stop);
                return connection;
            }
            catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.InvalidCatalogName)
            {
                await CreateDatabaseAsync(stop);
            }
            catch (NpgsqlException trouble) when (trouble.IsTransient && Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(2))
            {
                Console.WriteLine($"Waiting for PostgreSQL: {trouble.Message}");
                await Task.Delay(TimeSpan.FromSeconds(1), stop);
            }
        }
    }

    private async Task CreateDatabaseAsync(CancellationToken stop)
    {
        var settings = new NpgsqlConnectionStringBuilder(administrator);
        var database = settings.Database!;
        settings.Database = "postgres";
        settings.Pooling = false;
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(stop);
        try
        {
            await ExecuteAsync(connection, $"create database {Quote(database)}", stop);
        }
        catch (PostgresException twin) when (twin.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            Console.WriteLine($"Database {database} was just made by another service.");
        }
    }

    private static string CreateRole(string role) =>
        $"do $$ begin if not exists (select from pg_roles where rolname = {Literal(role)}) then create role {Quote(role)} nologin; end if; end $$";

    [SuppressMessage("Security", "CA2100", Justification = "Role names and passwords cannot be parameters; all are quoted and come from our own configuration.")]
    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(stop);
    }

    private static string Quote(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    private static string Literal(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
}
