using Npgsql;

namespace OrderSync.Gateway.Storage;

/// <summary>Batches of statements that go to PostgreSQL in one round trip and one transaction.</summary>
internal static class CompanyBatch
{
    /// <summary>Begins a batch whose first statement says for which company it is: row-level security shows it nothing else.</summary>
    public static NpgsqlBatch For(NpgsqlConnection connection, Guid company, NpgsqlTransaction? transaction = null)
    {
        var batch = new NpgsqlBatch(connection, transaction);
        batch.Add("select set_config('app.company', $1, true)", company.ToString());
        return batch;
    }

    /// <summary>
    /// Begins a batch that looks up or writes records, always by key. Every plan of its transaction is made once for a session and goes by index: PostgreSQL
    /// would else plan each check of a foreign key to a partitioned table anew (more than half of a push's time), or keep
    /// a plan from when a table was still small enough to be read whole. Without the joins that read whole tables the plans are also made in a third of the time
    /// (the relay's: 55 instead of 160 ms a session, and anew after each ANALYZE).
    /// </summary>
    public static NpgsqlBatch ForRecords(NpgsqlConnection connection, Guid company, NpgsqlTransaction? transaction = null)
    {
        var batch = new NpgsqlBatch(connection, transaction);
        batch.AddCompanyForRecords(company);
        return batch;
    }

    /// <summary>The statements after this one are for this company, planned as <see cref="ForRecords"/> has them.</summary>
    public static void AddCompanyForRecords(this NpgsqlBatch batch, Guid company) => batch.Add("""
        select set_config('app.company', $1, true), set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true),
            set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)
        """, company.ToString());

    /// <summary>Adds a statement with its parameters in order ($1, $2 …). Null must be given with its type: use <c>Maybe</c>.</summary>
    public static void Add(this NpgsqlBatch batch, string sql, params ReadOnlySpan<object> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in parameters)
            command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value });
        batch.BatchCommands.Add(command);
    }

    /// <summary>A parameter that may be null and still has its type.</summary>
    public static NpgsqlParameter Maybe<T>(T? value) where T : class => new NpgsqlParameter<T?> { TypedValue = value };

    /// <summary>A parameter that may be null and still has its type.</summary>
    public static NpgsqlParameter Maybe<T>(T? value) where T : struct => new NpgsqlParameter<T?> { TypedValue = value };

    /// <summary>Runs the batch and leaves the reader at the rows of its second statement, after the company's.</summary>
    public static async Task<NpgsqlDataReader> ReadAsync(this NpgsqlBatch batch, CancellationToken stop)
    {
        var reader = await batch.ExecuteReaderAsync(stop);
        await reader.NextResultAsync(stop);
        return reader;
    }

    /// <summary>Reads to the end of the transaction: a reader that is only disposed of keeps it to itself when the connection is lost at the commit.</summary>
    public static async Task EndAsync(this NpgsqlDataReader reader, CancellationToken stop)
    {
        while (await reader.NextResultAsync(stop))
        {
            // Only the end matters.
        }
    }
}
