using OrderSync.Framework.Calls;
using OrderSync.Framework.Connections;
using OrderSync.Framework.OAuth;
using OrderSync.Framework.Storage;

namespace OrderSync.Framework.Work;

/// <summary>A claimed document with all that is needed to work on it.</summary>
internal sealed record Job(Claim Claim, Payload Payload, DocumentInfo Document, LedgerSteps Steps);

/// <summary>Lays out claimed documents: content, connection and steps in one round trip, under the company's row-level security.</summary>
internal sealed class Workbench(LedgerDatabase database, ConnectionStore connections, ConnectorInfo info, Replica replica, TokenStore tokens, CallDesk desk)
{
    /// <exception cref="OutcomeException">The connection is gone.</exception>
    public async Task<Job> LayOutAsync(Claim claim, CancellationToken stop)
    {
        await using var batch = database.For(claim.CompanyId);
        batch.Add("select payload from content where account = $1 and document = $2", claim.Account, claim.Document);
        batch.Add("select revision, name, state, unsure_since, empty_look_at, result, sent_as from step where account = $1 and document = $2", claim.Account, claim.Document);
        batch.Add(ConnectionStore.Columns, claim.ConnectionId);
        await using var reader = await batch.ReadAsync(stop);
        await reader.ReadAsync(stop);
        var payload = Payload.Read(reader.GetString(0));

        await reader.NextResultAsync(stop);
        var steps = new List<StepRow>();
        while (await reader.ReadAsync(stop))
        {
            steps.Add(new(reader.GetInt32(0), reader.GetString(1), reader.GetString(2),
                await reader.IsDBNullAsync(3, stop) ? null : reader.GetFieldValue<DateTimeOffset>(3),
                await reader.IsDBNullAsync(4, stop) ? null : reader.GetFieldValue<DateTimeOffset>(4),
                await reader.IsDBNullAsync(5, stop) ? null : reader.GetString(5),
                await reader.IsDBNullAsync(6, stop) ? null : reader.GetString(6)));
        }

        await reader.NextResultAsync(stop);
        if (!await reader.ReadAsync(stop))
            throw new OutcomeException(new Outcome.Reconnect("This connection has no settings any more. Enter them in Connections."));
        var connection = connections.Take(claim.CompanyId, claim.ConnectionId, reader);
        var document = new DocumentInfo(
            claim.CompanyId, claim.ConnectionId, claim.Account, claim.Document, claim.RecordId, claim.Revision, claim.Kind, claim.Target,
            payload.Number, payload.CapturedAt, payload.Date, payload.ReceivedAt, payload.Rep, payload.Sha256, payload.Branch, payload.MayExist);
        var errand = desk.For(connection, Purpose.Document, claim.RecordId);
        return new(claim, payload, document, new LedgerSteps(claim, errand, info, steps, database, replica, tokens, stop));
    }
}
