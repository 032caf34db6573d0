using System.Text.Json.Serialization;

namespace OrderSync.ErpSandbox.NetSuite;

/// <summary>How one account behaves. What the fact sheets leave open is a setting here, with the default they name; rules.md lists them.</summary>
internal sealed record NetSuiteSettings
{
    public string CompanyName { get; init; } = "Company";

    /// <summary>The currency of the account.</summary>
    public string Currency { get; init; } = "EUR";

    /// <summary>Whether it has subsidiaries (OneWorld): each customer then names one.</summary>
    public bool OneWorld { get; init; }

    /// <summary>How long an access token lives.</summary>
    public int TokenSeconds { get; init; } = 3600;

    /// <summary>What the token endpoint calls an assertion it does not take: invalid_grant, invalid_request or invalid_client.</summary>
    public string AssertionRefusal { get; init; } = "invalid_grant";

    /// <summary>Calls at once, over all integrations of the account.</summary>
    public int Concurrency { get; init; } = 5;

    /// <summary>Of these, how many other integrations hold all the time.</summary>
    public int ConcurrencyElsewhere { get; init; }

    /// <summary>Calls in 60 seconds; 0 = as many as there are.</summary>
    public int CallsPerMinute { get; init; }

    /// <summary>Calls in 24 hours; 0 = as many as there are.</summary>
    public int CallsPerDay { get; init; }

    /// <summary>How too many calls at once are answered: concurrency (429) or login (401 INVALID_LOGIN).</summary>
    public string OverloadAnswer { get; init; } = "concurrency";

    public string ThrottleTitle { get; init; } = "Bad Request";

    /// <summary>What a 429 says about waiting; 0 = nothing.</summary>
    public int RetryAfterSeconds { get; init; }

    /// <summary>Kinds of record, or suiteql, that the role may not use.</summary>
    public IReadOnlyList<string> Denied { get; init; } = [];

    /// <summary>What that is answered with: 403 (INSUFFICIENT_PERMISSION) or 400 (USER_ERROR).</summary>
    public int PermissionAnswer { get; init; } = 403;

    /// <summary>Whether GET takes eid: in an address.</summary>
    public bool GetByExternalId { get; init; }

    /// <summary>Which characters an external id in an address may have: plain (letters, digits, - and _) or any.</summary>
    public string ExternalIdCharacters { get; init; } = "plain";

    /// <summary>What a PUT does with the lines of a record that is there: add or replace.</summary>
    public string PutLines { get; init; } = "add";

    /// <summary>How undepFunds is spelled: flag (true) or reference ({"id":"T"}).</summary>
    public string UndepFunds { get; init; } = "flag";

    /// <summary>Names of custom fields: custentity_, custbody_, custcol_.</summary>
    public IReadOnlyList<string> CustomFields { get; init; } = [];

    /// <summary>Whether NetSuite numbers customers itself; else a customer is called by its name, which must be new.</summary>
    public bool NumberCustomers { get; init; }

    /// <summary>Whether a document may bring its own number.</summary>
    public bool TranIdOverride { get; init; } = true;

    /// <summary>Whether a number that a document of its kind has already is refused.</summary>
    public bool UniqueTranIds { get; init; }

    /// <summary>The state of an order that says none: A (pending approval) or B (pending fulfilment).</summary>
    public string DefaultOrderStatus { get; init; } = "A";

    /// <summary>line or transaction.</summary>
    public string TaxLevel { get; init; } = "line";

    /// <summary>off (to the nearest), up or down.</summary>
    public string TaxRounding { get; init; } = "off";

    /// <summary>0.01, 0.1, 1, 10 or 100.</summary>
    public decimal TaxPrecision { get; init; } = 0.01m;

    /// <summary>Where the nearest are two: halfUp (away from zero) or halfEven.</summary>
    public string Tie { get; init; } = "halfUp";

    /// <summary>Whether the tax code of a line is taken, and counts before that of the item; else it is refused.</summary>
    public bool LineTaxCodes { get; init; }

    /// <summary>Whether tax is worked out before a discount is taken off.</summary>
    public bool TaxBeforeDiscount { get; init; }

    /// <summary>Whether a discount item among the lines alters what is taxed.</summary>
    public bool DiscountLinesTaxed { get; init; } = true;

    /// <summary>Whether a discount item among the lines may add.</summary>
    public bool PositiveDiscountLines { get; init; }

    /// <summary>Where the odd cent of a discount goes: last, largest or cumulative.</summary>
    public string CentTo { get; init; } = "last";

    public int RateDecimals { get; init; } = 8;

    public int QuantityDecimals { get; init; } = 5;

    /// <summary>What becomes of more decimals: round or refuse.</summary>
    public string ExcessDecimals { get; init; } = "round";

    /// <summary>What becomes of an amount that is sent: kept or recomputed.</summary>
    public string ExplicitAmount { get; init; } = "kept";

    /// <summary>Whether the role may write tax details.</summary>
    public bool TaxOverride { get; init; } = true;

    /// <summary>How far the time of the account is from UTC; SuiteQL speaks it.</summary>
    public int UtcOffsetMinutes { get; init; } = -480;

    /// <summary>How SuiteQL gives an instant: full (with the time) or date.</summary>
    public string QueryTimes { get; init; } = "full";

    /// <summary>How SuiteQL gives figures: text or figures.</summary>
    public string QueryValues { get; init; } = "text";

    /// <summary>After how many rows SuiteQL stops.</summary>
    public int QueryRows { get; init; } = 100_000;

    /// <summary>What the table of stock is called: inventoryitemlocations or aggregateitemlocation.</summary>
    public string StockTable { get; init; } = "inventoryitemlocations";

    /// <summary>Whether a move of stock counts as a change of the item.</summary>
    public bool StockChangesItem { get; init; }

    /// <summary>The time of the account.</summary>
    [JsonIgnore]
    public TimeSpan UtcOffset => TimeSpan.FromMinutes(UtcOffsetMinutes);

    /// <summary>What is wrong with these settings, if anything.</summary>
    public string? Problem() =>
        NotOne(Currency.Length == 3, "currency must be a code of ISO 4217")
        ?? Of("assertionRefusal", AssertionRefusal, "invalid_grant", "invalid_request", "invalid_client")
        ?? Of("overloadAnswer", OverloadAnswer, "concurrency", "login")
        ?? Of("externalIdCharacters", ExternalIdCharacters, "plain", "any")
        ?? Of("putLines", PutLines, "add", "replace")
        ?? Of("undepFunds", UndepFunds, "flag", "reference")
        ?? Of("defaultOrderStatus", DefaultOrderStatus, "A", "B")
        ?? Of("taxLevel", TaxLevel, "line", "transaction")
        ?? Of("taxRounding", TaxRounding, "off", "up", "down")
        ?? Of("tie", Tie, "halfUp", "halfEven")
        ?? Of("centTo", CentTo, "last", "largest", "cumulative")
        ?? Of("excessDecimals", ExcessDecimals, "round", "refuse")
        ?? Of("explicitAmount", ExplicitAmount, "kept", "recomputed")
        ?? Of("queryTimes", QueryTimes, "full", "date")
        ?? Of("queryValues", QueryValues, "text", "figures")
        ?? Of("stockTable", StockTable, "inventoryitemlocations", "aggregateitemlocation")
        ?? NotOne(PermissionAnswer is 400 or 403, "permissionAnswer must be 400 or 403")
        ?? NotOne(TaxPrecision is 0.01m or 0.1m or 1 or 10 or 100, "taxPrecision must be 0.01, 0.1, 1, 10 or 100")
        ?? NotOne(TokenSeconds > 0 && Concurrency > ConcurrencyElsewhere && ConcurrencyElsewhere >= 0 && QueryRows > 0, "tokenSeconds and queryRows must be above 0, concurrency above concurrencyElsewhere")
        ?? NotOne(Math.Abs(UtcOffsetMinutes) <= 840, "utcOffsetMinutes must be between -840 and 840")
        ?? NotOne(CustomFields.All(name => name.StartsWith("custentity_", StringComparison.Ordinal) || name.StartsWith("custbody_", StringComparison.Ordinal) || name.StartsWith("custcol_", StringComparison.Ordinal)),
            "customFields begin with custentity_, custbody_ or custcol_");

    private static string? NotOne(bool good, string problem) => good ? null : problem;

    private static string? Of(string name, string value, params string[] values) => values.Contains(value) ? null : $"{name} must be one of {string.Join(", ", values)}";
}
