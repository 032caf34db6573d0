using OrderSync.Framework.Storage;
using OrderSync.Framework.Work;

namespace OrderSync.Framework.Connections;

/// <summary>A person pauses a connection, and resumes it. What is under way is finished; nothing new begins meanwhile, restarts or not.</summary>
internal sealed class Pauses(LedgerDatabase database, Signals signals)
{
    private const string Pause = """
        update connection set held_at = $2, held_by = $3::text, held_reason = $4::text where connection_id = $1 and held_at is null
        """;

    private const string Resume = "update connection set held_at = null, held_by = null, held_reason = null where connection_id = $1";

    private const string Exists = "select true from connection where connection_id = $1";

    /// <returns>False when the connection has no settings yet.</returns>
    public Task<bool> PauseAsync(Guid company, Guid connection, string? reason, string? person, CancellationToken stop) =>
        ChangeAsync(company, connection, "paused", reason, person, batch => batch.Add(Pause, connection, database.Now, person, reason), stop);

    /// <returns>False when the connection has no settings yet.</returns>
    public Task<bool> ResumeAsync(Guid company, Guid connection, string? person, CancellationToken stop) =>
        ChangeAsync(company, connection, "resumed", null, person, batch => batch.Add(Resume, connection), stop);

    private async Task<bool> ChangeAsync(
        Guid company, Guid connection, string action, string? reason, string? person, Action<CompanyBatch> change, CancellationToken stop)
    {
        await using var batch = database.Numbering(company, connection);
        SettingsHistory.Note(batch, company, connection, action, reason, person, database.Now);
        change(batch);
        batch.Add(Exists, connection);
        var known = await batch.ScalarAsync(stop) is true;
        signals.Raise();
        return known;
    }
}
