using System.Text.Json.Serialization;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>Where tax is rounded: on each line, or once for each tax of the document.</summary>
internal enum TaxLevel { Line, Document }

/// <summary>What rounding does; the first two differ only at exactly half, the last two never look at the half.</summary>
internal enum Tie { HalfUp, HalfEven, Up, Down }

/// <summary>Which line takes the cent that a discount spread over lines leaves.</summary>
internal enum CentTo { Last, Cumulative, Largest }

/// <summary>Which part of a gross amount is rounded; the other is what remains.</summary>
internal enum InclusiveRound { Tax, Net }

/// <summary>Whether a line is rounded once after its discount, or gross and discount each.</summary>
internal enum DiscountRound { Once, Twice }

/// <summary>What tax is taken of: the line as rounded, or before rounding.</summary>
internal enum TaxBase { RoundedLine, Raw }

/// <summary>What happens to decimals beyond those the ERP stores.</summary>
internal enum ExcessDecimals { Reject, Round, Keep }

/// <summary>What a percentage discount after tax is taken of.</summary>
internal enum AfterTaxDiscountOf { SubTotal, Total }

/// <summary>Which form of discount the organisation gives.</summary>
internal enum DiscountsGiven { Any, None, ItemLevel, EntityLevel }

/// <summary>Whether something the fact sheet is not sure of is taken.</summary>
internal enum Allowed { Accept, Refuse }

/// <summary>What the company pays for: it decides calls a day and at one time.</summary>
internal enum Plan { Free, Standard, Professional, Premium }

/// <summary>What happens to something the API has no place for.</summary>
internal enum Unplaced { Refuse, Drop }

/// <summary>The tax of a line that names none.</summary>
internal enum LineWithoutTax { Untaxed, ItemTax }

/// <summary>How one organisation behaves. What the fact sheet leaves open is a setting here, with the sheet's default; see rules.md.</summary>
internal sealed record ZohoSettings
{
    public string Name { get; init; } = "Sandbox organisation";
    public string CurrencyCode { get; init; } = "USD";
    public int PricePrecision { get; init; } = 2;

    public TaxLevel TaxLevel { get; init; } = TaxLevel.Document;
    public Tie Tie { get; init; } = Tie.HalfUp;
    public CentTo CentTo { get; init; } = CentTo.Last;
    public InclusiveRound InclusiveRound { get; init; } = InclusiveRound.Tax;
    public DiscountRound DiscountRound { get; init; } = DiscountRound.Once;
    public TaxBase TaxBase { get; init; } = TaxBase.RoundedLine;
    public int PriceDp { get; init; } = 6;
    public int QtyDp { get; init; } = 2;
    public ExcessDecimals ExcessDp { get; init; } = ExcessDecimals.Round;
    public decimal RoundoffStep { get; init; }
    public bool ShippingTaxed { get; init; }
    public bool AdjustmentTaxed { get; init; }
    public AfterTaxDiscountOf AfterTaxDiscountOf { get; init; } = AfterTaxDiscountOf.SubTotal;
    public DiscountsGiven DiscountsGiven { get; init; } = DiscountsGiven.Any;
    public bool LineDiscountHonoured { get; init; } = true;
    public LineWithoutTax LineWithoutTax { get; init; } = LineWithoutTax.Untaxed;

    public int DuplicateNumberCode { get; init; } = 13011;
    public int NumberMaxLength { get; init; } = 100;
    public int ReferenceMaxLength { get; init; } = 100;
    public int NotesMaxLength { get; init; } = 5000;
    public Unplaced InlineAddress { get; init; } = Unplaced.Refuse;
    public bool UpdateWithoutPersonsClearsThem { get; init; } = true;
    public bool SearchIgnoresCase { get; init; } = true;
    public IReadOnlyList<string> ContactCustomFields { get; init; } = ["cf_ordersync_id"];
    public IReadOnlyList<string> SalesorderCustomFields { get; init; } = ["cf_ordersync_id"];
    public IReadOnlyList<string> EstimateCustomFields { get; init; } = ["cf_ordersync_id"];
    public IReadOnlyList<string> InvoiceCustomFields { get; init; } = ["cf_ordersync_id"];
    public IReadOnlyList<string> CustomerpaymentCustomFields { get; init; } = ["cf_ordersync_id"];
    public IReadOnlyList<string> SalesreceiptCustomFields { get; init; } = [];
    public IReadOnlyList<string> ItemCustomFields { get; init; } = [];
    public IReadOnlyList<string> UniqueCustomFields { get; init; } = [];
    public bool SalesreceiptExtras { get; init; }
    public bool OrdersNeedApproval { get; init; }
    public Allowed PaymentWithoutInvoices { get; init; } = Allowed.Accept;
    public IReadOnlyList<string> PaymentModes { get; init; } =
        ["check", "cash", "creditcard", "banktransfer", "bankremittance", "autotransaction", "others"];
    public bool InvoiceMovesStock { get; init; } = true;
    public bool StockBumpsLastModified { get; init; }
    public bool BooksFindsItemsBySku { get; init; }
    public int SearchLagSeconds { get; init; }
    public IReadOnlyList<string> ListsWithoutLastModifiedTime { get; init; } = [];
    public bool SalespersonsAreListed { get; init; } = true;
    public bool PaymentModesAreListed { get; init; } = true;

    public string Scopes { get; init; } = "ZohoInventory.FullAccess.all,ZohoBooks.fullaccess.all";
    public bool AcceptBearer { get; init; }
    public int MissingScopeStatus { get; init; } = 401;
    public string RefreshError { get; init; } = "invalid_code";
    public int CallsPerMinute { get; init; } = 100;
    public Plan Plan { get; init; } = Plan.Premium;
    public int? CallsPerDay { get; init; }
    public int? ConcurrentCalls { get; init; }
    public int CallsUsedToday { get; init; }
    public int? BlockAboveCallsPerMinute { get; init; }
    public int LiveAccessTokens { get; init; } = 15;
    public int LiveRefreshTokens { get; init; } = 20;
    public bool RefreshTokenBurns { get; init; }
    public IReadOnlyList<string> RedirectUris { get; init; } = [];
    public string DataCenter { get; init; } = "us";
    public string User { get; init; } = "";

    /// <summary>Calls a day: those of the plan unless a number is set.</summary>
    [JsonIgnore]
    public int DailyCalls => CallsPerDay ?? Plan switch { Plan.Free => 1_000, Plan.Standard => 2_000, Plan.Professional => 5_000, _ => 10_000 };

    /// <summary>Calls at one time: those of the plan unless a number is set.</summary>
    [JsonIgnore]
    public int CallsAtOnce => ConcurrentCalls ?? (Plan == Plan.Free ? 5 : 10);

    private IEnumerable<IReadOnlyList<string>> Lists =>
    [
        ContactCustomFields, SalesorderCustomFields, EstimateCustomFields, InvoiceCustomFields, CustomerpaymentCustomFields, SalesreceiptCustomFields,
        ItemCustomFields, UniqueCustomFields, PaymentModes, RedirectUris, ListsWithoutLastModifiedTime,
    ];

    /// <summary>What is wrong with these settings, if anything.</summary>
    public string? Problem() => this switch
    {
        { PricePrecision: < 0 or > 6 } => "price_precision must be between 0 and 6",
        { PriceDp: < 0 or > 10 } or { QtyDp: < 0 or > 10 } => "price_dp and qty_dp must be between 0 and 10",
        { RoundoffStep: < 0 } => "roundoff_step must not be negative",
        { CurrencyCode: not { Length: 3 } } => "currency_code must have three letters",
        { MissingScopeStatus: not (401 or 403) } => "missing_scope_status must be 401 or 403",
        { CallsPerMinute: < 1 } or { CallsPerDay: < 1 } or { ConcurrentCalls: < 1 } or { LiveAccessTokens: < 1 } or { LiveRefreshTokens: < 1 } or { BlockAboveCallsPerMinute: < 1 } => "limits must be at least 1",
        { NumberMaxLength: < 1 } or { ReferenceMaxLength: < 1 } or { NotesMaxLength: < 1 } => "lengths must be at least 1",
        { Name: null } or { Scopes: null } or { RefreshError: null } or { User: null } or { DataCenter: null } => "a setting must not be null",
        _ when Lists.Any(list => list is null || list.Any(string.IsNullOrWhiteSpace)) => "a list of a setting must not be null or hold nothing",
        { PaymentModes.Count: 0 } => "payment_modes must name at least one",
        { SearchLagSeconds: < 0 } => "search_lag_seconds must not be negative",
        _ => null,
    };
}
