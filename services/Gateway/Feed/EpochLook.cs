using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Feed;

/// <summary>
/// The epoch of a company, and whether what a device brings proves that the database was set back to an older backup: PostgreSQL itself cannot
/// see that. One statement in a batch that is sent anyway.
/// </summary>
/// <param name="Id">The epoch as the database has it.</param>
/// <param name="Fork">What proves a fork; null = nothing does.</param>
/// <param name="Unknown">Epochs that were brought and that this database has never heard of.</param>
internal sealed record EpochLook(Guid Id, string? Fork, IReadOnlyList<Guid> Unknown)
{
    /// <summary>Adds the question.</summary>
    /// <param name="batch">Gets one statement.</param>
    /// <param name="company">Whose feed.</param>
    /// <param name="mark">What a cursor says, if one came.</param>
    /// <param name="others">Epochs that came otherwise, such as in proofs.</param>
    public static void Add(NpgsqlBatch batch, Guid company, FeedMark? mark, params Guid[] others) => batch.Add("""
        select f.epoch, f.pos, f.trimmed, (select d.tx from feed d where d.company_id = $1 and d.pos = $2),
            array(select e.epoch from unnest($3::uuid[]) as e (epoch)
                where e.epoch <> f.epoch and not exists (select from past_epoch p where p.company_id = $1 and p.epoch = e.epoch))
        from company_feed f where f.company_id = $1
        """, company, mark?.Position ?? 0, mark is { } one ? [one.Epoch, .. others] : others);

    /// <summary>Reads the answer where the reader stands at it.</summary>
    public static async Task<EpochLook> ReadAsync(NpgsqlDataReader reader, FeedMark? mark, CancellationToken stop)
    {
        if (!await reader.ReadAsync(stop))
            throw new InvalidOperationException("The company has no feed.");
        var (epoch, head, trimmed, unknown) = (reader.GetGuid(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetFieldValue<Guid[]>(4));
        var fork = unknown.Length > 0 ? "epoch" : mark is not { } one || one.Epoch != epoch ? null
            : one.Position > head ? "ahead"
            // A row that was trimmed away proves nothing.
            : one.Position > trimmed && (reader.IsDBNull(3) || reader.GetGuid(3) != one.Tag) ? "tag" : null;
        return new EpochLook(epoch, fork, unknown);
    }
}
