using OrderSync.Contracts.Catalogue;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>What the ERP has comes back, whatever happens on the way.</summary>
public abstract class PullCases(ConformanceStage stage) : ChangeCases(stage)
{
    [CaseThatNeeds(Ability.Items)]
    public async Task Items_come_back_and_what_the_office_changes_there_follows()
    {
        var replica = await PullingAsync();
        await Organisation.RenameItemAsync("B", "Renamed");

        await LookAsync(replica, wholly: false);

        Assert.Equal(["A=Item A 1", "B=Renamed 2", "C=Item C 1"], await ItemsAsync());
    }

    [CaseThatNeeds(Ability.Items)]
    public async Task A_full_look_at_what_has_not_changed_makes_no_new_version()
    {
        var replica = await PullingAsync();

        await LookAsync(replica, wholly: true);

        Assert.Equal(["A=Item A 1", "B=Item B 1", "C=Item C 1"], await ItemsAsync());
    }

    [CaseThatNeeds(Ability.Items)]
    public async Task An_item_that_was_deleted_there_is_deleted_here_once_a_full_look_has_proved_it()
    {
        var replica = await PullingAsync();
        await Organisation.DeleteItemAsync("C");
        await LookAsync(replica, wholly: false);
        var before = await ItemsAsync();

        // An ERP that gives no count is read twice.
        await LookAsync(replica, wholly: true);
        await LookAsync(replica, wholly: true);

        Assert.Equal((3, 2), (before.Count, (await ItemsAsync()).Count));
    }

    [CaseThatNeeds(Ability.Items)]
    public async Task A_look_that_fails_goes_on_by_itself_and_misses_nothing()
    {
        var replica = await PullingAsync();
        await Organisation.RenameItemAsync("A", "Renamed");
        Line.Lay(CallStep.Look, Obstacles.LosesTheAnswer, times: 3);

        await LookAsync(replica, wholly: false);

        Assert.Contains("A=Renamed 2", await ItemsAsync());
    }

    [CaseThatNeeds(Ability.Items)]
    public async Task A_replica_killed_while_it_reads_leaves_the_look_to_another()
    {
        var first = await PullingAsync();
        await Organisation.RenameItemAsync("A", "Renamed");
        var held = new Held();
        Line.Lay(CallStep.Look, Obstacles.Waits(held));
        await first.PullAsync(Home, CollectionNames.Items, wholly: true);
        await ReachedAsync(held);

        first.Kill();
        held.Go();
        await ReplicaAsync();
        await UntilTrueAsync(async () => (await ItemsAsync()).Contains("A=Renamed 2"), "the look to be finished");
    }

    private async Task<ConnectorReplica> PullingAsync()
    {
        foreach (var sku in new[] { "A", "B", "C" })
            await Organisation.RenameItemAsync(sku, $"Item {sku}");
        var settings = Organisation.Settings();
        settings["pullMinutes"] = 600;
        var replica = await ConnectedAsync(settings);
        await LookAsync(replica, wholly: false);
        return replica;
    }

    private async Task LookAsync(ConnectorReplica replica, bool wholly)
    {
        var ended = await EndedAsync();
        await replica.PullAsync(Home, CollectionNames.Items, wholly);
        await UntilTrueAsync(async () => await EndedAsync() > ended, "the look to end");
    }

    // The number of the last look that has ended; none while one is under way.
    private async Task<long> EndedAsync() => await ScalarAsync<long>(
        $"select coalesce(max(case when running or holder is not null then 0 else import end), 0)::bigint from {Schema}.pull where company_id = $1 and collection = 'items'", Home.Company);

    private async Task<IReadOnlyList<string>> ItemsAsync() => await ScalarAsync<string[]>($"""
        select coalesce(array_agg((body::jsonb ->> 'sku') || '=' || (body::jsonb ->> 'name') || ' ' || version order by body::jsonb ->> 'sku'), array[]::text[])
        from {Schema}.pulled where company_id = $1 and collection = 'items' and not deleted
        """, Home.Company);
}
