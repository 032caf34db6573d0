using Npgsql;

namespace OrderSync.Gateway.Tests.Feed;

/// <summary>The feed: writers write a tax, nothing else; the reader pulls as devices do.</summary>
internal sealed class FeedTable(FeedParts parts) : IWatchedTable
{
    private string? cursor;

    public async Task WriteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string key)
    {
        await using var command = new NpgsqlCommand("insert into tax (company_id, code, name, rate) values ($1, $2, $2, 1)", connection, transaction)
        {
            Parameters = { new() { Value = parts.Device.CompanyId }, new() { Value = key } },
        };
        await command.ExecuteNonQueryAsync();
    }

    public async Task<IReadOnlyList<string>> PollAsync()
    {
        (cursor, var lines, _) = await parts.PullAsync(cursor);
        return [.. lines.Where(line => line.Collection == "taxes").Select(line => line.Key)];
    }
}

/// <summary>The trap that looks right: a number from a sequence, and a reader that remembers the highest it has seen.</summary>
internal sealed class SerialTable(NpgsqlDataSource administrator) : IWatchedTable
{
    private long cursor;

    public static Task MakeAsync(GatewayFixture gateway) =>
        gateway.Execute("create table if not exists public.serial_trap (id bigserial primary key, key text not null); grant usage on schema public to gateway; grant all on public.serial_trap, public.serial_trap_id_seq to gateway");

    public async Task WriteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string key)
    {
        await using var command = new NpgsqlCommand("insert into public.serial_trap (key) values ($1)", connection, transaction) { Parameters = { new() { Value = key } } };
        await command.ExecuteNonQueryAsync();
    }

    public async Task<IReadOnlyList<string>> PollAsync()
    {
        var keys = new List<string>();
        await using var command = administrator.CreateCommand("select id, key from public.serial_trap where id > $1 order by id");
        command.Parameters.Add(new() { Value = cursor });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            cursor = reader.GetInt64(0);
            keys.Add(reader.GetString(1));
        }

        return keys;
    }
}

/// <summary>The trap that is right and stands still: rows count only once no transaction is open that is older than theirs.</summary>
internal sealed class WatermarkTable(NpgsqlDataSource administrator) : IWatchedTable
{
    private readonly HashSet<string> seen = [];

    public static Task MakeAsync(GatewayFixture gateway) =>
        gateway.Execute("create table if not exists public.watermark_trap (tx xid8 not null default pg_current_xact_id(), key text not null); grant usage on schema public to gateway; grant all on public.watermark_trap to gateway");

    public async Task WriteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string key)
    {
        await using var command = new NpgsqlCommand("insert into public.watermark_trap (key) values ($1)", connection, transaction) { Parameters = { new() { Value = key } } };
        await command.ExecuteNonQueryAsync();
    }

    public async Task<IReadOnlyList<string>> PollAsync()
    {
        var keys = new List<string>();
        await using var command = administrator.CreateCommand("select key from public.watermark_trap where tx < pg_snapshot_xmin(pg_current_snapshot())");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            if (seen.Add(reader.GetString(0)))
                keys.Add(reader.GetString(0));
        return keys;
    }
}
