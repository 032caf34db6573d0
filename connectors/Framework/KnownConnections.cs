using System.Text.Json.Nodes;
using OrderSync.Framework.Connections;

namespace OrderSync.Framework;

/// <summary>Looks connections up for a connector's own pages.</summary>
public sealed class KnownConnections
{
    private readonly ConnectionStore store;
    private readonly SettingsForm form;

    internal KnownConnections(ConnectionStore store, SettingsForm form) => (this.store, this.form) = (store, form);

    /// <summary>The connection, or null when it has no settings yet.</summary>
    public Task<Connection?> FindAsync(Guid companyId, Guid connectionId, CancellationToken stop) => store.FindAsync(companyId, connectionId, stop);

    /// <summary>The settings that the connection would have if these were saved over its own; nothing is saved.</summary>
    /// <param name="connection">The connection as it is.</param>
    /// <param name="changes">Settings by name, as in the form.</param>
    /// <returns>The settings, or what is wrong with them and where.</returns>
    public (ConnectionSettings? Settings, string? Field, string? WhyNot) Try(Connection connection, JsonObject changes)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(changes);
        try
        {
            return (form.TryOver(connection, changes), null, null);
        }
        catch (SettingsRefusedException refused)
        {
            return (null, refused.Field, refused.Message);
        }
    }
}
