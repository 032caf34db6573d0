// These tests wait more than they compute: for a server that is killed, a sweep, a replica that takes over.
[assembly: CollectionBehavior(MaxParallelThreads = 6)]
[assembly: TestCollectionOrderer("OrderSync.Testing.SharedFirst", "OrderSync.Testing")]
