using OrderSync.Framework.OAuth;

namespace OrderSync.Framework.Work;

/// <summary>Tokens and settings, but no way to write anything: for a test of a connection.</summary>
internal sealed class ReadingSteps(Connection connection, TokenStore tokens, CancellationToken stop) : Steps
{
    public override Connection Connection => connection;

    public override Task<T> OnceAsync<T>(string name, Func<Task<T>> write) => throw new NotSupportedException("What only reads writes nothing.");

    public override Task FoundAsync<T>(string name, T found) => throw new NotSupportedException("What only reads notes nothing.");

    public override Task<string?> ExternalIdAsync(Guid recordId) => Task.FromResult<string?>(null);

    public override Task<Tokens> TokensAsync(string? rejected = null) => tokens.GetAsync(connection, rejected, stop);
}
