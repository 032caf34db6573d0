using OrderSync.Console.Gateway;

namespace OrderSync.Console.Orders;

/// <summary>What a list can be narrowed to.</summary>
public sealed record FilterParts(IReadOnlyList<string> Connections, IReadOnlyList<string> Reps, IReadOnlyList<(string Code, string Name)> Branches)
{
    internal static async Task<FilterParts> ReadAsync(GatewayClient gateway, CancellationToken stop)
    {
        var connections = gateway.GetAsync<ConnectionNames>("/v1/office/connections", stop);
        var reps = gateway.GetAsync<RepNames>("/v1/office/reps?limit=200", stop);
        var branches = gateway.GetAsync<BranchNames>("/v1/office/branches?limit=200", stop);
        await Task.WhenAll(connections, reps, branches);
        return new(
            [.. (await connections).Connections.Select(row => row.Name)], [.. (await reps).Reps.Select(row => row.Name).Distinct().Order(StringComparer.CurrentCultureIgnoreCase)],
            [.. (await branches).Branches.Select(row => (row.Code, row.Name))]);
    }

    private sealed record ConnectionNames(IReadOnlyList<Named> Connections);

    private sealed record RepNames(IReadOnlyList<Named> Reps);

    private sealed record BranchNames(IReadOnlyList<Branch> Branches);

    private sealed record Named(string Name);

    private sealed record Branch(string Code, string Name);
}
