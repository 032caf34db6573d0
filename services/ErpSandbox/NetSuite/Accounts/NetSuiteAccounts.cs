using System.Collections.Concurrent;
using System.Text.Json;

namespace OrderSync.ErpSandbox.NetSuite;

/// <summary>The accounts of the stand-in by id, and which journal lines belong to them.</summary>
internal sealed class NetSuiteAccounts(Journal journal, NetSuiteTokens tokens)
{
    private readonly ConcurrentDictionary<string, NetSuiteAccount> accounts = new(StringComparer.Ordinal);

    public IReadOnlyList<NetSuiteAccount> All => [.. accounts.Values.OrderBy(one => one.Id, StringComparer.Ordinal)];

    public NetSuiteAccount? Find(string? id) => id is null ? null : accounts.GetValueOrDefault(id);

    public NetSuiteAccount FindOrAdd(string id) => accounts.GetOrAdd(id, added => new NetSuiteAccount(added, journal));

    /// <summary>Forgets an account with all it holds.</summary>
    public bool Delete(string id)
    {
        if (!accounts.TryRemove(id, out _))
            return false;
        journal.Append(NetSuiteKinds.Forgotten, id, new { }, NetSuiteJson.Options);
        tokens.Forget(id);
        return true;
    }

    /// <summary>Takes one kept line back in.</summary>
    public void Replay(string kind, string id, JsonElement value)
    {
        if (kind == NetSuiteKinds.Forgotten)
            accounts.TryRemove(id, out _);
        else if (kind == NetSuiteKinds.Token)
            tokens.Take(value.Deserialize<NetSuiteToken>(NetSuiteJson.Options)!);
        else
            FindOrAdd(id).Take(NetSuiteKinds.Read(kind, value));
    }
}

/// <summary>Connects the journal with the accounts; apart, since each of them appends to it.</summary>
internal sealed class NetSuiteJournaled(IServiceProvider services) : IJournaled
{
    /// <inheritdoc/>
    public string Prefix => "netsuite.";

    /// <inheritdoc/>
    public void Replay(string kind, string scope, JsonElement value) => services.GetRequiredService<NetSuiteAccounts>().Replay(kind, scope, value);
}

/// <summary>Names of what the journal keeps.</summary>
internal static class NetSuiteKinds
{
    public const string Forgotten = "netsuite.forgotten";
    public const string Token = "netsuite.token";

    private static readonly Dictionary<string, Type> Types = new(StringComparer.Ordinal)
    {
        ["netsuite.settings"] = typeof(NetSuiteSettings),
        ["netsuite.access"] = typeof(NetSuiteAccess),
        ["netsuite.row"] = typeof(NetSuiteRow),
        ["netsuite.deleted"] = typeof(NetSuiteDeleted),
    };

    public static string Of(object change) => Types.First(pair => pair.Value == change.GetType()).Key;

    public static object Read(string kind, JsonElement value) => Types.TryGetValue(kind, out var type)
        ? value.Deserialize(type, NetSuiteJson.Options) ?? throw new InvalidDataException($"A journal line of kind {kind} is empty.")
        : throw new InvalidDataException($"The journal has lines of the unknown kind {kind}.");
}
