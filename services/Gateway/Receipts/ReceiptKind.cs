using System.Globalization;
using Npgsql;
using OrderSync.Contracts.Records;
using OrderSync.Gateway.Balances;
using OrderSync.Gateway.Customers;
using OrderSync.Gateway.Sync;
using OrderSync.Money;

namespace OrderSync.Gateway.Receipts;

/// <summary>
/// The rules of money received. It has happened, so only what cannot be read as a payment is refused, and a card that only the app's own
/// connection can charge; all else is stored and held for the office.
/// </summary>
internal sealed class ReceiptKind : IRecordKind
{
    private static readonly FigureAttribute Amount = Limits.Figure<ReceiptBody>(nameof(ReceiptBody.Amount));
    private static readonly FigureAttribute Part = Limits.Figure<ReceiptAllocation>(nameof(ReceiptAllocation.Amount));

    public string Name => Kinds.Receipt;

    public string? Series => "RC-";

    public Type Body => typeof(ReceiptBody);

    public IReadOnlyList<string> GoesTo => ["erp", "email"];

    public IReadOnlyDictionary<string, (string En, string De)> Sentences => ReceiptSentences.All;

    public bool Posts => true;

    public IEnumerable<Awaited> Awaits(object body)
    {
        var receipt = (ReceiptBody)body;
        return CustomerChoice.Awaits(receipt.Customer).Concat((receipt.Allocations ?? [])
            .Where(part => part?.Order is { } order && order != Guid.Empty)
            .Select(part => new Awaited(part.Order!.Value, "allocations", "receipt.orderUnknown", "receipt.orderRefused")));
    }

    public void Want(PushedRecord record, object body, Wanted wanted) => CustomerChoice.Want(((ReceiptBody)body).Customer, wanted);

    public void Judge(Judged judged, object body, Known known)
    {
        var receipt = (ReceiptBody)body;
        if (WhyUnreadable(receipt) is { } unreadable)
        {
            judged.Refuse(unreadable);
            return;
        }

        judged.Reference = receipt.Reference is { } reference ? Texts.Fit(reference, 60) : null;
        judged.Currency = receipt.Currency;
        judged.Total = receipt.Amount;
        judged.Allocations = [.. (receipt.Allocations ?? []).Where(part => Part.Takes(part.Amount)).Select(part => new JudgedAllocation(part.Order, part.Document is { } document ? Texts.Fit(document, 60) : null, part.Amount))];
        if (WhyHold(receipt) is { } reason)
            judged.Hold(reason);
        else
            CustomerChoice.Find(judged, receipt.Customer!, known);
    }

    public void Post(NpgsqlBatch batch, Guid company, IReadOnlyList<AcceptedRecord> rows) => CustomerEntries.Add(batch, company, [.. rows
        .Where(row => row.CustomerId is not null)
        .Select(row => new CustomerEntry(row.Id, 0, row.CustomerId!.Value, Kinds.Receipt, -((ReceiptBody)row.Body).Amount, ((ReceiptBody)row.Body).Currency, row.CapturedAt))]);

    private static Fault? WhyUnreadable(ReceiptBody receipt)
    {
        if (receipt.Allocations?.Any(part => part is null) == true)
            return new Fault("record.unreadable", "allocations");
        if (!Amount.Takes(receipt.Amount))
            return new Fault("receipt.amount", "amount");
        if (receipt.Currency is null || Currencies.Decimals(receipt.Currency) is null)
            return new Fault("receipt.currency", "currency", new Dictionary<string, string> { ["currency"] = receipt.Currency ?? "" });
        return receipt.Method == ReceiptBody.IntegratedCard ? new Fault("receipt.needsConnection", "method") : null;
    }

    private static Fault? WhyHold(ReceiptBody receipt)
    {
        if (Limits.WhyNot(receipt) is { } text)
            return text;
        if (CustomerChoice.IsMissing(receipt.Customer))
            return new Fault("receipt.customer", "customer");
        if (!Limits.Allows<ReceiptBody>(nameof(ReceiptBody.Method), receipt.Method))
            return new Fault("receipt.method", "method", new Dictionary<string, string> { ["method"] = receipt.Method ?? "" });
        var decimals = Currencies.Decimals(receipt.Currency)!.Value;
        if (decimal.Round(receipt.Amount, decimals) != receipt.Amount)
            return new Fault("receipt.decimals", "amount", new Dictionary<string, string> { ["amount"] = Text(receipt.Amount), ["currency"] = receipt.Currency, ["decimals"] = Text(decimals) });
        return WhyHold(receipt, receipt.Allocations ?? [], decimals);
    }

    private static Fault? WhyHold(ReceiptBody receipt, IReadOnlyList<ReceiptAllocation> parts, int decimals)
    {
        for (var i = 0; i < parts.Count; i++)
        {
            var namesOne = (parts[i].Order is { } order && order != Guid.Empty) != (parts[i].Document is { Length: > 0 });
            if (!namesOne || !Part.Takes(parts[i].Amount) || decimal.Round(parts[i].Amount, decimals) != parts[i].Amount)
                return new Fault("receipt.allocation", $"allocations[{Text(i)}]", new Dictionary<string, string> { ["line"] = Text(i + 1) });
        }

        var sum = parts.Sum(part => part.Amount);
        return sum > receipt.Amount
            ? new Fault("receipt.allocations", "allocations", new Dictionary<string, string> { ["sum"] = Text(sum), ["amount"] = Text(receipt.Amount), ["currency"] = receipt.Currency })
            : null;
    }

    private static string Text(decimal value) => (value / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);
}
