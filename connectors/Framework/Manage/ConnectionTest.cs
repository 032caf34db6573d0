using OrderSync.Framework.Calls;
using OrderSync.Framework.Connections;
using OrderSync.Framework.OAuth;
using OrderSync.Framework.Work;

namespace OrderSync.Framework.Manage;

/// <summary>What a test of a connection found.</summary>
/// <param name="Works">Whether it works.</param>
/// <param name="Code">Stable code of what is wrong.</param>
/// <param name="Message">What was found, in plain words.</param>
/// <param name="Fix">What to do.</param>
internal sealed record TestResult(bool Works, string? Code, string Message, string? Fix);

/// <summary>Tries a connection for a person: a token and one cheap read, counted and logged as every call.</summary>
internal sealed class ConnectionTest(ConnectionStore connections, IConnector connector, CallDesk desk, TokenStore tokens, ConnectorInfo info)
{
    private const string GoesOn = "Nothing is to be done; it goes on by itself.";

    /// <summary>Null when the connection has no settings yet.</summary>
    public async Task<TestResult?> RunAsync(Guid company, Guid connectionId, CancellationToken stop)
    {
        if (await connections.FindAsync(company, connectionId, stop) is not { } connection)
            return null;
        var errand = desk.For(connection, Purpose.Test);
        using var _ = errand.Begin();
        try
        {
            return new(true, null, await connector.TestAsync(new ReadingSteps(connection, tokens, stop), stop), null);
        }
        catch (OutcomeException said)
        {
            return said.Outcome switch
            {
                Outcome.Refused no => new(false, no.Code, no.Reason, no.Fix),
                Outcome.Reconnect no => new(false, "connection.reconnect", no.Reason, "Connect it again in Connections."),
                Outcome.Later later => new(false, "later", later.Reason, later.WholeAccount ? GoesOn : "Try again in a moment."),
                _ => new(false, "ambiguous", $"{info.Title} did not answer clearly.", "Try again in a moment."),
            };
        }
    }
}
