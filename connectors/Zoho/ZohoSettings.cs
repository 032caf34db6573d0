using System.ComponentModel.DataAnnotations;
using OrderSync.Contracts.Catalogue;
using OrderSync.Framework;
using OrderSync.Framework.Mappings;
using OrderSync.Money;

namespace OrderSync.Zoho;

/// <summary>What the organisation pays Zoho for; it decides how many calls a day it takes.</summary>
public enum ZohoPlan
{
    /// <summary>1,000 calls a day.</summary>
    Free,

    /// <summary>2,000 calls a day.</summary>
    Standard,

    /// <summary>5,000 calls a day.</summary>
    Professional,

    /// <summary>10,000 calls a day; the plans above it too.</summary>
    Premium,
}

/// <summary>Settings of one connection to Zoho: one organisation, reached through one data centre.</summary>
public sealed record ZohoSettings : ConnectionSettings
{
    private static readonly Dictionary<string, (string Accounts, string Api)> DataCenters = new(StringComparer.Ordinal)
    {
        ["us"] = ("https://accounts.zoho.com", "https://www.zohoapis.com"),
        ["eu"] = ("https://accounts.zoho.eu", "https://www.zohoapis.eu"),
        ["in"] = ("https://accounts.zoho.in", "https://www.zohoapis.in"),
        ["au"] = ("https://accounts.zoho.com.au", "https://www.zohoapis.com.au"),
        ["jp"] = ("https://accounts.zoho.jp", "https://www.zohoapis.jp"),
        ["ca"] = ("https://accounts.zohocloud.ca", "https://www.zohoapis.ca"),
        ["sa"] = ("https://accounts.zoho.sa", "https://www.zohoapis.sa"),
        ["cn"] = ("https://accounts.zoho.com.cn", "https://www.zohoapis.com.cn"),
    };

    /// <summary>The product the connection goes through: inventory or books. Both see the same documents; quotes need books.</summary>
    public ZohoProduct Product { get; init; } = ZohoProduct.Inventory;

    /// <summary>Data centre of the organisation: us, eu, in, au, jp, ca, sa or cn.</summary>
    public string DataCenter { get; init; } = "us";

    /// <summary>Where tokens come from, if not from the data centre's own address (a sandbox, a new data centre).</summary>
    public Uri? AccountsUrl { get; init; }

    /// <summary>Where the API is. Left empty it is the api_domain that comes with each token, as Zoho advises.</summary>
    public Uri? ApiUrl { get; init; }

    /// <summary>The organisation's plan, which decides how many calls a day Zoho takes: 1,000, 2,000, 5,000 or 10,000.</summary>
    public ZohoPlan Plan { get; init; } = ZohoPlan.Free;

    /// <summary>Time zone whose midnight begins Zoho's day of calls, such as America/Los_Angeles; Zoho does not say which it is.</summary>
    public string DayZone { get; init; } = "UTC";

    /// <summary>The organisation's number: Settings, Organization Profile, at the top right.</summary>
    [Required]
    public string OrganizationId { get; init; } = "";

    /// <summary>Client id of the application registered in Zoho's API console.</summary>
    [Required]
    public string ClientId { get; init; } = "";

    /// <summary>Client secret of that application.</summary>
    [Secret, Required]
    public string ClientSecret { get; init; } = "";

    /// <summary>Refresh token, where the connection is not approved in the browser; Zoho's do not rotate.</summary>
    [Secret]
    public string RefreshToken { get; init; } = "";

    /// <summary>API name of the text field, made on customers, sales orders, estimates and payments received, that carries our record id.</summary>
    public string CustomFieldApiName { get; init; } = "cf_ordersync_id";

    /// <summary>Where the organisation rounds tax: document (what Zoho's answers call entity_level) or line.</summary>
    public RoundingLevel TaxLevel { get; init; } = RoundingLevel.Document;

    /// <summary>Where an exact half goes: halfUp (what Zoho's answers call round_half_up) or halfEven.</summary>
    public Tie Tie { get; init; } = Tie.HalfUp;

    /// <summary>When Zoho would reach, or reached, another total: hold, adjust or accept.</summary>
    public OnDifference OnDifference { get; init; } = OnDifference.Hold;

    /// <summary>SKU of the Zoho item that stands for shipping; needed where shipping is taxed, since Zoho's own shipping charge is not.</summary>
    public string? ShippingSku { get; init; }

    /// <summary>Decimals of a quantity that the organisation keeps; an order with more is held instead of being rounded.</summary>
    [Range(0, 6)]
    public int QuantityDecimals { get; init; } = 2;

    /// <summary>Decimals of a price that the organisation keeps; an order with more is held instead of being rounded.</summary>
    [Range(0, 6)]
    public int PriceDecimals { get; init; } = 6;

    /// <summary>Longest note Zoho takes on a sales order; what is longer is cut, and the cut is marked.</summary>
    [Range(100, 50_000)]
    public int NotesLength { get; init; } = 5000;

    /// <summary>A receipt for an order that has no invoice yet: onAccount writes it as the customer's credit, wait asks every hour for the invoice.</summary>
    public UninvoicedReceipt UninvoicedReceipt { get; init; } = UninvoicedReceipt.OnAccount;

    /// <summary>Figure of stock that devices see: availableForSale, actualAvailable, available or onHand; where Zoho does not give it, the one behind it in this row.</summary>
    public StockFigure StockFigure { get; init; } = StockFigure.AvailableForSale;

    /// <summary>Whether stock is kept apart by the locations that items name; if not, an item has one figure.</summary>
    public bool StockByLocation { get; init; } = true;

    /// <summary>
    /// Collections of which Zoho does not say what changed, such as customers and invoices, whose last_modified_time is not documented for both products: each look reads
    /// them whole, every six hours.
    /// </summary>
    public IReadOnlyList<string> ReadWhole { get; init; } = [];

    /// <summary>Where Zoho lists those who sell: salespersons, users, or none, where their ids are entered by hand.</summary>
    public SalespersonList SalespersonList { get; init; } = SalespersonList.Salespersons;

    /// <summary>Whether Zoho lists its payment modes; if not, their names are entered by hand, as Zoho shows them.</summary>
    public bool ListsPaymentModes { get; init; } = true;

    /// <summary>What the product is and has.</summary>
    internal ZohoFlavour Flavour => ZohoFlavour.Of(Product);

    /// <inheritdoc />
    public override string Account => $"zoho:{AccountsUrl?.Host ?? DataCenter}:{OrganizationId}";

    /// <inheritdoc />
    public override string? WhyNot() => this switch
    {
        { AccountsUrl: null } when !DataCenters.ContainsKey(DataCenter) => $"DataCenter must be one of {string.Join(", ", DataCenters.Keys)}.",
        { AccountsUrl.IsAbsoluteUri: false } => "AccountsUrl must be a whole address, such as https://accounts.zoho.eu.",
        { ApiUrl.IsAbsoluteUri: false } => "ApiUrl must be a whole address, such as https://www.zohoapis.eu.",
        _ when string.IsNullOrWhiteSpace(OrganizationId) => "OrganizationId is missing. Copy it from Settings > Organization Profile in Zoho.",
        { ClientId: "" } => "ClientId is missing. Copy it from Zoho's API console.",
        { ClientSecret: "" } => "ClientSecret is missing. Copy it from Zoho's API console.",
        _ when !CustomFieldApiName.StartsWith("cf_", StringComparison.Ordinal) => "CustomFieldApiName must begin with cf_, as Zoho's API names do.",
        _ when ReadWhole.FirstOrDefault(name => !CollectionNames.All.Contains(name)) is { } stranger => $"ReadWhole names {stranger}; known are {string.Join(", ", CollectionNames.All)}.",
        _ when !TimeZoneInfo.TryFindSystemTimeZoneById(DayZone, out _) => $"DayZone {DayZone} is not known here. Enter a name like Europe/Berlin, or UTC.",
        _ => null,
    };

    /// <inheritdoc />
    public override Budget BudgetOf(Budget declared)
    {
        ArgumentNullException.ThrowIfNull(declared);
        return base.BudgetOf(declared with { PerDay = Plan switch { ZohoPlan.Standard => 2000, ZohoPlan.Professional => 5000, ZohoPlan.Premium => 10_000, _ => 1000 }, DayZone = DayZone });
    }

    /// <inheritdoc />
    public override IReadOnlyList<PullPlan> PullsOf(IReadOnlyList<PullPlan> declared)
    {
        ArgumentNullException.ThrowIfNull(declared);
        return base.PullsOf([.. declared.Select(plan => ReadWhole.Contains(plan.Name) ? plan with { Every = ZohoPulls.Seldom, SweepEvery = ZohoPulls.Seldom, Changes = false } : plan)]);
    }

    /// <inheritdoc />
    public override bool Lists(MappingKind kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return kind.Name switch
        {
            ZohoMappings.Salesperson => SalespersonList != SalespersonList.None,
            ZohoMappings.PaymentMode => ListsPaymentModes,
            _ => base.Lists(kind),
        };
    }

    /// <summary>An address of the accounts server.</summary>
    internal Uri Accounts(string path) => Below(AccountsUrl ?? new Uri(DataCenters[DataCenter].Accounts), path);

    /// <summary>The address of an API path; <paramref name="apiDomain"/> is what came with the token.</summary>
    internal Uri Api(string? apiDomain, string path)
    {
        var root = ApiUrl ?? (apiDomain is { Length: > 0 } named ? new Uri(named) : new Uri(DataCenters[DataCenter].Api));
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        return Below(root, $"{Flavour.Path}/{path}{separator}organization_id={Uri.EscapeDataString(OrganizationId)}");
    }

    /// <summary>Zoho's own page of a thing, such as a sales order, for a person; null for another server than Zoho's own.</summary>
    internal Uri? Page(string resource, string id) => AccountsUrl is null && DataCenters.TryGetValue(DataCenter, out var center)
        ? new Uri($"{center.Accounts.Replace("//accounts.", $"//{Flavour.Site}.", StringComparison.Ordinal)}/app/{Uri.EscapeDataString(OrganizationId)}#/{resource}/{Uri.EscapeDataString(id)}")
        : null;

    private static Uri Below(Uri root, string path) => new($"{root.ToString().TrimEnd('/')}/{path}");
}
