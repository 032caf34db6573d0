using OrderSync.Contracts.Records;

namespace OrderSync.Device;

/// <summary>Money received from a customer.</summary>
/// <param name="Customer">Who paid.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Amount">More than 0.</param>
/// <param name="Method">"cash", "cheque", "bankTransfer", "externalTerminal" or "other".</param>
public sealed record NewReceipt(CustomerReference Customer, string Currency, decimal Amount, string Method) : NewRecord
{
    /// <summary>Money of a customer known by its id.</summary>
    /// <param name="customer">The customer's id.</param>
    /// <param name="currency">ISO 4217 code.</param>
    /// <param name="amount">More than 0.</param>
    /// <param name="method">"cash", "cheque", "bankTransfer", "externalTerminal" or "other".</param>
    public NewReceipt(Guid customer, string currency, decimal amount, string method) : this(new CustomerReference(customer, null, null), currency, amount, method)
    {
    }

    /// <summary>The device's own reference.</summary>
    public string? Reference { get; init; }

    /// <summary>Day of the payment; null = the day of capture.</summary>
    public DateOnly? ReceivedOn { get; init; }

    /// <summary>What it pays for; the rest is on account.</summary>
    public IReadOnlyList<ReceiptAllocation>? Allocations { get; init; }

    /// <summary>Free text.</summary>
    public string? Notes { get; init; }

    /// <summary>Names and values the company defined.</summary>
    public IReadOnlyDictionary<string, string>? CustomFields { get; init; }

    /// <summary>How many files of it, such as a photo of the cheque, will follow.</summary>
    public int? AttachmentsExpected { get; init; }

    internal override string Kind => Kinds.Receipt;

    internal override IEnumerable<Guid> DependsOn => new[] { Customer.Id }.Concat((Allocations ?? []).Select(part => part.Order)).OfType<Guid>().Distinct();

    internal override object ToBody(TaxRounding rounding) => new ReceiptBody(Reference, Customer, Currency, Amount, Method, ReceivedOn, Allocations, Notes, CustomFields, AttachmentsExpected);

    internal static NewReceipt Of(ReceiptBody body) => new(body.Customer!, body.Currency, body.Amount, body.Method)
    {
        Reference = body.Reference, ReceivedOn = body.ReceivedOn, Allocations = body.Allocations, Notes = body.Notes, CustomFields = body.CustomFields,
        AttachmentsExpected = body.AttachmentsExpected,
    };
}
