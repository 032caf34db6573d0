using Microsoft.Extensions.Options;
using OrderSync.Contracts.Bus;
using OrderSync.Contracts.Catalogue;
using OrderSync.Contracts.Records;
using OrderSync.Framework.Storage;

namespace OrderSync.Framework.Pull;

/// <summary>Rows that are due to be told, by their keys.</summary>
internal sealed record DueRows(CollectionKey Of, IReadOnlyList<string> Keys);

/// <summary>Which rows the gateway is to be told, and what they say.</summary>
internal sealed class PulledLedger(LedgerDatabase database, ConnectorInfo info, IOptions<LevelSettings> levels)
{
    private const int MostAtOnce = 100;
    private const int MostBytes = 256 * 1024;
    private static readonly TimeSpan AskAgain = TimeSpan.FromHours(1);

    // Sent again 1, 2, 4 … 60 minutes apart until it is acknowledged.
    private const string Claim = """
        update pulled set due = $1::timestamptz + make_interval(mins => least(60, 1 << least(pulled.tries, 6))), tries = pulled.tries + 1
        from (select company_id, connection_id, collection, key from pulled where due <= $1 order by due limit $2 for no key update skip locked) picked
        where pulled.company_id = picked.company_id and pulled.connection_id = picked.connection_id and pulled.collection = picked.collection and pulled.key = picked.key
        returning pulled.company_id, pulled.connection_id, pulled.collection, pulled.key
        """;

    private const string Ask = """
        update pull set ask_due = $1 + $2 where not source and enabled and ask_due <= $1 returning company_id, connection_id, collection
        """;

    // A customer that may be one of ours, created by a write whose end nobody knows yet, is told once that is known: else it would become a second one.
    private const string Content = """
        select r.key, r.version, r.import, r.deleted, r.body, r.changed_at, made.record_id
        from unnest($3::text[]) asked (key)
        join pulled r on r.connection_id = $1 and r.collection = $2 and r.key = asked.key
        join pull p on p.connection_id = $1 and p.collection = $2 and p.source
        join connection c on c.connection_id = $1
        left join lateral (
            select d.record_id from document d where d.account = c.account and d.kind = $4 and d.external_id = r.key order by d.document limit 1
        ) made on $2 = $5
        where $2 <> $5 or made.record_id is not null or not exists (
            select from document d join step s on s.account = d.account and s.document = d.document and s.opened_at <= r.changed_at
            where d.account = c.account and d.kind = $4 and d.external_id is null and (d.holder is not null or d.state = 'ambiguous'))
        order by r.key
        """;

    private const string Complete = """
        select swept_at is not null and not exists (
            select from pulled r where r.connection_id = $1 and r.collection = $2 and r.due is not null and r.key <> all($3))
        from pull where connection_id = $1 and collection = $2
        """;

    private const string NotSent = """
        update pulled set due = least(pulled.due, $1), tries = greatest(0, tries - 1) where connection_id = $2 and collection = $3 and key = any($4)
        """;

    /// <summary>Claims rows that are due; each becomes due again by itself.</summary>
    public async Task<IReadOnlyList<DueRows>> ClaimAsync(CancellationToken stop)
    {
        var due = new List<(CollectionKey Of, string Key)>();
        await using (var command = database.Worker.CreateCommand(Claim))
        {
            command.Parameters.Add(new() { Value = database.Now });
            command.Parameters.Add(new() { Value = MostAtOnce });
            await using var reader = await command.ExecuteReaderAsync(stop);
            while (await reader.ReadAsync(stop))
                due.Add((new(reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2)), reader.GetString(3)));
        }

        return [.. due.GroupBy(row => row.Of).Select(of => new DueRows(of.Key, [.. of.Select(row => row.Key).Order(StringComparer.Ordinal)]))];
    }

    /// <summary>Collections of which the gateway is to be asked again whether it takes them.</summary>
    public async Task<IReadOnlyList<DueRows>> ClaimQuestionsAsync(CancellationToken stop)
    {
        await using var command = database.Worker.CreateCommand(Ask);
        command.Parameters.Add(new() { Value = database.Now });
        command.Parameters.Add(new() { Value = AskAgain });
        await using var reader = await command.ExecuteReaderAsync(stop);
        var asked = new List<DueRows>();
        while (await reader.ReadAsync(stop))
            asked.Add(new(new(reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2)), []));
        return asked;
    }

    /// <summary>What the claimed rows say now, in messages of bounded size.</summary>
    public async Task<IReadOnlyList<PulledRows>> ReadAsync(DueRows due, CancellationToken stop)
    {
        var (company, connection, collection) = due.Of;
        await using var batch = database.For(company);
        batch.Add(Content, connection, collection, due.Keys.ToArray(), Kinds.Customer, CollectionNames.Customers);
        batch.Add(Complete, connection, collection, due.Keys.ToArray());
        await using var reader = await batch.ReadAsync(stop);
        var messages = new List<List<PulledRow>> { new() };
        var bytes = 0;
        while (await reader.ReadAsync(stop))
        {
            var row = new PulledRow(
                reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetBoolean(3), reader.IsDBNull(4) ? null : reader.GetString(4),
                reader.IsDBNull(6) ? null : reader.GetGuid(6), reader.GetFieldValue<DateTimeOffset>(5));
            bytes += row.Body?.Length ?? 0;
            if (bytes > MostBytes && messages[^1].Count > 0)
            {
                messages.Add([]);
                bytes = row.Body?.Length ?? 0;
            }

            messages[^1].Add(row);
        }

        await reader.NextResultAsync(stop);
        var complete = await reader.ReadAsync(stop) && reader.GetBoolean(0) && messages.Sum(rows => rows.Count) == due.Keys.Count;
        return [.. messages.Where(rows => rows.Count > 0 || due.Keys.Count == 0).Select((rows, i) =>
            new PulledRows(info.Name, company, connection, collection, complete && i == messages.Count - 1, levels.Value.Epoch, rows))];
    }

    /// <summary>The broker did not take them: they are due again soon.</summary>
    public async Task NotSentAsync(DueRows due, CancellationToken stop)
    {
        await using var batch = database.For(due.Of.CompanyId).Add(NotSent, database.Now, due.Of.ConnectionId, due.Of.Collection, due.Keys.ToArray());
        await batch.RunAsync(stop);
    }
}
