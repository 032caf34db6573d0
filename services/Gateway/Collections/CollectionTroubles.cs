using System.Globalization;
using System.Text.Json;
using OrderSync.Contracts;
using OrderSync.Contracts.Catalogue;
using OrderSync.Gateway.Office;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Collections;

/// <summary>A collection of a connection that waits for a person, in Needs attention.</summary>
/// <param name="Connection">Name of the connection.</param>
/// <param name="Collection">items, customers and so on.</param>
/// <param name="Code">collection.manyDeleted, or the destination's code for why it cannot be read.</param>
/// <param name="Rows">Rows that are gone there and wait for a person's word; null where it is about something else.</param>
/// <param name="At">When all of it was last read and they were not there.</param>
/// <param name="Message">Why, in plain words.</param>
/// <param name="Fix">What to do.</param>
/// <param name="Look">Where the connection's collections are looked at.</param>
/// <param name="Confirm">Where the deletions are confirmed, by a POST of <c>{"rows": …}</c> with the number shown; null where nothing can be confirmed.</param>
internal sealed record CollectionTrouble(
    string Connection, string Collection, string Code, long? Rows, DateTimeOffset? At, string Message, string? Fix, string Look, string? Confirm);

/// <summary>
/// Asks each connector which of the company's collections stand still until a person acts: so many rows are gone at once that it may be a mistake, or the destination
/// will not be read. A connector that does not answer is named among the parked messages already.
/// </summary>
internal sealed class CollectionTroubles(EachConnector connectors)
{
    public async Task<IReadOnlyList<CollectionTrouble>> ListAsync(OfficeIdentity office, string language, CancellationToken stop)
    {
        var all = new List<CollectionTrouble>();
        foreach (var said in await connectors.AskAsync(office, "/manage/pull/attention", stop))
        {
            // Connections that were removed here meanwhile are nobody's trouble.
            foreach (var row in said.Answer?.Deserialize<Said>(ContractJson.Options)?.Collections ?? [])
            {
                if (said.Connections.TryGetValue(row.ConnectionId, out var name))
                    all.Add(Trouble(row, name, language));
            }
        }

        return all;
    }

    private static CollectionTrouble Trouble(SaidRow row, string connection, string language)
    {
        var look = $"/v1/office/connections/{Uri.EscapeDataString(connection)}/manage/pull";
        if (row.Missing == 0)
            return new(connection, row.Collection, row.Code, null, null, row.Reason, row.Fix, look, null);
        var parameters = new Dictionary<string, string> { ["rows"] = row.Missing.ToString(CultureInfo.InvariantCulture), ["collection"] = Word(row.Collection, language), ["connection"] = connection };
        return new(connection, row.Collection, "collection.manyDeleted", row.Missing, row.At, Sentences.Of("collection.manyDeleted", language, parameters),
            Sentences.Of("collection.manyDeleted.fix", language, parameters), look, $"{look}/{row.Collection}/deletions");
    }

    private static string Word(string collection, string language) => (collection, language) switch
    {
        (CollectionNames.PriceLists, "de") => "Preislisten",
        (CollectionNames.Items, "de") => "Artikel",
        (CollectionNames.Prices, "de") => "Preise",
        (CollectionNames.Stock, "de") => "Bestände",
        (CollectionNames.Customers, "de") => "Kunden",
        (CollectionNames.Orders, "de") => "Aufträge",
        (CollectionNames.Invoices, "de") => "Rechnungen",
        (CollectionNames.PriceLists, _) => "price lists",
        (CollectionNames.Stock, _) => "rows of stock",
        _ => collection,
    };

    private sealed record Said(IReadOnlyList<SaidRow>? Collections);

    private sealed record SaidRow(Guid ConnectionId, string Collection, long Missing, DateTimeOffset? At, string Code, string Reason, string? Fix);
}
