using Microsoft.Data.Sqlite;

namespace OrderSync.Device;

/// <summary>The statements of one connection, each prepared once. For one thread at a time.</summary>
internal sealed class Statements(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _commands = [];

    /// <summary>Runs a statement; returns how many rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> parameters) => Command(sql, parameters).ExecuteNonQuery();

    /// <summary>Runs a question.</summary>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> parameters)
    {
        var rows = new List<T>();
        Each(sql, row => rows.Add(read(row)), parameters);
        return rows;
    }

    /// <summary>Runs a question whose answer may be long, row by row. What is done with a row must not run the same question.</summary>
    public void Each(string sql, Action<SqliteDataReader> use, params ReadOnlySpan<object?> parameters)
    {
        using var reader = Command(sql, parameters).ExecuteReader();
        while (reader.Read())
            use(reader);
    }

    /// <summary>Runs a question with a count for an answer.</summary>
    public long Count(string sql, params ReadOnlySpan<object?> parameters) => Query(sql, row => row.IsDBNull(0) ? 0 : row.GetInt64(0), parameters)[0];

    public void Dispose()
    {
        foreach (var command in _commands.Values)
            command.Dispose();
        connection.Dispose();
    }

    private SqliteCommand Command(string sql, ReadOnlySpan<object?> parameters)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
#pragma warning disable CA2100 // All statements are constants of this library.
            command = new SqliteCommand(sql, connection);
#pragma warning restore CA2100
            for (var i = 1; i <= parameters.Length; i++)
                command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
            _commands.Add(sql, command);
        }

        for (var i = 0; i < parameters.Length; i++)
            command.Parameters[i].Value = parameters[i] ?? DBNull.Value;
        return command;
    }
}
