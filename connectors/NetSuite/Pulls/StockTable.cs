namespace OrderSync.NetSuite;

/// <summary>Where SuiteQL shows the stock; NetSuite's documents name both.</summary>
public enum StockTable
{
    /// <summary>inventoryitemlocations.</summary>
    InventoryItemLocations,

    /// <summary>aggregateItemLocation.</summary>
    AggregateItemLocation,
}
