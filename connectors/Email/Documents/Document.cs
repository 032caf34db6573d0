namespace OrderSync.Email.Documents;

/// <summary>Everything that stands on the paper, in words and figures as captured; the template adds nothing and computes nothing.</summary>
internal sealed record Document
{
    /// <summary>What it is: <see cref="OrderSync.Contracts.Records.Kinds"/> order, quote, sale or receipt.</summary>
    public required string Kind { get; init; }

    public required Letterhead From { get; init; }

    /// <summary>Final number given by the server.</summary>
    public required string Number { get; init; }

    /// <summary>The device's own reference, which the customer may have seen before there was a number.</summary>
    public string? Reference { get; init; }

    public int Revision { get; init; } = 1;

    public required DateOnly Date { get; init; }

    /// <summary>Moment of capture; the PDF carries it as its date, so that it is the same document whenever it is printed.</summary>
    public required DateTimeOffset CapturedAt { get; init; }

    public required Party BillTo { get; init; }

    /// <summary>Null when goods go to the billing address.</summary>
    public Party? ShipTo { get; init; }

    public string? CustomerCode { get; init; }

    public string? CustomerTaxNumber { get; init; }

    public string? CustomerReference { get; init; }

    public string? Rep { get; init; }

    public DateOnly? RequestedDate { get; init; }

    public string? PaymentTerms { get; init; }

    /// <summary>Last day of a quote.</summary>
    public DateOnly? ValidUntil { get; init; }

    /// <summary>ISO 4217 code.</summary>
    public required string Currency { get; init; }

    /// <summary>Decimals of the currency: 0, 2 or 3.</summary>
    public required int Decimals { get; init; }

    public bool PricesIncludeTax { get; init; }

    public IReadOnlyList<DocumentLine> Lines { get; init; } = [];

    /// <summary>Tax by rate; empty when the captured tax cannot be split without contradicting it.</summary>
    public IReadOnlyList<DocumentTax> Taxes { get; init; } = [];

    /// <summary>Null for a receipt.</summary>
    public CapturedTotals? Totals { get; init; }

    /// <summary>How a sale was paid; empty for all else.</summary>
    public IReadOnlyList<PaidWith> PaidWith { get; init; } = [];

    /// <summary>What was paid; null for all but receipts.</summary>
    public Payment? Payment { get; init; }

    public string? Notes { get; init; }

    /// <summary>The company's standing words, such as terms of business.</summary>
    public string? Terms { get; init; }

    /// <summary>Lower-case hex SHA-256 of the record's bytes as captured.</summary>
    public required string Sha256 { get; init; }
}

/// <summary>Who sends the document.</summary>
internal sealed record Letterhead(string Name, IReadOnlyList<string> Lines);

/// <summary>A person or company with its address, a line each.</summary>
internal sealed record Party(string Name, IReadOnlyList<string> Lines);

/// <summary>One line. Discount is null where there is none; Amount is after the line's discount.</summary>
internal sealed record DocumentLine(
    string Sku, string? Description, decimal Quantity, string? Unit, decimal UnitPrice, LineDiscount? Discount, decimal TaxRate, decimal Amount, string? Notes);

/// <summary>A line's discount as it was given: percent or amount, one of both.</summary>
internal sealed record LineDiscount(decimal? Percent, decimal? Amount);

/// <summary>Tax of one rate.</summary>
internal sealed record DocumentTax(decimal Rate, decimal Net, decimal Tax);

/// <summary>Totals as captured.</summary>
internal sealed record CapturedTotals(decimal Subtotal, decimal Discount, decimal? DiscountPercent, decimal Shipping, decimal Tax, decimal Total);

/// <summary>Money received: how, and what it pays.</summary>
internal sealed record Payment(decimal Amount, string Method, IReadOnlyList<PaidDocument> Pays, decimal OnAccount);

/// <summary>A way in which a sale was paid, and the last day of what is still to be paid.</summary>
internal sealed record PaidWith(string Method, decimal Amount, DateOnly? Until);

/// <summary>A document and the part of the payment that goes to it.</summary>
internal sealed record PaidDocument(string Name, decimal Amount);
