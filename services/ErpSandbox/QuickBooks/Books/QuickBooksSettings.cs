using System.Text.Json.Serialization;

namespace OrderSync.ErpSandbox.QuickBooks;

/// <summary>How one company behaves. What the fact sheets leave open is a setting here, with the default they name; rules.md lists them.</summary>
internal sealed record QuickBooksSettings
{
    public string CompanyName { get; init; } = "Company";

    /// <summary>US has TAX and NON on lines and one tax code a document; everywhere else each line names a tax code.</summary>
    public string Country { get; init; } = "GB";

    public string HomeCurrency { get; init; } = "EUR";

    public bool MultiCurrency { get; init; }

    /// <summary>Whether documents carry numbers that the caller gives.</summary>
    public bool CustomTxnNumbers { get; init; } = true;

    /// <summary>Whether a number that is there already is refused.</summary>
    public bool WarnDuplicateTxnNumbers { get; init; } = true;

    public bool AllowDiscount { get; init; } = true;

    /// <summary>line or group; empty = line outside the US, group in it.</summary>
    public string TaxLevel { get; init; } = "";

    /// <summary>halfUp or halfEven.</summary>
    public string Tie { get; init; } = "halfUp";

    /// <summary>Whether Amount and UnitPrice of what includes tax are sent net (with TaxInclusiveAmt gross) or gross.</summary>
    public string InclusiveAmounts { get; init; } = "net";

    /// <summary>Whether TotalTax of the caller counts.</summary>
    public bool TaxOverride { get; init; } = true;

    public int QuantityDecimals { get; init; } = 5;

    public int PriceDecimals { get; init; } = 7;

    /// <summary>The last day whose books are closed.</summary>
    public DateOnly? BookCloseDate { get; init; }

    /// <summary>What a repeated requestid gets whose first call was refused: free (judged again), replay (the same refusal), refuse (error 600).</summary>
    public string RequestIdsAfterRefusal { get; init; } = "free";

    /// <summary>What becomes of a private note when the document is made void: replace or prepend.</summary>
    public string VoidNote { get; init; } = "replace";

    /// <summary>Whether a query may hold punctuation beyond ASCII.</summary>
    public bool UnicodeQueries { get; init; } = true;

    /// <summary>When the value of the refresh token changes: daily, always or never.</summary>
    public string RefreshTokenRotates { get; init; } = "daily";

    /// <summary>Whether the refresh token before the newest is still good.</summary>
    public bool PreviousRefreshTokenLives { get; init; }

    /// <summary>Whether the subscription has ended.</summary>
    public bool SubscriptionEnded { get; init; }

    public int CallsPerMinute { get; init; } = 500;

    public int CallsPerSecond { get; init; } = 10;

    public int CdcDays { get; init; } = 30;

    public int CdcMost { get; init; } = 1000;

    /// <summary>Whether a move of stock counts as a change of the item.</summary>
    public bool StockChangesItem { get; init; }

    /// <summary>Whether it is a company of the US.</summary>
    [JsonIgnore]
    public bool IsUs => Country == "US";

    /// <summary>Whether tax is rounded on each line.</summary>
    [JsonIgnore]
    public bool TaxOnLines => TaxLevel.Length > 0 ? TaxLevel == "line" : !IsUs;

    /// <summary>What is wrong with these settings, if anything.</summary>
    public string? Problem() =>
        TaxLevel is not ("" or "line" or "group") ? "taxLevel must be line or group"
        : Tie is not ("halfUp" or "halfEven") ? "tie must be halfUp or halfEven"
        : InclusiveAmounts is not ("net" or "gross") ? "inclusiveAmounts must be net or gross"
        : RequestIdsAfterRefusal is not ("free" or "replay" or "refuse") ? "requestIdsAfterRefusal must be free, replay or refuse"
        : VoidNote is not ("replace" or "prepend") ? "voidNote must be replace or prepend"
        : RefreshTokenRotates is not ("daily" or "always" or "never") ? "refreshTokenRotates must be daily, always or never"
        : HomeCurrency.Length != 3 ? "homeCurrency must be a code of ISO 4217"
        : null;
}
