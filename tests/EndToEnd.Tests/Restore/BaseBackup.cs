using System.Diagnostics;
using Npgsql;
using OrderSync.AppHost.Local.Servers;
using OrderSync.Testing;

namespace OrderSync.EndToEnd.Tests.Restore;

/// <summary>A base backup of a running PostgreSQL, taken and put back as an operator does it.</summary>
internal sealed class BaseBackup
{
    private readonly PrivateServer<PostgresServer> server;
    private readonly string data;
    private readonly string copy;

    private BaseBackup(PrivateServer<PostgresServer> server, string data) => (this.server, this.data, copy) = (server, data, data + ".backup");

    public static async Task<BaseBackup> TakeAsync(PrivateServer<PostgresServer> server)
    {
        var address = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false };
        await using var connection = new NpgsqlConnection(address.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("show data_directory", connection);
        var backup = new BaseBackup(server, (string)(await command.ExecuteScalarAsync())!);
        await RunAsync("pg_basebackup", address.Password!, "-h", address.Host!, "-p", $"{address.Port}", "-U", address.Username!, "-D", backup.copy, "-X", "stream", "-c", "fast");
        return backup;
    }

    /// <summary>The server is gone from one moment to the next, and comes back as it was when the backup was taken.</summary>
    public async Task PutBackAsync()
    {
        await server.KillAsync();
        Directory.Delete(data, recursive: true);
        Directory.Move(copy, data);
        await RunAsync("chmod", "", "700", data);
        // PostgreSQL refuses root: as root it runs under the account its package made.
        if (Environment.IsPrivilegedProcess)
            await RunAsync("chown", "", "-R", "postgres:", data);
        await server.StartAsync();
    }

    private static async Task RunAsync(string program, string password, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true };
        start.Environment["PGPASSWORD"] = password;
        using var process = Process.Start(start)!;
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program}: {said}");
    }
}
