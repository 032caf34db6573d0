using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OrderSync.Contracts;
using OrderSync.Contracts.Bus;
using OrderSync.Framework.Pull;
using OrderSync.Framework.Work;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Recording;

/// <summary>One connection of the recording ERP, looked at when a test says so, and the gateway's end of what it tells.</summary>
internal sealed class PullBench(LedgerFixture database, ManualClock clock) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(string Collection, string Key), PulledRow> held = new();

    public RecordingErp Erp { get; } = new(clock);

    public Guid Company { get; } = Guid.NewGuid();

    public Guid Connection { get; } = Guid.NewGuid();

    public RecordingHost? Host { get; private set; }

    /// <summary>What was told, message by message.</summary>
    public List<PulledRows> Told { get; } = [];

    /// <summary>Whether the gateway takes the rows, under which version of its choice, and its epoch.</summary>
    public (bool IsSource, long Version, long Epoch) Source { get; set; } = (true, 1, 0);

    private T Get<T>() where T : notnull => Host!.Services.GetRequiredService<T>();

    public async Task StartAsync(string? collections = null, int pullMinutes = 10, int? callsPerDay = null)
    {
        await StartAgainAsync();
        await Host!.ConnectAsync(Company, Connection, $"org-{Company:N}", pullMinutes: pullMinutes, callsPerDay: callsPerDay, collections: collections);
    }

    /// <summary>A new process in place of the old one.</summary>
    public async Task StartAgainAsync()
    {
        if (Host is not null)
            await Host.DisposeAsync();
        Host = await RecordingHost.StartAsync(database, Erp, clock, works: false);
        // PostgreSQL takes a moment to see that the sessions of a killed process are gone.
        await Eventually.TrueAsync(TakeOverAsync, "the claims of the process before it");
    }

    /// <summary>Does all looks of this connection that are due, as the loop does.</summary>
    public async Task LookAsync()
    {
        await Get<PullSchedule>().PlanAsync(default);
        var key = await Get<Replica>().KeyAsync(default);
        while (await Get<PullSchedule>().ClaimAsync(key, default) is { } claim)
            await Get<PullWork>().RunAsync(claim, default);
    }

    /// <summary>Tells the gateway all that is due, and takes its answers.</summary>
    public async Task TellAsync(bool answers = true)
    {
        var ledger = Get<PulledLedger>();
        for (var due = await ledger.ClaimAsync(default); due.Count > 0; due = await ledger.ClaimAsync(default))
        {
            foreach (var rows in due.Where(rows => rows.Of.ConnectionId == Connection))
                foreach (var message in await ledger.ReadAsync(rows, default))
                {
                    Told.Add(message);
                    var answer = Take(message);
                    if (answers)
                        await Get<PulledAnswers>().TakeAsync(answer, default);
                }
        }
    }

    /// <summary>Tells the connector which versions the gateway holds of rows nobody has sent now.</summary>
    public Task AnswerAsync(string collection, params PulledRowAcknowledged[] rows) =>
        Get<PulledAnswers>().TakeAsync(new(Company, Connection, collection, Source.IsSource, Source.Version, Source.Epoch, rows), default);

    public Task<bool> SweepAsync() => Get<PulledAnswers>().SweepAsync(default);

    public async Task<CollectionStanding> StandingAsync(string collection) =>
        (await Get<PullOffice>().ListAsync(Company, Connection, default)).Single(one => one.Collection == collection);

    public PullOffice Office => Get<PullOffice>();

    public PulledTable Table => Get<PulledTable>();

    public CollectionKey Of(string collection) => new(Company, Connection, collection);

    public Task<PullClaim?> ClaimAsync(long holder) => Get<PullSchedule>().ClaimAsync(holder, default);

    /// <summary>A look at everything, now.</summary>
    public async Task ReimportAsync(string collection)
    {
        Assert.True(await Office.ReimportAsync(Of(collection), "Ann", default));
        await LookAsync();
    }

    /// <summary>Rows the gateway holds, deleted ones left out, as JSON.</summary>
    public SortedDictionary<string, string> Held(string collection) => new(
        held.Where(row => row.Key.Collection == collection && !row.Value.Deleted).ToDictionary(row => row.Key.Key, row => row.Value.Body!), StringComparer.Ordinal);

    /// <summary>Rows the ERP has.</summary>
    public SortedDictionary<string, string> There(string collection) => new(
        Erp.Shelf(collection).Rows.ToDictionary(row => row.Key, row => JsonSerializer.Serialize(row.Value, row.Value.GetType(), ContractJson.Options)), StringComparer.Ordinal);

    public async ValueTask DisposeAsync()
    {
        // Nothing of this test is looked at, or told, in the next.
        await using (var end = database.Administrator.CreateCommand($"""
            update recording.connection set held_at = '2000-01-01' where company_id = '{Company}';
            update recording.pulled set due = null where company_id = '{Company}'
            """))
            await end.ExecuteNonQueryAsync();
        if (Host is not null)
            await Host.DisposeAsync();
    }

    private async Task<bool> TakeOverAsync()
    {
        var key = await Get<Replica>().KeyAsync(default);
        foreach (var other in await Get<Claims>().OtherHoldersAsync(key, default))
            await Get<Replica>().TakeOverAsync(other, default);
        return (await Get<Claims>().OtherHoldersAsync(key, default)).Count == 0;
    }

    // By the rules of levels: only what is higher is applied, what is held is always answered.
    private PulledRowsAcknowledged Take(PulledRows message)
    {
        foreach (var row in Source.IsSource ? message.Rows : [])
            held.AddOrUpdate((message.Collection, row.Key), row, (_, known) => row.Version > known.Version && row.Import >= known.Import ? row : known);
        return new(message.CompanyId, message.ConnectionId, message.Collection, Source.IsSource, Source.Version, Source.Epoch,
            [.. message.Rows.Select(row => held.TryGetValue((message.Collection, row.Key), out var known) ? new PulledRowAcknowledged(row.Key, known.Version, known.Import) : new(row.Key, 0, 0))]);
    }
}
