using Npgsql;
using OrderSync.Framework.Work;

namespace OrderSync.Framework.Storage;

/// <summary>The ledger's two ways in: for one company under row-level security, and across companies for claims and due times only.</summary>
internal sealed class LedgerDatabase(NpgsqlDataSource companies, NpgsqlDataSource worker, TimeProvider time)
{
    /// <summary>Data source of the worker's role.</summary>
    public NpgsqlDataSource Worker { get; } = worker;

    /// <summary>The time that due times are computed with and compared to; never the server's clock.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Statements for one company.</summary>
    public CompanyBatch For(Guid companyId) => new(companies, companyId);

    /// <summary>Statements that look up many rows by their keys.</summary>
    public CompanyBatch ByKey(Guid companyId) => new(companies, companyId, byKey: true);

    /// <summary>Statements that give the next number to something of a connection, such as a token or a change: one such transaction at a time.</summary>
    public CompanyBatch Numbering(Guid companyId, Guid connectionId) => new(companies, companyId, connectionId);

    /// <summary>A session for a lock that outlives a transaction.</summary>
    public ValueTask<NpgsqlConnection> OpenSessionAsync(CancellationToken stop) => companies.OpenConnectionAsync(stop);

    /// <summary>
    /// Runs <paramref name="work"/>, which may run several times, until PostgreSQL has taken it: while it is away, restarts, or saw a deadlock.
    /// </summary>
    public static async Task<T> UntilTakenAsync<T>(Func<Task<T>> work, CancellationToken stop)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await work();
            }
            catch (Exception trouble) when (Passes(trouble) && !stop.IsCancellationRequested)
            {
                // Real time, also in virtual time: the server is real.
                await Task.Delay(Backoff.After(tries, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5)), TimeProvider.System, stop);
            }
        }
    }

    /// <summary>
    /// Whether trying again may help: the server was away, busy or settled a deadlock against us. A server that does not even answer the knock is told by
    /// a plain <see cref="TimeoutException"/>.
    /// </summary>
    public static bool Passes(Exception trouble) =>
        trouble is TimeoutException || (trouble is NpgsqlException said && (said is not PostgresException || said.IsTransient || said.SqlState == PostgresErrorCodes.QueryCanceled));
}
