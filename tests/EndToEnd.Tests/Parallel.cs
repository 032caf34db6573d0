// These tests wait for windows of time far more than they compute.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
