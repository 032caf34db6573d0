using Npgsql;
using OrderSync.Contracts.Records;
using OrderSync.Gateway.Balances;
using OrderSync.Gateway.Coupons;
using OrderSync.Gateway.Credit;
using OrderSync.Gateway.Customers;
using OrderSync.Gateway.Lots;
using OrderSync.Gateway.Orders;
using OrderSync.Gateway.Policies;
using OrderSync.Gateway.Sync;
using OrderSync.Money;

namespace OrderSync.Gateway.Sales;

/// <summary>
/// The rules of a finished sale. It has happened, so only what cannot be read as a sale is refused, and a card that only the app's own connection can
/// charge. What nobody could go on with is held for the office; all else goes on and is flagged.
/// </summary>
internal sealed class SaleKind : IRecordKind
{
    private const string IntegratedCard = ReceiptBody.IntegratedCard;
    private static readonly SalesDocument Rules = new(Kinds.Sale);
    private static readonly FigureAttribute Amount = Limits.Figure<TenderBody>(nameof(TenderBody.Amount));

    public string Name => Kinds.Sale;

    public string? Series => "SA-";

    public Type Body => typeof(SaleBody);

    public IReadOnlyList<string> GoesTo => ["erp", "email"];

    public IReadOnlyDictionary<string, (string En, string De)> Sentences => SaleSentences.All;

    public bool Posts => true;

    public IEnumerable<Awaited> Awaits(object body) => SalesDocument.Awaits((SaleBody)body);

    public void Want(PushedRecord record, object body, Wanted wanted)
    {
        var sale = (SaleBody)body;
        SalesDocument.Want(sale, wanted);
        CouponRule.Want(sale.Coupons, wanted);
        wanted.Raising.Add(record.Id!.Value);
    }

    public void Judge(Judged judged, object body, Known known)
    {
        var sale = (SaleBody)body;
        if (WhyUnreadable(sale) is { } unreadable)
        {
            judged.Refuse(unreadable);
            return;
        }

        judged.Reference = sale.Reference is { } reference ? Texts.Fit(reference, 60) : null;
        if (WhyHold(sale) is { } reason)
        {
            judged.Hold(reason);
            return;
        }

        // Sums that differ are what the customer has paid; those that cannot be computed are nobody's.
        var sums = Rules.AddUp(sale, out var totals);
        if (totals is null)
        {
            judged.Hold(sums!);
            return;
        }

        judged.Currency = sale.Currency;
        judged.Total = sale.Totals.Total;
        judged.Lines = [.. sale.Lines.Select((line, i) => new JudgedLine(line.Sku, line.Quantity, line.UnitPrice, line.TaxRate, totals.Lines[i].Amount))];
        if (!CustomerChoice.IsMissing(sale.Customer))
            CustomerChoice.Find(judged, sale.Customer!, known);
        if (judged.Fault is null && (sums ?? WhyTendersDiffer(sale) ?? WhyFlagItem(sale, known) ?? SalesDocument.Outdated(sale, known)) is { } flag)
            judged.Flag(flag);

        // What a company refuses is held here: the goods are gone.
        if (LotRule.WhyNot(sale.Lines, known) is { } lot)
            judged.Apply(Choice.Hold, lot);
        var owed = OwedBy(sale);
        CreditRule.Apply(judged, known, owed, happened: true);
        CouponRule.Apply(judged, known, sale.Coupons, happened: true);
        CreditRule.Note(judged, known, owed);
    }

    /// <summary>What the customer owes by a sale.</summary>
    public static decimal OwedBy(SaleBody sale) => sale.Tenders.Where(tender => tender.Method == SaleBody.OnAccount).Sum(tender => tender.Amount);

    public void Post(NpgsqlBatch batch, Guid company, IReadOnlyList<AcceptedRecord> rows) => CustomerEntries.Add(batch, company, [.. rows.SelectMany(row =>
        row.CustomerId is not { } customer ? [] : ((SaleBody)row.Body).Tenders.Index().Where(tender => tender.Item.Method == SaleBody.OnAccount)
            .Select(tender => new CustomerEntry(row.Id, tender.Index, customer, Kinds.Sale, tender.Item.Amount, ((SaleBody)row.Body).Currency, row.CapturedAt)))]);

    private static Fault? WhyUnreadable(SaleBody sale)
    {
        if (sale.Lines is null || sale.Lines.Any(line => line is null))
            return new Fault("record.unreadable", "lines");
        if (sale.Tenders is null || sale.Tenders.Any(tender => tender is null))
            return new Fault("record.unreadable", "tenders");
        if (sale.Totals is null)
            return new Fault("record.unreadable", "totals");
        return sale.Tenders.Index().Where(tender => tender.Item.Method == IntegratedCard).Select(tender => new Fault("sale.needsConnection", $"tenders[{Figures.Text(tender.Index)}].method")).FirstOrDefault();
    }

    private static Fault? WhyHold(SaleBody sale)
    {
        if (Rules.WhyNotHead(sale) is { } head)
            return head;
        foreach (var (i, line) in sale.Lines.Index())
            if ((line.Sku is null ? new Fault("record.unreadable", $"lines[{Figures.Text(i)}].sku") : SalesDocument.WhyNotFigures(line, i)) is { } fault)
                return fault;
        var decimals = Currencies.Decimals(sale.Currency)!.Value;
        if (Math.Abs(sale.Totals.Total) > 1e12m || decimal.Round(sale.Totals.Total, 5) != sale.Totals.Total)
            return new Fault("sale.amount.invalid", "totals.total");
        foreach (var (i, tender) in sale.Tenders.Index())
            if (!Limits.Allows<TenderBody>(nameof(TenderBody.Method), tender.Method) || !Amount.Takes(tender.Amount) || decimal.Round(tender.Amount, decimals) != tender.Amount)
                return new Fault("sale.tender", $"tenders[{Figures.Text(i)}]", new Dictionary<string, string> { ["line"] = Figures.Text(i + 1) });
        return CustomerChoice.IsMissing(sale.Customer) && sale.Tenders.Any(tender => tender.Method is SaleBody.OnAccount or SaleBody.LayBy) ? new Fault("sale.customer", "customer") : null;
    }

    private static Fault? WhyTendersDiffer(SaleBody sale)
    {
        var sum = sale.Tenders.Sum(tender => tender.Amount);
        if (sum != sale.Totals.Total)
            return new Fault("sale.tenders", "tenders", new Dictionary<string, string> { ["sum"] = Figures.Text(sum), ["total"] = Figures.Text(sale.Totals.Total), ["currency"] = sale.Currency });
        var paid = sale.Tenders.Where(tender => tender.Method != SaleBody.LayBy).Sum(tender => tender.Amount);
        return sale.Tenders.Any(tender => tender.Method == SaleBody.LayBy && (tender.DueDate is null || tender.Deposit is null || tender.Deposit > paid))
            ? new Fault("sale.layBy", "tenders")
            : null;
    }

    // It is sold and gone: whether it should have been is for the office to see.
    private static Fault? WhyFlagItem(SaleBody sale, Known known)
    {
        foreach (var (i, line) in sale.Lines.Index())
        {
            var code = !known.Items.TryGetValue(line.Sku, out var item) ? "sale.item.unknown" : item.Active ? null : "sale.item.inactive";
            if (code is not null)
                return new Fault(code, $"lines[{Figures.Text(i)}].sku", new Dictionary<string, string> { ["line"] = Figures.Text(i + 1), ["sku"] = line.Sku });
        }

        return null;
    }
}
