using System.Collections.Concurrent;
using System.Text.Json;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>The organisations of the stand-in, and which journal lines belong to them.</summary>
internal sealed class ZohoOrganisations(Journal journal, ZohoIds ids, ZohoTokens tokens)
{
    private readonly ConcurrentDictionary<string, ZohoOrganisation> organisations = new(StringComparer.Ordinal);

    /// <summary>Held while an organisation is set up.</summary>
    public Lock Setup { get; } = new();

    /// <summary>All organisations by id.</summary>
    public IReadOnlyList<ZohoOrganisation> All => organisations.Values.OrderBy(organisation => organisation.Id, StringComparer.Ordinal).ToList();

    public ZohoOrganisation? Find(string? id) => id is null ? null : organisations.GetValueOrDefault(id);

    /// <summary>All organisations that the user of one belongs to.</summary>
    public IReadOnlyList<ZohoOrganisation> OfUser(ZohoOrganisation one) =>
        one.Settings.User.Length == 0 ? [one] : All.Where(other => other.Settings.User == one.Settings.User).ToList();

    public ZohoOrganisation FindOrAdd(string id) => organisations.GetOrAdd(id, added => new ZohoOrganisation(added, journal, ids));

    /// <summary>Forgets an organisation with all it holds.</summary>
    public bool Delete(string id)
    {
        if (!organisations.TryRemove(id, out var organisation))
            return false;
        lock (organisation.Gate)
        {
            organisation.Deleted = true;
            journal.Append(ZohoKinds.Deleted, id, new { }, ZohoJson.Options);
        }

        tokens.Forget(id);
        return true;
    }

    /// <summary>Takes one kept line back in.</summary>
    public void Replay(string kind, string scope, JsonElement value)
    {
        if (kind == ZohoKinds.Deleted)
        {
            organisations.TryRemove(scope, out _);
            tokens.Forget(scope);
        }
        else if (kind == ZohoKinds.Token)
        {
            tokens.Take(ZohoKinds.Read<ZohoAccessToken>(value));
        }
        else
        {
            FindOrAdd(scope).Take(ZohoKinds.Read(kind, value));
        }
    }
}

/// <summary>Connects the journal with the organisations; apart, since each of them appends to it.</summary>
internal sealed class ZohoJournaled(IServiceProvider services) : IJournaled
{
    /// <inheritdoc/>
    public string Prefix => "zoho.";

    /// <inheritdoc/>
    public void Replay(string kind, string scope, JsonElement value) =>
        services.GetRequiredService<ZohoOrganisations>().Replay(kind, scope, value);
}

/// <summary>Names of what the journal keeps.</summary>
internal static class ZohoKinds
{
    public const string Deleted = "zoho.deleted";
    public const string Token = "zoho.token";

    private static readonly Dictionary<string, Type> Types = new(StringComparer.Ordinal)
    {
        ["zoho.settings"] = typeof(ZohoSettings),
        ["zoho.credentials"] = typeof(ZohoCredentials),
        ["zoho.grant"] = typeof(ZohoGrant),
        ["zoho.tax"] = typeof(ZohoTax),
        ["zoho.item"] = typeof(ZohoItem),
        ["zoho.contact"] = typeof(ZohoContact),
        ["zoho.salesorder"] = typeof(ZohoSalesOrder),
        ["zoho.estimate"] = typeof(ZohoEstimate),
        ["zoho.invoice"] = typeof(ZohoInvoice),
        ["zoho.payment"] = typeof(ZohoPayment),
        ["zoho.salesreceipt"] = typeof(ZohoSalesReceipt),
        ["zoho.category"] = typeof(ZohoCategory),
        ["zoho.itemgroup"] = typeof(ZohoItemGroup),
        ["zoho.location"] = typeof(ZohoLocation),
        ["zoho.salesperson"] = typeof(ZohoSalesperson),
        ["zoho.pricebook"] = typeof(ZohoPricebook),
        ["zoho.removed"] = typeof(ZohoRemoved),
    };

    private static readonly Dictionary<Type, string> Names = Types.ToDictionary(pair => pair.Value, pair => pair.Key);

    public static string Of(object value) => Names[value.GetType()];

    public static string Of<T>() => Names[typeof(T)];

    public static object Read(string kind, JsonElement value) => Types.TryGetValue(kind, out var type)
        ? value.Deserialize(type, ZohoJson.Options) ?? throw new InvalidDataException($"A journal line of kind {kind} is empty.")
        : throw new InvalidDataException($"The journal has lines of the unknown kind {kind}.");

    public static T Read<T>(JsonElement value) =>
        value.Deserialize<T>(ZohoJson.Options) ?? throw new InvalidDataException("A journal line is empty.");
}
