using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace OrderSync.Framework.Storage;

/// <summary>
/// Statements for one company in one round trip and one transaction; the first names the company, so that row-level security shows its rows only.
/// </summary>
internal sealed class CompanyBatch : IAsyncDisposable
{
    private const string Begin = "select set_config('app.company', $1, true)";

    // The tables may have been empty, or their figures old, when a statement was planned.
    private const string BeginByKey = $"""
        {Begin}, set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true),
            set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)
        """;

    // Taken before the statements that read the highest number: they see all numbers given before.
    private const string BeginNumbering = $"{Begin}, pg_advisory_xact_lock(hashtextextended($2, 0))";

    private readonly NpgsqlBatch batch;
    private readonly bool byKey;

    /// <param name="source">Where from.</param>
    /// <param name="companyId">For whom.</param>
    /// <param name="byKey">Each statement looks up many rows by their keys, and is planned so, once for a session.</param>
    public CompanyBatch(NpgsqlDataSource source, Guid companyId, bool byKey = false)
    {
        batch = source.CreateBatch();
        this.byKey = byKey;
        Company(companyId);
    }

    /// <param name="source">Where from.</param>
    /// <param name="companyId">For whom.</param>
    /// <param name="connectionId">Statements that number something of this connection run one transaction after the other.</param>
    public CompanyBatch(NpgsqlDataSource source, Guid companyId, Guid connectionId)
    {
        batch = source.CreateBatch();
        Add(BeginNumbering, companyId.ToString("D"), $"ordersync numbers of {connectionId:D}");
    }

    /// <summary>The statements after this one are for another company, in the same transaction.</summary>
    public CompanyBatch Company(Guid companyId) => Add(byKey ? BeginByKey : Begin, companyId.ToString("D"));

    [SuppressMessage("Security", "CA2100", Justification = "Statements are constants of the ledger; values are parameters.")]
    public CompanyBatch Add(string sql, params object?[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        batch.BatchCommands.Add(command);
        return this;
    }

    public async Task RunAsync(CancellationToken stop) => await batch.ExecuteNonQueryAsync(stop);

    /// <summary>A reader that stands before the rows of the first statement after the company's.</summary>
    public async Task<NpgsqlDataReader> ReadAsync(CancellationToken stop)
    {
        var reader = await batch.ExecuteReaderAsync(stop);
        await reader.NextResultAsync(stop);
        return reader;
    }

    /// <summary>First value of the first row that a statement after the company's gives; null when none does. All statements are committed then.</summary>
    public async Task<object?> ScalarAsync(CancellationToken stop)
    {
        await using var reader = await ReadAsync(stop);
        var value = await reader.ReadAsync(stop) && !await reader.IsDBNullAsync(0, stop) ? reader.GetValue(0) : null;
        await EndAsync(reader, stop);
        return value;
    }

    /// <summary>Reads to the end of the transaction: a reader that is only disposed of keeps the error of a failed commit to itself.</summary>
    public static async Task EndAsync(NpgsqlDataReader reader, CancellationToken stop)
    {
        while (await reader.NextResultAsync(stop))
        {
            // Only the end matters.
        }
    }

    public ValueTask DisposeAsync() => batch.DisposeAsync();
}
