using OrderSync.Framework;

namespace OrderSync.Connectors.Tests.Email;

/// <summary>Steps of one mail that outlive a try, as the ledger's do, with a window of zero. <see cref="CrashAfterWrite"/> is a kill between writing and noting.</summary>
internal sealed class KeptSteps(Connection connection) : Steps
{
    private readonly Dictionary<string, object> done = [];
    private readonly HashSet<string> begun = [];

    public override Connection Connection => connection;

    public bool CrashAfterWrite { get; set; }

    public override async Task<T> OnceAsync<T>(string name, Func<Task<T>> write)
    {
        if (done.TryGetValue(name, out var noted))
            return (T)noted;
        var written = await write();
        if (CrashAfterWrite)
        {
            begun.Add(name);
            throw new OperationCanceledException("killed");
        }

        done[name] = written!;
        return written;
    }

    public override Task FoundAsync<T>(string name, T found) => throw new NotSupportedException("A mail server cannot be asked.");

    public override bool MayHaveWritten(string name) => done.ContainsKey(name) || begun.Contains(name);

    public override Task<string?> ExternalIdAsync(Guid recordId) => throw new NotSupportedException("A mail asks for no other document.");

    public override Task<Tokens> TokensAsync(string? rejected = null) => throw new NotSupportedException("A mail server takes no such tokens.");
}
