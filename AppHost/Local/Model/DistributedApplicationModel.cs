using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>All resources, with what can be asked about them together.</summary>
internal sealed class DistributedApplicationModel(IReadOnlyList<IResource> resources)
{
    public IReadOnlyList<IResource> Resources => resources;

    /// <summary>What runs, each after everything it waits for.</summary>
    public IReadOnlyList<RunningResource> InStartOrder { get; } = Sort([.. resources.OfType<RunningResource>()]);

    /// <summary>What runs when only some parts are asked for: those, and what they wait for.</summary>
    public IReadOnlyList<RunningResource> Needed(IReadOnlyCollection<string> parts)
    {
        foreach (var unknown in parts.Where(part => InStartOrder.All(known => known.Name != part)))
            throw new DistributedApplicationException(
                $"There is no part '{unknown}'. Parts: {string.Join(", ", InStartOrder.Select(part => part.Name))}.");
        if (parts.Count == 0)
            return InStartOrder;
        HashSet<RunningResource> needed = [];
        foreach (var part in InStartOrder.Reverse())
            if (parts.Contains(part.Name) || needed.Contains(part))
                needed.UnionWith([part, .. part.WaitsFor]);
        return [.. InStartOrder.Where(needed.Contains)];
    }

    private static List<RunningResource> Sort(IReadOnlyList<RunningResource> parts)
    {
        List<RunningResource> sorted = [];
        List<RunningResource> path = [];
        foreach (var part in parts)
            Visit(part);
        return sorted;

        void Visit(RunningResource part)
        {
            if (sorted.Contains(part))
                return;
            if (path.Contains(part))
                throw new DistributedApplicationException($"These wait for each other: {string.Join(" → ", path.Append(part).Select(known => known.Name))}.");
            path.Add(part);
            part.WaitsFor.ForEach(Visit);
            path.RemoveAt(path.Count - 1);
            sorted.Add(part);
        }
    }
}
