using System.Text.Json;
using OrderSync.Contracts;
using OrderSync.Contracts.Bus;
using OrderSync.Framework.Storage;

namespace OrderSync.Framework.Intake;

/// <summary>Records that came before their connection had settings: they are planned as soon as it has.</summary>
internal sealed class WaitingWishes(LedgerDatabase database, RecordIntake intake)
{
    private const string Ready = """
        select w.company_id, w.connection_id, w.record_id from wish w
        join connection c on c.company_id = w.company_id and c.connection_id = w.connection_id
        where w.waiting limit 500
        """;

    /// <summary>Plans what can be planned now; two replicas that do so at once do no harm.</summary>
    public async Task PlanAsync(CancellationToken stop)
    {
        var ready = new List<(Guid Company, Guid Connection, Guid Record)>();
        await using (var command = database.Worker.CreateCommand(Ready))
        await using (var reader = await command.ExecuteReaderAsync(stop))
        {
            while (await reader.ReadAsync(stop))
                ready.Add((reader.GetGuid(0), reader.GetGuid(1), reader.GetGuid(2)));
        }

        foreach (var (company, connection, record) in ready)
        {
            await using var batch = database.For(company).Add("select message from wish where connection_id = $1 and record_id = $2", connection, record);
            if (await batch.ScalarAsync(stop) is string message)
                await intake.TakeAsync(JsonSerializer.Deserialize<DeliverRecord>(message, ContractJson.Options)!, stop);
        }
    }
}
