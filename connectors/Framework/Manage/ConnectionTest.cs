namespace OrderSync.Framework.Manage;

/// <summary>What a test of a connection found.</summary>
/// <param name="Works">Whether it works.</param>
/// <param name="Code">Stable code of what is wrong.</param>
/// <param name="Message">What was found, in plain words.</param>
/// <param name="Fix">What to do.</param>
internal sealed record TestResult(bool Works, string? Code, string Message, string? Fix);

/// <summary>Tries a connection for a person: a token and one cheap read.</summary>
internal sealed class ConnectionTest(ErpQuestion question, ConnectorInfo info)
{
    private const string GoesOn = "Nothing is to be done; it goes on by itself.";

    /// <summary>Null when the connection has no settings yet.</summary>
    public async Task<TestResult?> RunAsync(Guid company, Guid connectionId, CancellationToken stop)
    {
        var (answer, said) = await question.TestAsync(company, connectionId, stop);
        return (answer, said) switch
        {
            ({ } found, _) => new(true, null, found, null),
            (_, null) => null,
            (_, Outcome.Refused no) => new(false, no.Code, no.Reason, no.Fix),
            (_, Outcome.Reconnect no) => new(false, "connection.reconnect", no.Reason, "Connect it again in Connections."),
            (_, Outcome.Later later) => new(false, "later", later.Reason, later.WholeAccount ? GoesOn : "Try again in a moment."),
            _ => new(false, "ambiguous", $"{info.Title} did not answer clearly.", "Try again in a moment."),
        };
    }
}
