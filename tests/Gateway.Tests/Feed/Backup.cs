using Npgsql;

namespace OrderSync.Gateway.Tests.Feed;

/// <summary>The gateway's tables as they were, to be put back: what an older backup does, without a server's restart.</summary>
internal sealed class Backup
{
    private readonly GatewayFixture gateway;
    private readonly string schema = $"backup_{Guid.NewGuid():N}";
    private readonly List<(string Name, string Columns)> tables = [];

    private Backup(GatewayFixture gateway) => this.gateway = gateway;

    public static async Task<Backup> TakeAsync(GatewayFixture gateway)
    {
        var backup = new Backup(gateway);
        await using (var command = gateway.Database.Administrator.CreateCommand(
            """
            select c.relname, string_agg(quote_ident(a.attname), ', ' order by a.attnum) from pg_class c join pg_attribute a on a.attrelid = c.oid
            where c.relnamespace = 'gateway'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname not like '\_\_migrations%'
                and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' group by 1
            """))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                backup.tables.Add((reader.GetString(0), reader.GetString(1)));
        }

        await backup.RunAsync("begin isolation level repeatable read", [$"create schema {backup.schema}", .. backup.tables.Select(table => $"create table {backup.schema}.{table.Name} as select {table.Columns} from gateway.{table.Name}")]);
        return backup;
    }

    /// <summary>All that came after it is gone.</summary>
    public Task PutBackAsync() => RunAsync("begin",
    [
        "set local session_replication_role = replica", $"truncate {string.Join(", ", tables.Select(table => $"gateway.{table.Name}"))}",
        .. tables.Select(table => $"insert into gateway.{table.Name} ({table.Columns}) select {table.Columns} from {schema}.{table.Name}"),
    ]);

    private async Task RunAsync(string begin, IEnumerable<string> statements)
    {
        var text = string.Join(";\n", [begin, .. statements, "commit"]);
        while (true)
        {
            await using var connection = await gateway.Database.Administrator.OpenConnectionAsync();
            await using var command = new NpgsqlCommand(text, connection);
            try
            {
                await command.ExecuteNonQueryAsync();
                return;
            }
            catch (PostgresException trouble) when (trouble.SqlState == PostgresErrorCodes.DeadlockDetected)
            {
                // The gateway's sweeps go on meanwhile.
                await using var end = new NpgsqlCommand("rollback", connection);
                await end.ExecuteNonQueryAsync();
            }
        }
    }
}
