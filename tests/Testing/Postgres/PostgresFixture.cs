using System.Text.RegularExpressions;
using Npgsql;
using Xunit;

namespace OrderSync.Testing;

/// <summary>
/// A fresh database for a test class, dropped after it. A derived fixture that overrides <see cref="MigrateAsync"/> migrates once for a run:
/// the databases of its test classes are copies of that.
/// </summary>
public class PostgresFixture : IAsyncLifetime
{
    private NpgsqlDataSource? administrator;
    private string connectionString = "";

    /// <summary>The administrator in this class's database.</summary>
    public string ConnectionString => connectionString;

    /// <summary>The administrator in this class's database, pooled.</summary>
    public NpgsqlDataSource Administrator => administrator ?? throw new InvalidOperationException("The fixture has not been initialised.");

    /// <summary>A service's role in this class's database.</summary>
    public string ConnectionStringAs(string role) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Username = role, Password = Servers.RolePassword }.ConnectionString;

    /// <summary>Makes the schema in the database of the connection string; roles get <see cref="Servers.RolePassword"/>.</summary>
    protected virtual Task MigrateAsync(string administratorConnectionString) => Task.CompletedTask;

    /// <inheritdoc />
    public async Task InitializeAsync()
    {
        var server = await Servers.PostgresAsync();
        var database = $"t{Guid.NewGuid():N}";
        await using (var connection = await OpenAsync(server))
        {
            var template = await TemplateAsync(connection, server);
            await ExecuteAsync(connection, $"create database {database} template {template}");
        }
        connectionString = In(server, database);
        administrator = NpgsqlDataSource.Create(connectionString);
    }

    /// <inheritdoc />
    public async Task DisposeAsync()
    {
        if (administrator is null)
            return;
        await administrator.DisposeAsync();
        await using var connection = await OpenAsync(await Servers.PostgresAsync());
        await ExecuteAsync(connection, $"drop database {new NpgsqlConnectionStringBuilder(connectionString).Database} with (force)");
    }

    /// <summary>One at a time for the whole server: roles are shared, and a template may have no other session while it is copied.</summary>
    private async Task<string> TemplateAsync(NpgsqlConnection connection, string server)
    {
        if (GetType() == typeof(PostgresFixture))
            return "template0";
        // The module's version makes the name new with each build.
        var name = $"template_{GetType().Module.ModuleVersionId:N}_{Regex.Replace(GetType().Name.ToLowerInvariant(), "[^a-z0-9]", "_")}";
        name = name[..Math.Min(name.Length, 63)];
        await ExecuteAsync(connection, "select pg_advisory_lock(727000)");
        await using var known = new NpgsqlCommand("select 1 from pg_database where datname = $1 and datistemplate", connection) { Parameters = { new() { Value = name } } };
        if (await known.ExecuteScalarAsync() is null)
        {
            await ExecuteAsync(connection, $"drop database if exists {name} with (force)");
            await ExecuteAsync(connection, $"create database {name} template template0");
            await MigrateAsync(In(server, name));
            await ExecuteAsync(connection, $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");
            await ExecuteAsync(connection, $"alter database {name} with is_template true allow_connections false");
        }
        await ExecuteAsync(connection, "select pg_advisory_unlock(727000)");
        return name;
    }

    private static string In(string server, string database) => new NpgsqlConnectionStringBuilder(server) { Database = database }.ConnectionString;

    private static async Task<NpgsqlConnection> OpenAsync(string server)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false, CommandTimeout = 120 }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

#pragma warning disable CA2100 // Names of databases cannot be parameters; they are made above.
    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
#pragma warning restore CA2100
}
