using Npgsql;
using OrderSync.ServiceDefaults.Database;

namespace OrderSync.Gateway.Feed;

/// <summary><c>epoch --new</c> on the gateway's command line: a person who has put a backup back says so before devices find out.</summary>
internal static class EpochCommand
{
    private const int Usage = 2;

    private const string Help = """
        epoch --new   an older backup of the database was put back: begins a new epoch for all companies

        Devices then read everything anew and offer again what they had sent since the backup, connectors tell again what they had told, and new
        numbers come from a new series, so that none is given twice. Devices find a backup that was put back by themselves too; said here first,
        nothing is numbered in between. Needs ConnectionStrings:ordersync, the administrator's.
        """;

    public static async Task<int> RunAsync(string[] args, IConfiguration configuration, CancellationToken stop)
    {
        if (args is not ["epoch", "--new"])
        {
            Console.WriteLine(Help);
            return args is ["epoch", "--help" or "-h"] ? 0 : Usage;
        }

        try
        {
            await using var administrator = NpgsqlDataSource.Create(configuration.RequireConnectionString("ordersync"));
            Console.WriteLine(await Epochs.BeginAsync(administrator, null, null, [], "person", TimeProvider.System.GetUtcNow(), stop) is { } level
                ? $"A new epoch has begun for all companies (level {level}). Devices that come offer again what they had sent since the backup."
                : "There is no company yet, so there is nothing to begin anew.");
            return 0;
        }
        catch (Exception trouble) when (trouble is NpgsqlException or InvalidOperationException)
        {
            Console.Error.WriteLine($"No new epoch has begun: {trouble.Message}");
            return 1;
        }
    }
}
