using Npgsql;
using OrderSync.AppHost.Local;
using OrderSync.AppHost.Local.Servers;

namespace OrderSync.Testing.Run;

/// <summary>A real Tryton on the run's PostgreSQL, made ready by the first test of a process that needs it.</summary>
internal static class TestTryton
{
    private const string Template = "tryton_template";
    private const string Currency = "EUR";

    public static async Task<TrytonAddress> StartAsync(CancellationToken stop)
    {
        var log = Path.Combine(TestFolder.Path, "install-tryton.log");
        if (await Install.RunAsync(Install.Missing(tryton: true), log, _ => { }, stop) is { } toDo)
            throw new InvalidOperationException(toDo);
        var administrator = await Servers.PostgresAsync();
        var postgres = new NpgsqlConnectionStringBuilder(administrator);
        var options = new TrytonOptions(
            Path.Combine(TestFolder.Path, "tryton"), TestPorts.Take(1)[0], Servers.RolePassword, TestFolder.Path, postgres.Port, postgres.Password!);
        // One process of the run makes the template, the others wait for it.
        await using var turn = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(administrator) { Pooling = false, CommandTimeout = 0 }.ConnectionString);
        await turn.OpenAsync(stop);
        await using (var take = new NpgsqlCommand("select pg_advisory_lock(727001)", turn))
            await take.ExecuteNonQueryAsync(stop);
        await TrytonDatabase.EnsureAsync(options, Template, Currency, _ => { }, stop);
        return new TrytonAddress(
            TrytonDatabase.User, options.Password, administrator, name => TrytonDatabase.CopyAsync(options, Template, name, stop),
            () => TrytonServer.StartAsync(options with { Folder = $"{options.Folder}-{Guid.NewGuid():N}", Port = TestPorts.Take(1)[0] }, stop));
    }
}
