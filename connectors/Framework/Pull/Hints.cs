using OrderSync.Framework.Connections;
using OrderSync.Framework.Storage;
using OrderSync.Framework.Work;

namespace OrderSync.Framework.Pull;

/// <summary>
/// What destinations say of their own accord. It only makes the next look come sooner: nothing is taken from such a call, and one that is lost, forged or
/// repeated changes nothing but the time of a look.
/// </summary>
internal sealed class Hints(ConnectionStore connections, IConnector connector, LedgerDatabase database, Signals signals)
{
    // So that a flood of hints does not become a flood of looks.
    private static readonly TimeSpan Apart = TimeSpan.FromMinutes(1);

    private const string Sooner = """
        update pull set due = least(due, greatest($3, coalesce(ended_at + $4, $3))) where connection_id = $1 and collection = any($2) and enabled
        """;

    /// <summary>Takes a call: null = the connection is not known; false = it does not come from the destination.</summary>
    public async Task<bool?> TakeAsync(Guid companyId, Guid connectionId, IncomingCall call, CancellationToken stop)
    {
        if (await connections.FindAsync(companyId, connectionId, stop) is not { } connection)
            return null;
        if (CollectionsOf(connection, call) is not { } collections)
            return false;
        if (collections.Count == 0)
            return true;
        await using (var batch = database.For(companyId).Add(Sooner, connectionId, collections.ToArray(), database.Now, Apart))
            await batch.RunAsync(stop);
        signals.RaisePulls();
        return true;
    }

    private IReadOnlyList<string>? CollectionsOf(Connection connection, IncomingCall call)
    {
        try
        {
            return connector.Hints(connection, call);
        }
        catch (OutcomeException)
        {
            // What the call would have to be proved with has not been entered.
            return null;
        }
    }
}
