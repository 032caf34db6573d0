using System.Text.Json;
using OrderSync.Contracts;
using OrderSync.Contracts.Bus;
using OrderSync.Framework.Connections;
using OrderSync.Framework.Reports;
using OrderSync.Framework.Storage;
using OrderSync.Framework.Work;

namespace OrderSync.Framework.Intake;

/// <summary>Writes what the gateway wants into the ledger. It may come any number of times and in any order: only a higher version raises what is wanted.</summary>
internal sealed class RecordIntake(LedgerDatabase database, ConnectionStore connections, IConnector connector, GatewayEpochs epochs, Signals signals)
{
    /// <summary>Takes one message; returns when it is on disk.</summary>
    public Task TakeAsync(DeliverRecord record, CancellationToken stop) => TakeAsync([record], stop);

    /// <summary>Takes messages in one transaction and one round trip; returns when they are on disk.</summary>
    public async Task TakeAsync(IReadOnlyList<DeliverRecord> records, CancellationToken stop)
    {
        var known = await connections.FindAsync(records.Select(record => (record.CompanyId, record.ConnectionId)).Distinct(), stop);
        var now = database.Now;
        // Companies in the same order everywhere, so that two replicas do not block each other.
        var companies = records.GroupBy(record => record.CompanyId).OrderBy(company => company.Key).ToList();
        await using var batch = database.ByKey(companies[0].Key);
        foreach (var company in companies)
        {
            if (company.Key != companies[0].Key)
                batch.Company(company.Key);
            foreach (var wave in Waves.Of(company.Select(record => Plan(record, known.GetValueOrDefault((record.CompanyId, record.ConnectionId))))))
                Add(batch, company.Key, wave, now);
        }

        await batch.RunAsync(stop);
        foreach (var company in companies)
            await epochs.HearAsync(company.Key, company.Max(record => record.Epoch), stop);
        signals.Raise();
    }

    private PlannedRecord Plan(DeliverRecord record, Connection? connection)
    {
        if (connection is null || record.Wish == DeliveryWish.Stop)
            return new(record, connection, []);
        try
        {
            // What only comes along is not wanted by a record that is cancelled.
            return new(record, connection, [.. connector.Plan(record, connection).Where(planned => record.Wish == DeliveryWish.Push || planned.RecordId == record.RecordId)]);
        }
        catch (JsonException)
        {
            // Its own row without more: the worker meets the same trouble and refuses it, where people see it.
            return new(record, connection, [new PlannedDocument(record.RecordId, record.Revision, record.Kind, "", record.Body, [], Reports: true)]);
        }
    }

    private static void Add(CompanyBatch batch, Guid company, IReadOnlyList<PlannedRecord> wave, DateTimeOffset now)
    {
        var again = wave.Select(message => message.Record).Where(record => record.Wish == DeliveryWish.Push && record.Version > 1).ToList();
        if (again.Count > 0)
            batch.Add(IntakeSql.TriedAgain, Column(again, record => record.ConnectionId), Column(again, record => record.RecordId), Column(again, record => record.Version), now);
        batch.Add(IntakeSql.Wish, company, Column(wave, m => m.Record.ConnectionId), Column(wave, m => m.Record.RecordId), Column(wave, m => m.Record.Version),
            Column(wave, m => m.Record.Revision), Column(wave, m => WordOf(m.Record.Wish)),
            Column(wave, m => m.Connection is null ? JsonSerializer.Serialize(m.Record, ContractJson.Options) : null));
        foreach (var record in wave.Select(message => message.Record).Where(record => record.Wish == DeliveryWish.Stop))
            batch.Add(IntakeSql.Stop, record.ConnectionId, record.RecordId, record.Version, now);
        AddDocuments(batch, company, wave, now);
        AddLeft(batch, IntakeSql.Replaced, wave.Where(message => message.Record.Wish == DeliveryWish.Push && MayHaveBecomeMore(message)), now);
        AddLeft(batch, IntakeSql.TakenBack, wave.Where(message => message.Record.Wish == DeliveryWish.Cancel), now);
        batch.Add(IntakeSql.Report, company, Column(wave, m => m.Record.ConnectionId), Column(wave, m => m.Record.RecordId), now);
    }

    private static void AddDocuments(CompanyBatch batch, Guid company, IReadOnlyList<PlannedRecord> wave, DateTimeOffset now)
    {
        // Of one customer that came along several times the highest revision counts, and of that the first.
        var rows = wave.SelectMany(message => message.Documents, (message, document) => new Row(message, document))
            .GroupBy(row => (row.Account, row.Document.Key)).Select(same => same.MaxBy(row => row.Document.Revision)!).ToList();
        if (rows.Count == 0)
            return;
        // Due in the order they came in.
        var needs = rows.SelectMany(row => row.Document.DependsOn.Distinct(), (row, needed) => (row.Account, row.Document.Key, Needed: needed)).ToList();
        batch.Add(IntakeSql.Documents, company, Column(rows, r => r.Account), Column(rows, r => r.Document.Key), Column(rows, r => r.Message.Record.ConnectionId),
            Column(rows, r => r.Document.RecordId), Column(rows, r => r.Document.Kind), Column(rows, r => r.Document.Target), Column(rows, r => r.Document.Reports),
            Column(rows, r => r.Document.Revision), Column(rows, r => r.Document.RecordId == r.Message.Record.RecordId ? r.Message.Record.Version : 0),
            Column(rows, r => Payload.Of(r.Message.Record, r.Document).ToJson()), Column(rows, (_, place) => now.AddMicroseconds(place - rows.Count)),
            Column(needs, n => n.Account), Column(needs, n => n.Key), Column(needs, n => n.Needed), now, Column(rows, r => WordOf(r.Message.Record.Wish)));
    }

    private static void AddLeft(CompanyBatch batch, string sql, IEnumerable<PlannedRecord> of, DateTimeOffset now)
    {
        var records = of.Select(message => message.Record).ToList();
        if (records.Count > 0)
            batch.Add(sql, Column(records, record => record.ConnectionId), Column(records, record => record.RecordId), now);
    }

    // A first version has nothing before it, unless the versions came in another order; that matters only where the documents' names depend on more than the record.
    private static bool MayHaveBecomeMore(PlannedRecord message) => message.Record.Version > 1 || message.Documents.Any(document => document.Target.Length > 0);

    private static string WordOf(DeliveryWish wish) => wish switch
    {
        DeliveryWish.Stop => "stop",
        DeliveryWish.Cancel => "cancel",
        _ => "push",
    };

    private static TColumn[] Column<TRow, TColumn>(IReadOnlyList<TRow> rows, Func<TRow, TColumn> value) => Column(rows, (row, _) => value(row));

    private static TColumn[] Column<TRow, TColumn>(IReadOnlyList<TRow> rows, Func<TRow, int, TColumn> value)
    {
        var column = new TColumn[rows.Count];
        for (var i = 0; i < column.Length; i++)
            column[i] = value(rows[i], i);
        return column;
    }

    private sealed record Row(PlannedRecord Message, PlannedDocument Document)
    {
        public string Account => Message.Connection!.Account;
    }
}
