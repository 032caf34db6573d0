// These tests wait for windows of time far more than they compute.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
[assembly: TestCollectionOrderer("OrderSync.Testing.SharedFirst", "OrderSync.Testing")]
