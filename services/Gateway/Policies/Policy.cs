using System.Text.Json;
using OrderSync.Contracts.Records;

namespace OrderSync.Gateway.Policies;

/// <summary>What a company has set for the rules; what it has not is the default here.</summary>
internal sealed class Policy
{
    /// <summary>What is done about an order above the customer's credit limit.</summary>
    public const string CreditLimit = "creditLimit";

    /// <summary>What is done about a coupon that was used before.</summary>
    public const string CouponUsed = "couponUsed";

    /// <summary>What is done about a price from an older version of its list.</summary>
    public const string PriceOutdated = "priceOutdated";

    /// <summary>The pattern of codes given to captured customers.</summary>
    public const string CustomerCode = "customerCode";

    /// <summary>Whether orders lower the stock that devices know.</summary>
    public const string OrdersTakeStock = "ordersTakeStock";

    /// <summary>What may be captured, and a class of devices may be kept from capturing offline. What has happened is not among it: it is stored whatever is set.</summary>
    public static readonly string[] Operations = ["customer.add", CustomerChange, "order.add", "quote.add", "lead.add", "activity.add"];

    /// <summary>Changing a customer that stands.</summary>
    public const string CustomerChange = "customer.change";

    /// <summary>All that rules ask for.</summary>
    public static readonly string[] Asked = [CreditLimit, CouponUsed, PriceOutdated, .. Office.Catalogue.Scope.Classes.Select(NeedsConnection)];

    private readonly Dictionary<string, JsonElement> set = new(StringComparer.Ordinal);

    /// <summary>The setting of a class of devices.</summary>
    public static string NeedsConnection(string deviceClass) => deviceClass + "NeedsConnection";

    /// <summary>What a class needs a connection for while nobody has set it.</summary>
    public static string[] NeedsConnectionUsually(string deviceClass) => deviceClass == "register" ? [CustomerChange] : [];

    /// <summary>Notes a setting as it is stored.</summary>
    public void Set(string name, string json) => set[name] = JsonSerializer.Deserialize<JsonElement>(json);

    /// <summary>One of the words of <see cref="Choice"/>.</summary>
    public string ChoiceOf(string name) => set.TryGetValue(name, out var value) ? value.GetString()! : Choice.Warn;

    /// <summary>What a class of devices can do with a connection only.</summary>
    public IReadOnlyList<string> NeedsConnectionOf(string deviceClass) =>
        set.TryGetValue(NeedsConnection(deviceClass), out var names) ? [.. names.EnumerateArray().Select(name => name.GetString()!)] : NeedsConnectionUsually(deviceClass);

    /// <summary>What capturing a record is, by the names of <see cref="Operations"/>.</summary>
    public static string OperationOf(string kind, bool changesWhatStands) => kind == Kinds.Customer && changesWhatStands ? CustomerChange : kind + ".add";
}
