using System.Collections.Concurrent;
using System.Text.Json;

namespace OrderSync.ErpSandbox.QuickBooks;

/// <summary>The companies of the stand-in by realm, and which journal lines belong to them.</summary>
internal sealed class QuickBooksCompanies(Journal journal, QuickBooksTokens tokens)
{
    private readonly ConcurrentDictionary<string, QuickBooksCompany> companies = new(StringComparer.Ordinal);

    public IReadOnlyList<QuickBooksCompany> All => [.. companies.Values.OrderBy(one => one.Id, StringComparer.Ordinal)];

    public QuickBooksCompany? Find(string? realm) => realm is null ? null : companies.GetValueOrDefault(realm);

    public QuickBooksCompany FindOrAdd(string realm) => companies.GetOrAdd(realm, added => new QuickBooksCompany(added, journal));

    /// <summary>Forgets a company with all it holds.</summary>
    public bool Delete(string realm)
    {
        if (!companies.TryRemove(realm, out _))
            return false;
        journal.Append(QuickBooksKinds.Forgotten, realm, new { }, QuickBooksJson.Options);
        tokens.Forget(realm);
        return true;
    }

    /// <summary>Takes one kept line back in.</summary>
    public void Replay(string kind, string realm, JsonElement value)
    {
        if (kind == QuickBooksKinds.Forgotten)
            companies.TryRemove(realm, out _);
        else if (kind == QuickBooksKinds.Token)
            tokens.Take(value.Deserialize<QuickBooksToken>(QuickBooksJson.Options)!);
        else
            FindOrAdd(realm).Take(QuickBooksKinds.Read(kind, value));
    }
}

/// <summary>Connects the journal with the companies; apart, since each of them appends to it.</summary>
internal sealed class QuickBooksJournaled(IServiceProvider services) : IJournaled
{
    /// <inheritdoc/>
    public string Prefix => "quickbooks.";

    /// <inheritdoc/>
    public void Replay(string kind, string scope, JsonElement value) => services.GetRequiredService<QuickBooksCompanies>().Replay(kind, scope, value);
}

/// <summary>Names of what the journal keeps.</summary>
internal static class QuickBooksKinds
{
    public const string Forgotten = "quickbooks.forgotten";
    public const string Token = "quickbooks.token";

    private static readonly Dictionary<string, Type> Types = new(StringComparer.Ordinal)
    {
        ["quickbooks.settings"] = typeof(QuickBooksSettings),
        ["quickbooks.credentials"] = typeof(QuickBooksCredentials),
        ["quickbooks.row"] = typeof(QuickBooksRow),
        ["quickbooks.deleted"] = typeof(QuickBooksDeleted),
        ["quickbooks.answered"] = typeof(QuickBooksAnswered),
    };

    public static string Of(object change) => Types.First(pair => pair.Value == change.GetType()).Key;

    public static object Read(string kind, JsonElement value) => Types.TryGetValue(kind, out var type)
        ? value.Deserialize(type, QuickBooksJson.Options) ?? throw new InvalidDataException($"A journal line of kind {kind} is empty.")
        : throw new InvalidDataException($"The journal has lines of the unknown kind {kind}.");
}
