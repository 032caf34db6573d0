// These tests wait for pages far more than they compute.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
[assembly: TestCollectionOrderer("OrderSync.Testing.SharedFirst", "OrderSync.Testing")]
