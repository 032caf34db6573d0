using Npgsql;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Recording;

/// <summary>A document as a test sees it.</summary>
internal sealed record LedgerRow(string State, bool Held, string? ExternalId, string? Code, string? Reason);

/// <summary>Looks into the ledger past row-level security.</summary>
internal static class LedgerView
{
    public static async Task<LedgerRow?> DocumentAsync(this PostgresFixture database, Guid record)
    {
        await using var command = database.Administrator.CreateCommand("select state, holder is not null, external_id, code, reason from recording.document where record_id = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = record });
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync()
            ? new(reader.GetString(0), reader.GetBoolean(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetString(4))
            : null;
    }

    public static Task<LedgerRow?> UntilAsync(this PostgresFixture database, Guid record, string state) =>
        Eventually.GetAsync(() => database.DocumentAsync(record), row => row?.State == state && !row.Held, $"document {record} to be {state}");

    /// <summary>Moves the clock on until the document is in a state: the times themselves are asserted by what the ERP recorded.</summary>
    public static Task<LedgerRow?> UntilAsync(this PostgresFixture database, Guid record, string state, ManualClock clock) =>
        Eventually.GetAsync(async () =>
        {
            clock.Advance(TimeSpan.FromSeconds(3));
            return await database.DocumentAsync(record);
        }, row => row?.State == state && !row.Held, $"document {record} to be {state}");

    public static async Task<T> ScalarAsync<T>(this PostgresFixture database, string sql)
    {
        await using var command = database.Administrator.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
