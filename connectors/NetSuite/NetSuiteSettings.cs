using System.ComponentModel.DataAnnotations;
using System.Globalization;
using OrderSync.Contracts.Catalogue;
using OrderSync.Framework;
using OrderSync.Money;

namespace OrderSync.NetSuite;

/// <summary>How far an order is brought.</summary>
public enum OrderStatus
{
    /// <summary>Somebody approves it in NetSuite; until then it can be changed and closed from here.</summary>
    PendingApproval,

    /// <summary>Approved: created as pending approval, compared, then made pending fulfilment.</summary>
    PendingFulfilment,
}

/// <summary>Where the tax of a line comes from.</summary>
public enum TaxSource
{
    /// <summary>NetSuite works it out by item and customer; nothing about tax is sent.</summary>
    Calculated,

    /// <summary>Each line names a tax code of NetSuite.</summary>
    LineCodes,
}

/// <summary>How the nexus rounds tax.</summary>
public enum TaxMethod
{
    /// <summary>To the nearest.</summary>
    Off,

    /// <summary>Upwards.</summary>
    Up,

    /// <summary>Downwards.</summary>
    Down,
}

/// <summary>How a deposit or payment says that the money goes to undeposited funds.</summary>
public enum UndepositedFunds
{
    /// <summary>true.</summary>
    YesNo,

    /// <summary>A reference with the id T, as some versions of the record want.</summary>
    Reference,

    /// <summary>Nothing is said: NetSuite's preference decides.</summary>
    NotSent,
}

/// <summary>What a receipt becomes that is for no order and no invoice.</summary>
public enum OnAccount
{
    /// <summary>A customer deposit.</summary>
    Deposit,

    /// <summary>A customer payment that is applied to nothing.</summary>
    Payment,
}

/// <summary>Settings of one connection to NetSuite: one account, or one subsidiary of it.</summary>
public sealed record NetSuiteSettings : ConnectionSettings
{
    private static readonly decimal[] Precisions = [0.01m, 0.1m, 1m, 10m, 100m];

    /// <summary>The account's id, such as 1234567, or 1234567_SB1 for a sandbox.</summary>
    [Required]
    public string AccountId { get; init; } = "";

    /// <summary>Where NetSuite is, if not at the account's own address (a stand-in).</summary>
    public Uri? Url { get; init; }

    /// <summary>Client id of the integration record for the client credentials flow.</summary>
    [Required]
    public string ClientId { get; init; } = "";

    /// <summary>Certificate id that NetSuite showed when the certificate was uploaded; a sandbox has its own, and loses it when it is refreshed.</summary>
    [Secret, Required]
    public string CertificateId { get; init; } = "";

    /// <summary>Private key of that certificate in PEM form: RSA (signs by PS256) or EC P-256 (ES256).</summary>
    [Secret, Required]
    public string PrivateKey { get; init; } = "";

    /// <summary>Currency of the account or subsidiary, such as EUR; orders in it need no mapped currency.</summary>
    [Required]
    public string BaseCurrency { get; init; } = "";

    /// <summary>Internal id of the subsidiary that customers and documents belong to; needed where the account has several (OneWorld).</summary>
    public string? Subsidiary { get; init; }

    /// <summary>How far an order is brought: pendingApproval (somebody approves it in NetSuite; until then it can be changed and closed from here) or pendingFulfilment.</summary>
    public OrderStatus OrderStatus { get; init; } = OrderStatus.PendingApproval;

    /// <summary>Whether documents have our numbers (tranId); if not NetSuite numbers them, and ours stand in the memo.</summary>
    public bool OwnNumbers { get; init; } = true;

    /// <summary>Record that a quote becomes; empty = quotes are not taken.</summary>
    public string QuoteRecord { get; init; } = "estimate";

    /// <summary>Internal id of the customer that sales over the counter are written to; empty = a sale without a customer is held.</summary>
    public string? CounterCustomerId { get; init; }

    /// <summary>Where tax comes from: calculated (NetSuite works it out by item and customer) or lineCodes (each line names a mapped tax code; not every account takes them).</summary>
    public TaxSource Taxes { get; init; } = TaxSource.Calculated;

    /// <summary>Where tax is rounded (Nexus Preferences, Tax Rounding Level): line (tax detail line) or document (transaction).</summary>
    public RoundingLevel TaxLevel { get; init; } = RoundingLevel.Line;

    /// <summary>How tax is rounded (Nexus Preferences, Tax Rounding Method): off (to the nearest cent), up or down.</summary>
    public TaxMethod TaxMethod { get; init; } = TaxMethod.Off;

    /// <summary>Where an exact half goes, of amounts and of tax that is rounded to the nearest: halfUp or halfEven.</summary>
    public Tie Tie { get; init; } = Tie.HalfUp;

    /// <summary>What up and down round to (Nexus Preferences, Tax Rounding Precision): 0.01, 0.1, 1, 10 or 100.</summary>
    public decimal TaxPrecision { get; init; } = 0.01m;

    /// <summary>Whether Calculate Tax Before Discount is Applied is set at the nexus.</summary>
    public bool TaxBeforeDiscount { get; init; }

    /// <summary>When NetSuite would reach, or reached, another total: hold, adjust (our tax is sent as an override of the tax details; needs TaxTypeId) or accept.</summary>
    public OnDifference OnDifference { get; init; } = OnDifference.Hold;

    /// <summary>Internal id of the tax type that an override of the tax details names; without it nothing is adjusted.</summary>
    public string? TaxTypeId { get; init; }

    /// <summary>Internal id of the discount item that carries a discount on the whole order, where no cent of tax hangs on how it is spread; else it is spread over the lines' rates.</summary>
    public string? DiscountItemId { get; init; }

    /// <summary>Name (itemid) of the item that stands for shipping; needed where orders have a shipping charge.</summary>
    public string? ShippingSku { get; init; }

    /// <summary>Whether the SKU of an item below another is what stands behind the last " : " of its name.</summary>
    public bool SkuAfterParent { get; init; }

    /// <summary>Decimals of a rate that NetSuite keeps; an order with more is held instead of being rounded.</summary>
    [Range(2, 10)]
    public int RateDecimals { get; init; } = 8;

    /// <summary>Decimals of a quantity that NetSuite keeps; an order with more is held instead of being rounded.</summary>
    [Range(0, 8)]
    public int QuantityDecimals { get; init; } = 5;

    /// <summary>Longest name and line of an address that NetSuite takes (metadata catalogue of the account); what is longer is cut, and the cut is marked.</summary>
    [Range(20, 300)]
    public int NameLength { get; init; } = 80;

    /// <summary>Longest memo, comment and text of a line that NetSuite takes (metadata catalogue of the account).</summary>
    [Range(100, 50_000)]
    public int MemoLength { get; init; } = 999;

    /// <summary>How a deposit says that the money goes to undeposited funds: yesNo, reference (id T) or notSent; the account's metadata catalogue shows which.</summary>
    public UndepositedFunds UndepositedFunds { get; init; } = UndepositedFunds.YesNo;

    /// <summary>What a receipt becomes that is for no order and no invoice: deposit, or payment (applied to nothing).</summary>
    public OnAccount OnAccount { get; init; } = OnAccount.Deposit;

    /// <summary>Table of SuiteQL with the stock: inventoryItemLocations or aggregateItemLocation.</summary>
    public StockTable StockTable { get; init; } = StockTable.InventoryItemLocations;

    /// <summary>Collections that are not brought back; prices and price lists, whose form NetSuite does not document, until somebody has tried them.</summary>
    public IReadOnlyList<string> NotRead { get; init; } = [CollectionNames.PriceLists, CollectionNames.Prices];

    /// <inheritdoc />
    public override string Account => $"netsuite:{Url?.Host ?? "cloud"}:{AccountId.Trim().Replace('-', '_').ToUpperInvariant()}";

    /// <inheritdoc />
    public override string? WhyNot() => this switch
    {
        _ when AccountId.Length == 0 || !AccountId.All(one => char.IsAsciiLetterOrDigit(one) || one is '_' or '-') =>
            "AccountId must be the account's id, such as 1234567 or 1234567_SB1.",
        { Url.IsAbsoluteUri: false } => "Url must be a whole address, such as https://netsuite.example.",
        { ClientId: "" } => "ClientId is missing. Copy it from the integration record in NetSuite.",
        { CertificateId: "" } => "CertificateId is missing. NetSuite shows it when the certificate is uploaded.",
        _ when SigningKey.WhyNot(PrivateKey) is { } key => key,
        _ when Currencies.Decimals(BaseCurrency) is not (0 or 2) => "BaseCurrency must be a currency of 0 or 2 decimals, such as EUR: NetSuite keeps no others.",
        _ when !Precisions.Contains(TaxPrecision) => "TaxPrecision must be 0.01, 0.1, 1, 10 or 100.",
        _ when !QuoteRecord.All(char.IsAsciiLetter) => "QuoteRecord must be the name of a record, such as estimate, or empty.",
        _ when new[] { Subsidiary, CounterCustomerId, TaxTypeId, DiscountItemId }.FirstOrDefault(id => id is { Length: > 0 } && !id.All(one => char.IsAsciiDigit(one) || one == '-')) is { } id =>
            $"{id} is no internal id: NetSuite's are digits.",
        _ when NotRead.FirstOrDefault(name => !CollectionNames.All.Contains(name)) is { } stranger => $"NotRead names {stranger}; known are {string.Join(", ", CollectionNames.All)}.",
        _ => null,
    };

    /// <inheritdoc />
    public override IReadOnlyList<PullPlan> PullsOf(IReadOnlyList<PullPlan> declared)
    {
        ArgumentNullException.ThrowIfNull(declared);
        return base.PullsOf([.. declared.Where(plan => !NotRead.Contains(plan.Name))]);
    }

    /// <summary>How halves of amounts are rounded.</summary>
    internal MidpointRounding Nearest => Tie == Tie.HalfEven ? MidpointRounding.ToEven : MidpointRounding.AwayFromZero;

    /// <summary>An address below /services/rest.</summary>
    internal Uri Rest(string path) => new($"{Root}/services/rest/{path}");

    /// <summary>Where tokens come from; also whom an assertion is for.</summary>
    internal Uri TokenUrl => Rest("auth/oauth2/v1/token");

    // In a host name the id is in small letters, with a hyphen.
    private string HostName => AccountId.Trim().Replace('_', '-').ToLowerInvariant();

    private string Root => Url?.ToString().TrimEnd('/') ?? string.Create(CultureInfo.InvariantCulture, $"https://{HostName}.suitetalk.api.netsuite.com");
}
