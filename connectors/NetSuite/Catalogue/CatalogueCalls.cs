using OrderSync.Framework;

namespace OrderSync.NetSuite;

/// <summary>What is asked of an account besides documents: its items.</summary>
internal sealed class CatalogueCalls(NetSuiteClient netSuite)
{
    private const int AtOnce = 30;
    private const string What = "the items";

    /// <summary>The items of these SKUs.</summary>
    public async Task<IReadOnlyList<Item>> FindItemsAsync(Steps steps, IReadOnlyCollection<string> skus, CancellationToken stop)
    {
        var found = new List<Item>();
        foreach (var some in skus.Chunk(AtOnce))
            Add(await netSuite.QueryAsync(steps, $"SELECT id, itemid, displayname, itemtype FROM item WHERE itemid IN ({some})", What, stop));
        if (!steps.Connection.Settings<NetSuiteSettings>().SkuAfterParent)
            return found;
        // A name may hold what LIKE takes for any character, so what is found is compared by who asks.
        foreach (var sku in skus)
            Add(await netSuite.QueryAsync(steps, $"SELECT id, itemid, displayname, itemtype FROM item WHERE itemid LIKE {$"% : {sku}"}", What, stop));
        return found;

        void Add(QueryAnswer answer) => found.AddRange(answer.Items!.Select(Item.Of));
    }

    /// <summary>How many items there are.</summary>
    public async Task<long?> CountItemsAsync(Steps steps, CancellationToken stop) =>
        (await netSuite.QueryAsync(steps, $"SELECT id, itemid, displayname, itemtype FROM item WHERE id > {0} ORDER BY id", What, stop, limit: 1)).TotalResults;
}
