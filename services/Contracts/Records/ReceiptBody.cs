using System.ComponentModel.DataAnnotations;

namespace OrderSync.Contracts.Records;

/// <summary>Body of a receipt, schema 1: money that a customer has paid.</summary>
/// <param name="Reference">The device's own reference.</param>
/// <param name="Customer">Who paid.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Amount">More than 0, with the currency's decimals.</param>
/// <param name="Method">How it was paid: "cash", "cheque", "bankTransfer", "externalTerminal" or "other".</param>
/// <param name="ReceivedOn">Day of the payment; null = the day it was captured.</param>
/// <param name="Allocations">What it pays for; what is not allocated is on account.</param>
/// <param name="Notes">Free text.</param>
/// <param name="CustomFields">Names and values the company defined.</param>
/// <param name="AttachmentsExpected">How many files of it, such as a photo of the cheque, are still to come.</param>
public sealed record ReceiptBody(
    [property: MaxLength(60)] string? Reference,
    [property: Required] CustomerReference? Customer,
    [property: Required, StringLength(3, MinimumLength = 3)] string Currency,
    [property: Required, Figure(0, 1e12, AboveLeast = true)] decimal Amount,
    [property: Required, AllowedValues("cash", "cheque", "bankTransfer", "externalTerminal", "other")] string Method,
    DateOnly? ReceivedOn,
    [property: MaxLength(1_000)] IReadOnlyList<ReceiptAllocation>? Allocations,
    [property: MaxLength(10_000)] string? Notes,
    [property: MaxLength(200)] IReadOnlyDictionary<string, string>? CustomFields,
    [property: Range(0, 100)] int? AttachmentsExpected = null)
{
    /// <summary>A card charged by the app itself: that needs a connection, so it never comes as a record.</summary>
    public const string IntegratedCard = "integratedCard";
}

/// <summary>A part of a receipt and what it pays: an order or another document, one of both.</summary>
/// <param name="Order">Record id of an order.</param>
/// <param name="Document">Number of an invoice or order as people write it.</param>
/// <param name="Amount">More than 0, in the receipt's currency.</param>
public sealed record ReceiptAllocation(
    Guid? Order, [property: MaxLength(60)] string? Document, [property: Required, Figure(0, 1e12, AboveLeast = true)] decimal Amount);
