using System.ComponentModel.DataAnnotations;
using OrderSync.Framework.Mappings;

namespace OrderSync.Framework;

/// <summary>A company's account at the destination, with its settings. Secrets are decrypted in memory only.</summary>
public sealed class Connection(
    Guid companyId, Guid id, string account, object settings, IReadOnlyDictionary<string, string> secrets,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>? mappings = null)
{
    /// <summary>Whose it is.</summary>
    public Guid CompanyId { get; } = companyId;

    /// <summary>The connection's id at the gateway.</summary>
    public Guid Id { get; } = id;

    /// <summary>The account at the destination (provider and organisation), which budgets and the ledger go by.</summary>
    public string Account { get; } = account;

    /// <summary>Which of its settings these are: each change gives the next number.</summary>
    internal long Version { get; init; }

    /// <summary>A secret of the connection, such as a client secret.</summary>
    /// <exception cref="OutcomeException">It is not set: the connection needs a person.</exception>
    public string Secret(string name) => secrets.TryGetValue(name, out var value)
        ? value
        : throw new OutcomeException(new Outcome.Reconnect($"The connection has no {name}. Enter it in Connections."));

    /// <summary>All secret values, which must not show anywhere.</summary>
    internal IEnumerable<string> Secrets => secrets.Values;

    /// <summary>
    /// The id at the destination that the office mapped something of ours to; null where it is not mapped. Upper and lower case are the same.
    /// </summary>
    /// <param name="kind">A kind of <see cref="ConnectorInfo.Mappings"/>.</param>
    /// <param name="names">Names it goes by, the most exact first.</param>
    public string? Mapped(string kind, params ReadOnlySpan<string?> names)
    {
        if (mappings is null || !mappings.TryGetValue(kind, out var entries))
            return null;
        foreach (var name in names)
        {
            if (name is not null && entries.TryGetValue(name.Trim(), out var id))
                return id;
        }

        return null;
    }

    /// <summary>All that is mapped of a kind: ours, theirs.</summary>
    public IReadOnlyDictionary<string, string> AllMapped(string kind) => mappings?.GetValueOrDefault(kind) ?? new Dictionary<string, string>();

    /// <summary>The settings as the connector's own type.</summary>
    public T Settings<T>() where T : ConnectionSettings => (T)settings;
}

/// <summary>
/// Settings of a connection. A connector derives a record from it; each property has a default and a docstring, which people read; secrets are
/// marked <see cref="SecretAttribute"/> and are kept encrypted apart from the rest; [Required] and [Range] are shown and enforced.
/// </summary>
public abstract record ConnectionSettings
{
    /// <summary>The account at the destination, such as "zoho:us:4815"; computed from the settings.</summary>
    public abstract string Account { get; }

    /// <summary>Null when good; else what is wrong and what to enter, in plain words.</summary>
    public virtual string? WhyNot() => null;

    /// <summary>Longest time, in seconds, that a request already sent may still take effect; null = the connector's own figure.</summary>
    [Range(0, 86_400)]
    public int? AmbiguitySeconds { get; init; }

    /// <summary>Calls at once; null = the connector's own figure.</summary>
    [Range(1, 100)]
    public int? MaxConcurrent { get; init; }

    // Fewer than twenty would go into looking, and nothing would ever be written.
    /// <summary>Calls in any minute; null = the connector's own figure. A higher plan at the destination may allow more.</summary>
    [Range(20, 1_000_000)]
    public int? CallsPerMinute { get; init; }

    /// <summary>Calls in a day; null = the connector's own figure. A higher plan at the destination may allow more.</summary>
    [Range(1, 100_000_000)]
    public int? CallsPerDay { get; init; }

    /// <summary>Minutes between two looks for what changed at the destination; 0 = nothing is brought back; null = the connector's own figures.</summary>
    [Range(0, 10_080)]
    public int? PullMinutes { get; init; }

    /// <summary>What is brought back through the connection, by what the connector declares and what is set here.</summary>
    public virtual IReadOnlyList<PullPlan> PullsOf(IReadOnlyList<PullPlan> declared)
    {
        ArgumentNullException.ThrowIfNull(declared);
        return PullMinutes switch
        {
            null => declared,
            0 => [],
            { } minutes => [.. declared.Select(collection => collection with { Every = TimeSpan.FromMinutes(minutes) })],
        };
    }

    /// <summary>Whether the destination can list what a kind of mapping leads to; else the office enters it by hand.</summary>
    public virtual bool Lists(MappingKind kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return kind.Listed;
    }

    /// <summary>What the account may use, by what the connector declares and what is set here.</summary>
    public virtual Budget BudgetOf(Budget declared)
    {
        ArgumentNullException.ThrowIfNull(declared);
        return declared with { PerMinute = CallsPerMinute ?? declared.PerMinute, PerDay = CallsPerDay ?? declared.PerDay };
    }
}

/// <summary>Marks a string setting as secret: encrypted at rest, never shown again.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;

/// <summary>What a token endpoint answered.</summary>
/// <param name="AccessToken">For calls.</param>
/// <param name="RefreshToken">The new refresh token where it rotates; null = the old one stays.</param>
/// <param name="Lifetime">How long the access token lives.</param>
/// <param name="ApiBase">API address the endpoint named, if any.</param>
public sealed record Tokens(string AccessToken, string? RefreshToken, TimeSpan Lifetime, string? ApiBase);
