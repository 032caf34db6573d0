using System.Globalization;
using System.Text.Json;
using Npgsql;
using OrderSync.Gateway.Office;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Parked;

/// <summary>Messages that one part could not read, in Needs attention.</summary>
/// <param name="Part">The gateway or a connector.</param>
/// <param name="Count">How many; null when the connector does not answer just now.</param>
/// <param name="Since">Since when the oldest waits.</param>
/// <param name="Code">messages.parked, or connector.away.</param>
/// <param name="Message">The same in plain words.</param>
/// <param name="Look">Where they are looked at, sent again (<c>/replay</c>) or put aside (<c>/discard</c>).</param>
internal sealed record ParkedCount(string Part, long? Count, DateTimeOffset? Since, string Code, string Message, string Look);

/// <summary>Asks the gateway's own list and each connector of the company's connections how many messages wait for a person there.</summary>
internal sealed class ParkedCounts(NpgsqlDataSource database, ConnectorCalls connectors, ParkedMessages own)
{
    private const string Gateway = "gateway";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Only parts where something waits, or that do not answer: nothing is not worth a line.</summary>
    public async Task<IReadOnlyList<ParkedCount>> ListAsync(OfficeIdentity office, string language, CancellationToken stop)
    {
        var asked = (await ConnectorsAsync(office.CompanyId, stop)).Where(row => connectors.Runs(row.Connector)).Select(row => AskAsync(office, row.Connector, row.Name, language, stop)).ToList();
        var (count, since) = await own.CountAsync(office.CompanyId, stop);
        var rows = (await Task.WhenAll(asked)).OfType<ParkedCount>().ToList();
        if (count > 0)
            rows.Insert(0, Row(Gateway, count, since, "/v1/office/parked", language));
        return rows;
    }

    private async Task<ParkedCount?> AskAsync(OfficeIdentity office, string connector, string connection, string language, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        var look = $"/v1/office/connections/{Uri.EscapeDataString(connection)}/manage/parked";
        try
        {
            var answer = await connectors.SendAsync(office, connector, HttpMethod.Get, $"/manage/parked/count?company={office.CompanyId}", null, patience.Token);
            if (answer is not { Succeeded: true } || answer.Json() is not { ValueKind: JsonValueKind.Object } json || !json.TryGetProperty("count", out var count) || !count.TryGetInt64(out var found))
                return Away(connector, look, language);
            return found == 0 ? null : Row(connector, found, json.TryGetProperty("since", out var since) && since.TryGetDateTimeOffset(out var at) ? at : null, look, language);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Away(connector, look, language);
        }
    }

    private static ParkedCount Row(string part, long count, DateTimeOffset? since, string look, string language) => new(part, count, since, "messages.parked",
        Sentences.Of("messages.parked", language, new Dictionary<string, string> { ["count"] = count.ToString(CultureInfo.InvariantCulture), ["part"] = part }), look);

    private static ParkedCount Away(string connector, string look, string language) =>
        new(connector, null, null, "connector.away", Sentences.Of("connector.away", language, new Dictionary<string, string> { ["part"] = connector }), look);

    // A connector has one list for all connections of a company: one of them leads to it.
    private async Task<List<(string Connector, string Name)>> ConnectorsAsync(Guid company, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add("select connector, min(name) from connection where company_id = $1 group by 1 order by 1", company);
        await using var reader = await batch.ReadAsync(stop);
        var rows = new List<(string, string)>();
        while (await reader.ReadAsync(stop))
            rows.Add((reader.GetString(0), reader.GetString(1)));
        return rows;
    }
}
