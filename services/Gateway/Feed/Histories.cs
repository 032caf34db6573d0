using Npgsql;
using OrderSync.Gateway.Feed.Collections;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Feed;

/// <summary>
/// Keeps customers' histories as devices get them, brought up to date from the feed by whoever downloads: pushes do not pay for them, and a history is made once for all
/// devices. The feed tells whose history has changed, as it tells devices; so what is kept misses nothing that devices do not miss.
/// </summary>
internal static class Histories
{
    private const int MostSteps = 20;
    private const int Customers = 1_000;
    private const int Changes = 5_000;

    // Locks the company's line to the end of the step. The changes after where it stands may have been trimmed, or their shape be another now: then all are made anew.
    private const string Begin = """
        insert into history_standing (company_id, shape, pos, made_to) select $1, $2, f.pos, $3 from company_feed f where f.company_id = $1
        on conflict (company_id) do update set shape = excluded.shape, pos = excluded.pos, made_to = excluded.made_to
        where history_standing.shape <> excluded.shape or history_standing.pos < (select trimmed from company_feed where company_id = $1)
        """;

    /// <summary>Brings them up to the head of the feed, or as far as one download may go; the position they are right at, -1 while they are being made for the first time.</summary>
    public static async Task<long> BringUpAsync(NpgsqlConnection connection, History history, Guid company, CancellationToken stop)
    {
        for (var step = 1; ; step++)
        {
            await using var batch = CompanyBatch.ForRecords(connection, company);
            batch.Add(Begin, company, history.Shape, Guid.Empty);
            batch.Add(history.Step, company, history.Shape, Customers, Changes);
            await using var reader = await batch.ReadAsync(stop);
            if (!await reader.ReadAsync(stop))
                return -1;
            var (made, position, head) = (reader.GetBoolean(0), reader.GetInt64(1), reader.GetInt64(2));
            await reader.EndAsync(stop);
            if ((made && position == head) || step == MostSteps)
                return made ? position : -1;
        }
    }
}
