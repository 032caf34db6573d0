using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Feed;

/// <summary>
/// Begins a new epoch for all companies at once when a device has proved that an older backup was put back. From then on devices read everything anew
/// and offer again what was acknowledged, connectors tell again what they had told, and numbers come from a new series.
/// </summary>
internal sealed partial class Epochs(
    NpgsqlDataSource database, [FromKeyedServices(GatewaySchema.AuthRole)] NpgsqlDataSource auth, EpochSignal news, TimeProvider time, ILogger<Epochs> logger)
{
    /// <summary>Looks whether a cursor proves a fork, and begins an epoch if it does; true = it is another one now than the caller has seen.</summary>
    public async Task<bool> CheckAsync(Guid company, FeedMark mark, Guid seen, CancellationToken stop)
    {
        EpochLook look;
        await using (var connection = await database.OpenConnectionAsync(stop))
        {
            await using var batch = CompanyBatch.For(connection, company);
            EpochLook.Add(batch, company, mark);
            await using var reader = await batch.ReadAsync(stop);
            look = await EpochLook.ReadAsync(reader, mark, stop);
        }

        if (look.Fork is not null)
            await BeginAsync(company, look, stop);
        return look.Fork is not null || look.Id != seen;
    }

    /// <summary>Begins one, unless somebody else has meanwhile: the epoch that was looked at is not the present one then.</summary>
    public async Task BeginAsync(Guid company, EpochLook look, CancellationToken stop)
    {
        if (await BeginAsync(auth, company, look.Id, look.Unknown, look.Fork!, time.GetUtcNow(), stop) is not { } level)
            return;
        GatewayMeter.EpochBegan(look.Fork!);
        LogBegan(logger, company, look.Fork!, level);
        news.Wake();
    }

    /// <summary>The level of the epoch that began; null if none did.</summary>
    /// <param name="database">Of a role that may call the function.</param>
    /// <param name="company">Whose device has proved it; null = a person says so.</param>
    /// <param name="suspected">The epoch that is over.</param>
    /// <param name="seen">Epochs that only devices know.</param>
    /// <param name="why">What has proved it.</param>
    /// <param name="at">When.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<long?> BeginAsync(
        NpgsqlDataSource database, Guid? company, Guid? suspected, IReadOnlyList<Guid> seen, string why, DateTimeOffset at, CancellationToken stop)
    {
        await using var begin = database.CreateCommand("select gateway.begin_epoch($1, $2, $3, $4, $5, $6)");
        foreach (var value in new object[] { CompanyBatch.Maybe(company), CompanyBatch.Maybe(suspected), seen.ToArray(), Guid.NewGuid(), at, why })
            begin.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value });
        return await begin.ExecuteScalarAsync(stop) as long?;
    }

    [LoggerMessage(LogLevel.Critical, "An older backup of the database was put back: a device of company {Company} has proved it ({Fork}). A new epoch begins for all companies, level {Level}.")]
    private static partial void LogBegan(ILogger logger, Guid company, string fork, long level);
}
