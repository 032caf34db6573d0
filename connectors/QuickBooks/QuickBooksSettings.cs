using System.ComponentModel.DataAnnotations;
using OrderSync.Framework;
using OrderSync.Money;

namespace OrderSync.QuickBooks;

/// <summary>Which of Intuit's two worlds a company is in.</summary>
public enum QuickBooksEnvironment
{
    /// <summary>Real companies.</summary>
    Production,

    /// <summary>Companies for trying things out, at developer.intuit.com.</summary>
    Sandbox,
}

/// <summary>What an order becomes: QuickBooks Online has no sales orders.</summary>
public enum OrderDocument
{
    /// <summary>An accepted estimate: nothing is posted, and people make an invoice of it.</summary>
    Estimate,

    /// <summary>An invoice: it is posted and takes from the stock.</summary>
    Invoice,
}

/// <summary>How a company is taxed.</summary>
public enum TaxSystem
{
    /// <summary>Each line names a tax code.</summary>
    Global,

    /// <summary>A line is taxed or not, and one tax code stands on the document.</summary>
    Us,
}

/// <summary>Where QuickBooks rounds tax.</summary>
public enum TaxRoundedOn
{
    /// <summary>On lines outside the US, on the document in it.</summary>
    Usual,

    /// <summary>On each line.</summary>
    Line,

    /// <summary>Once for each rate on the whole document.</summary>
    Document,
}

/// <summary>What Amount and UnitPrice of a line are where prices include tax.</summary>
public enum InclusiveAmounts
{
    /// <summary>Without tax; the amount with tax goes beside them.</summary>
    Net,

    /// <summary>With tax.</summary>
    Gross,
}

/// <summary>Settings of one connection to QuickBooks Online: one company.</summary>
public sealed record QuickBooksSettings : ConnectionSettings
{
    /// <summary>The company's id (realm): it stands in the address of the page that an approval leads back to, and under Settings, Additional info.</summary>
    [Required]
    public string RealmId { get; init; } = "";

    /// <summary>Where the company is: production, or sandbox for Intuit's companies to try things out.</summary>
    public QuickBooksEnvironment Environment { get; init; } = QuickBooksEnvironment.Production;

    /// <summary>One address for API, tokens and approval, if not Intuit's own (a stand-in).</summary>
    public Uri? Url { get; init; }

    /// <summary>Client id of the app registered at developer.intuit.com.</summary>
    [Required]
    public string ClientId { get; init; } = "";

    /// <summary>Client secret of that app.</summary>
    [Secret, Required]
    public string ClientSecret { get; init; } = "";

    /// <summary>Refresh token, where the connection is not approved in the browser; its value changes about once a day.</summary>
    [Secret]
    public string RefreshToken { get; init; } = "";

    /// <summary>Verifier token of the app's webhooks, where QuickBooks is to say at once what changed; the README says at which address.</summary>
    [Secret]
    public string WebhookVerifier { get; init; } = "";

    /// <summary>What an order becomes: estimate (nothing is posted) or invoice (posted, takes from the stock). QuickBooks Online has no sales orders.</summary>
    public OrderDocument OrderAs { get; init; } = OrderDocument.Estimate;

    /// <summary>How the company is taxed: us (lines are taxed or not, one tax for a document) or global (each line names a tax code).</summary>
    public TaxSystem Taxes { get; init; } = TaxSystem.Global;

    /// <summary>Where QuickBooks rounds tax: usual (on lines outside the US, on the document in it), line or document.</summary>
    public TaxRoundedOn TaxLevel { get; init; } = TaxRoundedOn.Usual;

    /// <summary>Where an exact half goes: halfUp or halfEven.</summary>
    public Tie Tie { get; init; } = Tie.HalfUp;

    /// <summary>When QuickBooks would reach, or reached, another total: hold, adjust (our tax is sent as the document's tax) or accept.</summary>
    public OnDifference OnDifference { get; init; } = OnDifference.Hold;

    /// <summary>Whether the captured tax is always sent as the document's tax, such as where the US company works out its own rates (automated sales tax).</summary>
    public bool SendTax { get; init; }

    /// <summary>What Amount and UnitPrice are where prices include tax: net (the amount with tax goes beside them) or gross.</summary>
    public InclusiveAmounts InclusiveAmounts { get; init; } = InclusiveAmounts.Net;

    /// <summary>Whether a discount on the whole order may become QuickBooks' discount line where no cent of tax hangs on it; else it is spread over the lines' prices.</summary>
    public bool DiscountLine { get; init; } = true;

    /// <summary>SKU of the item that stands for shipping; needed where orders have a shipping charge.</summary>
    public string? ShippingSku { get; init; }

    /// <summary>Id of the customer that stands for sales over the counter, which name none: the digits at the end of its page's address. Without it such a sale is held.</summary>
    public string? CounterCustomer { get; init; }

    /// <summary>Decimals of a quantity that QuickBooks keeps; an order with more is held instead of being rounded.</summary>
    [Range(0, 6)]
    public int QuantityDecimals { get; init; } = 5;

    /// <summary>Decimals of a price that QuickBooks keeps; an order with more is held instead of being rounded.</summary>
    [Range(2, 7)]
    public int PriceDecimals { get; init; } = 7;

    /// <summary>A receipt for an order that has no invoice yet: onAccount leaves it unapplied with the customer, wait asks every hour for the invoice.</summary>
    public UninvoicedReceipt UninvoicedReceipt { get; init; } = UninvoicedReceipt.OnAccount;

    /// <summary>How the connection rounds.</summary>
    internal RoundingPolicy Rounding => new(
        TaxLevel switch
        {
            TaxRoundedOn.Line => RoundingLevel.Line,
            TaxRoundedOn.Document => RoundingLevel.Document,
            _ => Taxes == TaxSystem.Us ? RoundingLevel.Document : RoundingLevel.Line,
        },
        Tie);

    /// <inheritdoc />
    public override string Account => $"quickbooks:{Url?.Host ?? (Environment == QuickBooksEnvironment.Sandbox ? "sandbox" : "production")}:{RealmId}";

    /// <inheritdoc />
    public override string? WhyNot() => this switch
    {
        { Url.IsAbsoluteUri: false } => "Url must be a whole address, such as https://quickbooks.example.",
        _ when RealmId.Length == 0 || !RealmId.All(char.IsAsciiDigit) => "RealmId must be the company's number: digits only, as on Settings > Additional info in QuickBooks.",
        { ClientId: "" } => "ClientId is missing. Copy it from your app's Keys & credentials at developer.intuit.com.",
        { ClientSecret: "" } => "ClientSecret is missing. Copy it from your app's Keys & credentials at developer.intuit.com.",
        _ => null,
    };

    /// <summary>The address of an API path of the company.</summary>
    internal Uri Api(string path)
    {
        var root = Url?.ToString() ?? (Environment == QuickBooksEnvironment.Sandbox ? "https://sandbox-quickbooks.api.intuit.com" : "https://quickbooks.api.intuit.com");
        return new Uri($"{root.TrimEnd('/')}/v3/company/{RealmId}/{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}minorversion=75");
    }

    /// <summary>Where tokens come from.</summary>
    internal Uri TokenUrl => new(Url is null ? "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer" : $"{Url.ToString().TrimEnd('/')}/oauth2/v1/tokens/bearer");

    /// <summary>Where a person approves.</summary>
    internal Uri ApprovalUrl => new(Url is null ? "https://appcenter.intuit.com/connect/oauth2" : $"{Url.ToString().TrimEnd('/')}/connect/oauth2");

    /// <summary>QuickBooks' own page of a thing, for a person; null for a stand-in.</summary>
    internal Uri? Page(string page, string id) => Url is not null
        ? null
        : new Uri($"https://{(Environment == QuickBooksEnvironment.Sandbox ? "app.sandbox.qbo" : "app.qbo")}.intuit.com/app/{page}={Uri.EscapeDataString(id)}");
}
