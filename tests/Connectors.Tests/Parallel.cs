// These tests wait far more than they compute: for a ledger, a window, a replica that takes over.
[assembly: CollectionBehavior(MaxParallelThreads = 6)]
[assembly: TestCollectionOrderer("OrderSync.Testing.SharedFirst", "OrderSync.Testing")]
