using System.Globalization;
using OrderSync.Gateway.Office;
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
internal sealed class ParkedCounts(EachConnector connectors, ParkedMessages own)
{
    private const string Gateway = "gateway";

    /// <summary>Only parts where something waits, or that do not answer: nothing is not worth a line.</summary>
    public async Task<IReadOnlyList<ParkedCount>> ListAsync(OfficeIdentity office, string language, CancellationToken stop)
    {
        var said = connectors.AskAsync(office, "/manage/parked/count", stop);
        var (count, since) = await own.CountAsync(office.CompanyId, stop);
        var rows = (await said).Select(one => Of(one, language)).OfType<ParkedCount>().ToList();
        if (count > 0)
            rows.Insert(0, Row(Gateway, count, since, "/v1/office/parked", language));
        return rows;
    }

    // A connector has one list for all connections of a company: any of them leads to it.
    private static ParkedCount? Of(ConnectorSaid said, string language)
    {
        var look = $"/v1/office/connections/{Uri.EscapeDataString(said.Connections.Values.Min(StringComparer.Ordinal)!)}/manage/parked";
        if (said.Answer is not { } json || !json.TryGetProperty("count", out var count) || !count.TryGetInt64(out var found))
            return Away(said.Connector, look, language);
        return found == 0 ? null : Row(said.Connector, found, json.TryGetProperty("since", out var since) && since.TryGetDateTimeOffset(out var at) ? at : null, look, language);
    }

    private static ParkedCount Row(string part, long count, DateTimeOffset? since, string look, string language) => new(part, count, since, "messages.parked",
        Sentences.Of("messages.parked", language, new Dictionary<string, string> { ["count"] = count.ToString(CultureInfo.InvariantCulture), ["part"] = part }), look);

    private static ParkedCount Away(string connector, string look, string language) =>
        new(connector, null, null, "connector.away", Sentences.Of("connector.away", language, new Dictionary<string, string> { ["part"] = connector }), look);
}
