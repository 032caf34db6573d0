// These tests wait for pages far more than they compute.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
