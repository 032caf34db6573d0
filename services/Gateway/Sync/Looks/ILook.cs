using Npgsql;

namespace OrderSync.Gateway.Sync.Looks;

/// <summary>
/// One subject of what rules need to know about a chunk, such as its items or its customers. All looks of a chunk go in one batch, so a new one
/// costs no round trip; each adds one statement that finds its rows by key.
/// </summary>
internal interface ILook
{
    /// <summary>Adds its one statement.</summary>
    /// <returns>False when the chunk asks for nothing of this subject: then there is no statement and nothing to read.</returns>
    bool Add(NpgsqlBatch batch, Guid company, Wanted wanted);

    /// <summary>Reads what was found; the reader stands at its result.</summary>
    Task ReadAsync(NpgsqlDataReader reader, Known known, CancellationToken stop);
}
