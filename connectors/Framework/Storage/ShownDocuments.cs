using System.Text.Json;
using OrderSync.Contracts;

namespace OrderSync.Framework.Storage;

/// <summary>What became of a record at the destination, and how the destination last showed it.</summary>
/// <param name="Document">Name of the document; one record may have several.</param>
/// <param name="Kind">Kind of the record.</param>
/// <param name="State">State in the ledger.</param>
/// <param name="Revision">Revision that is there; 0 = none.</param>
/// <param name="ExternalId">Its id there.</param>
/// <param name="Number">Its number there.</param>
/// <param name="Total">Total the destination reached.</param>
/// <param name="Code">A remark, or why it is not there.</param>
/// <param name="Reason">The same in words.</param>
/// <param name="ReadAt">When it was last read; absent = never.</param>
/// <param name="Shown">As it was then.</param>
internal sealed record ShownDocument(
    string Document, string Kind, string State, int Revision, string? ExternalId, string? Number, decimal? Total, string? Code, string? Reason, DateTimeOffset? ReadAt, ErpDocument? Shown);

/// <summary>Keeps documents as the destination showed them, so that no page waits for it.</summary>
internal sealed class ShownDocuments(LedgerDatabase database)
{
    /// <summary>Keeps what a worker saw, while the claim is its own: $5 is the holder.</summary>
    public const string KeepClaimed = $"{Keep} and holder = $5 {OrAgain}";

    private const string Keep = """
        insert into shown (company_id, account, document, read_at, content)
        select company_id, account, document, $3, $4::text from document where account = $1 and document = $2
        """;

    private const string OrAgain = "on conflict (company_id, account, document) do update set read_at = excluded.read_at, content = excluded.content where shown.read_at <= excluded.read_at";

    private const string Select = """
        select d.account, d.document, d.kind, d.state, d.pushed_revision, d.external_id, d.external_number, d.external_total, d.code, d.reason, s.read_at, s.content
        from document d left join shown s on s.account = d.account and s.document = d.document
        where d.connection_id = $1 and d.record_id = $2 order by d.document
        """;

    /// <summary>As text for the ledger.</summary>
    public static string Text(ErpDocument document) => JsonSerializer.Serialize(document, ContractJson.Options);

    /// <summary>The documents of a record at a connection, each with its account.</summary>
    public async Task<IReadOnlyList<(string Account, ShownDocument Document)>> ListAsync(Guid company, Guid connection, Guid record, CancellationToken stop)
    {
        await using var batch = database.For(company).Add(Select, connection, record);
        await using var reader = await batch.ReadAsync(stop);
        var documents = new List<(string, ShownDocument)>();
        while (await reader.ReadAsync(stop))
        {
            documents.Add((reader.GetString(0), new(
                reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetInt32(4), Text(5), Text(6), reader.IsDBNull(7) ? null : reader.GetDecimal(7), Text(8), Text(9),
                reader.IsDBNull(10) ? null : reader.GetFieldValue<DateTimeOffset>(10),
                Text(11) is { } content ? JsonSerializer.Deserialize<ErpDocument>(content, ContractJson.Options) : null)));
        }

        return documents;

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    /// <summary>Keeps what a person just asked for.</summary>
    public async Task KeepAsync(Guid company, string account, string document, ErpDocument shown, CancellationToken stop)
    {
        await using var batch = database.For(company).Add($"{Keep} {OrAgain}", account, document, database.Now, Text(shown));
        await batch.RunAsync(stop);
    }
}
