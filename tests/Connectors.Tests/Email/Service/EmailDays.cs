using System.Text.Json.Nodes;
using OrderSync.Contracts.Bus;
using OrderSync.Framework.Work;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Email.Service;

/// <summary>The tests that share one ledger for mails, one after the other.</summary>
[CollectionDefinition(nameof(EmailDays))]
public sealed class SharedEmailDays : ICollectionFixture<EmailDatabase>;

/// <summary>A company whose mail goes out while its clock is moved by hand: the clock only goes on when the worker has done what was due.</summary>
public abstract class EmailDays(EmailDatabase database)
{
    private protected ManualClock Clock { get; } = new();

    private protected Guid Company { get; } = Guid.NewGuid();

    private protected Guid Connection { get; } = Guid.NewGuid();

    private protected EmailDatabase Database => database;

    private protected Task<EmailHost> StartAsync() => EmailHost.StartAsync(database, Clock);

    private protected DeliverRecord Message(OrderSync.Framework.Order order) => order.Message() with { CompanyId = Company, ConnectionId = Connection };

    private protected Task SaveAsync(EmailHost host, string server, string name = "Northwind Outdoor GmbH", params string[] inside) => host.SaveAsync(Company, Connection, new JsonObject
    {
        ["from"] = "orders@n.example", ["fromName"] = name, ["server"] = server, ["internal"] = new JsonArray([.. inside.Select(one => JsonValue.Create(one))]),
    });

    /// <summary>Lets time pass, in steps after each of which all that became due is done.</summary>
    private protected async Task PassAsync(EmailHost host, TimeSpan time, TimeSpan step)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += step)
        {
            Clock.Advance(step);
            await SettleAsync(host);
        }
    }

    /// <summary>Waits until nothing is due now.</summary>
    private protected Task SettleAsync(EmailHost host) => Eventually.TrueAsync(
        async () =>
        {
            host.Get<Signals>().Raise();
            return !await IsTrueAsync("""
                select exists (select from email.document d join email.account a using (company_id, account) where d.company_id = $1 and (d.holder is not null
                    or d.state in ('pending', 'ambiguous') and d.due <= $2 and (a.paused_until is null or a.paused_until <= $2)))
                """, Company, Clock.GetUtcNow());
        }, "nothing to be due");

    private protected async Task<bool> IsTrueAsync(string sql, params object[] values) => (bool)(await Command(sql, values).ExecuteScalarAsync())!;

    /// <summary>Rows of texts.</summary>
    private protected async Task<IReadOnlyList<string>> RowsAsync(string sql, params object[] values)
    {
        await using var reader = await Command(sql, values).ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "-" : $"{reader.GetValue(i)}")));
        return rows;
    }

    private Npgsql.NpgsqlCommand Command(string sql, object[] values)
    {
        var command = database.Administrator.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
