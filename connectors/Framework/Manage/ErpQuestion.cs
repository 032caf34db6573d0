using Microsoft.AspNetCore.Http;
using OrderSync.Framework.Calls;
using OrderSync.Framework.Connections;
using OrderSync.Framework.Mappings;
using OrderSync.Framework.OAuth;
using OrderSync.Framework.Work;

namespace OrderSync.Framework.Manage;

/// <summary>What came of asking a destination something for a person: an answer, a definite word instead, or no connection to ask through.</summary>
internal sealed record Asked<T>(T? Answer, Outcome? Said) where T : class
{
    public IResult AsResult(Func<T, IResult> show) => Answer is { } answer ? show(answer) : Instead();

    public async Task<IResult> AsResultAsync(Func<T, Task<IResult>> show) => Answer is { } answer ? await show(answer) : Instead();

    private IResult Instead() => Said switch
    {
        null => ManageEndpoints.Unknown(),
        Outcome.Refused no => Results.Problem(statusCode: 409, type: no.Code, title: no.Reason, detail: no.Fix),
        Outcome.Reconnect no => Results.Problem(statusCode: 409, type: "connection.reconnect", title: no.Reason, detail: "Connect it again in Connections."),
        Outcome.Later later => Results.Problem(statusCode: 503, type: "later", title: later.Reason, detail: "Try again in a moment."),
        _ => Results.Problem(statusCode: 503, type: "ambiguous", title: "The destination did not answer clearly.", detail: "Try again in a moment."),
    };
}

/// <summary>Asks a destination something for a person, such as what it can list. Counted and logged as every call; nothing can be written.</summary>
internal sealed class ErpQuestion(ConnectionStore connections, IConnector connector, CallDesk desk, TokenStore tokens, ConnectorInfo info)
{
    /// <summary>Whether the connection works, in the connector's words.</summary>
    public Task<Asked<string>> TestAsync(Guid company, Guid connection, CancellationToken stop) =>
        AskAsync(company, connection, steps => connector.TestAsync(steps, stop), stop);

    /// <summary>What a kind of things of ours can be mapped to.</summary>
    public Task<Asked<IReadOnlyList<Candidate>>> CandidatesAsync(Guid company, Guid connection, string mapping, CancellationToken stop) =>
        AskAsync(company, connection, steps => connector.CandidatesAsync(mapping, steps, stop), stop);

    /// <summary>The document as it stands there now; none where the connector cannot show it.</summary>
    public Task<Asked<IReadOnlyList<ErpDocument>>> ReadAsync(Guid company, Guid connection, WrittenDocument document, CancellationToken stop) => AskAsync<IReadOnlyList<ErpDocument>>(
        company, connection, async steps => await connector.ReadAsync(document, steps, stop) is { } shown ? [shown] : [], stop, document.RecordId);

    /// <summary>What the connection takes and does not take; null when it has no settings yet.</summary>
    public async Task<IReadOnlyList<Capability>?> CapabilitiesAsync(Guid company, Guid connectionId, CancellationToken stop)
    {
        if (await connections.FindAsync(company, connectionId, stop) is not { } connection)
            return null;
        var said = connector.Capabilities(connection);
        return [.. info.Kinds.Where(kind => said.All(one => one.Name != kind)).Select(kind => new Capability(kind, true)), .. said];
    }

    private async Task<Asked<T>> AskAsync<T>(Guid company, Guid connectionId, Func<Steps, Task<T>> ask, CancellationToken stop, Guid? record = null) where T : class
    {
        if (await connections.FindAsync(company, connectionId, stop) is not { } connection)
            return new(null, null);
        using var errand = desk.For(connection, Purpose.Test, record).Begin();
        try
        {
            return new(await ask(new ReadingSteps(connection, tokens, stop)), null);
        }
        catch (OutcomeException said)
        {
            return new(null, said.Outcome);
        }
    }
}
