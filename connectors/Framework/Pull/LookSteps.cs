using OrderSync.Framework.OAuth;

namespace OrderSync.Framework.Pull;

/// <summary>What a look at a collection stands on.</summary>
internal sealed class LookSteps(Connection connection, CollectionKey of, PulledTable table, TokenStore tokens, CancellationToken stop) : PullSteps
{
    public override Connection Connection => connection;

    public override Task<T> OnceAsync<T>(string name, Func<Task<T>> write) => throw new NotSupportedException("A look writes nothing.");

    public override Task FoundAsync<T>(string name, T found) => throw new NotSupportedException("A look notes nothing.");

    public override Task<string?> ExternalIdAsync(Guid recordId) => Task.FromResult<string?>(null);

    public override Task<Tokens> TokensAsync(string? rejected = null) => tokens.GetAsync(connection, rejected, stop);

    public override Task<IReadOnlySet<string>> ChangedAsync(IReadOnlyDictionary<string, string> stamps) => table.ChangedAsync(of, stamps, stop);

    public override async Task<IReadOnlyDictionary<string, T>> KeptAsync<T>(string collection, IReadOnlyCollection<string> keys) =>
        (await table.KeptAsync(of with { Collection = collection }, keys, stop)).ToDictionary(row => row.Key, row => PlannedDocument.Read<T>(row.Value));
}
