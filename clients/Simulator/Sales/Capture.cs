using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrderSync.Contracts;
using OrderSync.Contracts.Records;
using OrderSync.Money;
using OrderSync.Simulator.Fleet;
using OrderSync.Simulator.Office;

namespace OrderSync.Simulator.Sales;

/// <summary>
/// What devices would have captured. The same file gives the same bytes every time, on every machine: a second replay is all duplicates.
/// </summary>
internal sealed class Capture
{
    // A customer occurs in many files, so nothing in its record may depend on the file: one time of capture for all.
    private static readonly DateTimeOffset CustomersCapturedAt = new(2019, 1, 1, 9, 0, 0, TimeSpan.FromHours(-5));
    private static readonly TimeOnly OrdersCapturedAt = new(9, 0);
    private static readonly TimeSpan Offset = TimeSpan.FromHours(-5);
    private const string Unit = "pcs";

    private readonly RoundingPolicy _policy;
    private readonly string _currency;

    private Capture(RoundingPolicy policy, string currency) => (_policy, _currency) = (policy, currency);

    public List<CapturedRecord> Customers { get; } = [];

    public List<CapturedRecord> Orders { get; } = [];

    /// <summary>The file's items; the last price in the file is the list price.</summary>
    public Dictionary<string, Product> Items { get; } = [];

    /// <summary>How many lines have which tax rate.</summary>
    public SortedDictionary<decimal, int> Rates { get; } = [];

    /// <summary>Lines whose tax no round rate explains, in words.</summary>
    public List<string> OddRates { get; } = [];

    /// <summary>The sum of the orders' totals.</summary>
    public decimal Total { get; private set; }

    public int Lines { get; private set; }

    public DateOnly From { get; private set; } = DateOnly.MaxValue;

    public DateOnly To { get; private set; } = DateOnly.MinValue;

    public static Capture Of(IReadOnlyList<IReadOnlyList<SalesLine>> sales, RoundingLevel level, string currency, Tie tie = Tie.HalfUp)
    {
        var capture = new Capture(new RoundingPolicy(level, tie), currency);
        var decimals = sales.SelectMany(order => order).Max(line => (int)line.TaxAmount.Scale);
        var known = new HashSet<Guid>();
        for (var i = 0; i < sales.Count; i++)
        {
            var first = sales[i][0];
            var customer = NameBasedId.Customer(first.Email);
            if (known.Add(customer))
                capture.Customers.Add(Customer(customer, first));
            capture.Orders.Add(capture.Order(sales[i], customer, i + 1, decimals));
            capture.From = first.Date < capture.From ? first.Date : capture.From;
            capture.To = first.Date > capture.To ? first.Date : capture.To;
        }

        return capture;
    }

    /// <summary>The stock-keeping unit of an item name.</summary>
    public static string Sku(string item) => "SKU-" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(item)).AsSpan(0, 4));

    private static CapturedRecord Customer(Guid id, SalesLine line)
    {
        var body = new CustomerBody(line.Customer, null, null, line.Email, null, null, null, null, null, null, null, null);
        var seq = BitConverter.ToUInt32(id.ToByteArray(), 0) + 1L;
        return Record(Kinds.Customer, id, line.Email, seq, CustomersCapturedAt, null, body);
    }

    private CapturedRecord Order(IReadOnlyList<SalesLine> sold, Guid customer, int seq, int taxDecimals)
    {
        var first = sold[0];
        var lines = sold.Select(line => Line(line, taxDecimals)).ToList();
        var totals = Totals(first, lines);
        Total += totals.Total;
        Lines += lines.Count;

        var body = new OrderBody(
            first.Order, new CustomerReference(customer, null, null), _currency, false,
            new TaxRounding(_policy.Level == RoundingLevel.Line ? "line" : "document", _policy.Tie == Tie.HalfUp ? "halfUp" : "halfEven"),
            lines, null, 0, 0, new OrderTotals(totals.Subtotal, totals.Discount, totals.Tax, totals.Total),
            null, null, null, null, null, null, null);
        return Record(
            Kinds.Order, NameBasedId.Order(first.Order, first.Email), first.Order, seq,
            new DateTimeOffset(first.Date, OrdersCapturedAt, Offset), [customer], body);
    }

    private OrderLine Line(SalesLine line, int taxDecimals)
    {
        var (rate, explains) = TaxRate.Of(line.Quantity * line.UnitPrice, line.TaxAmount, taxDecimals);
        if (!explains)
            OddRates.Add(FormattableString.Invariant(
                $"row {line.Row}: tax {line.TaxAmount} on {line.Quantity} × {line.UnitPrice} is not a round rate; taken as {rate} %"));
        Rates[rate] = Rates.GetValueOrDefault(rate) + 1;

        var sku = Sku(line.Item);
        Items[sku] = new Product(sku, line.Item, Unit, line.UnitPrice, TaxCode(rate));
        return new OrderLine(sku, line.Item, line.Quantity, Unit, line.UnitPrice, null, TaxCode(rate), rate, null);
    }

    /// <summary>The code of the tax with this rate.</summary>
    public static string TaxCode(decimal rate) => FormattableString.Invariant($"T{rate:0.###}");

    private Totals Totals(SalesLine first, List<OrderLine> lines)
    {
        var input = lines.Select(l => new LineInput(l.Quantity, l.UnitPrice, Discount.None, l.TaxCode, l.TaxRate)).ToList();
        try
        {
            return DocumentTotals.Compute(new DocumentInput(_currency, input, Discount.None, 0, 0, false), _policy);
        }
        catch (MoneyOutOfRange trouble)
        {
            throw new CannotReplay($"Order {first.Order} (row {first.Row}) cannot be computed. {trouble.Message}");
        }
    }

    private static CapturedRecord Record<TBody>(
        string kind, Guid id, string name, long seq, DateTimeOffset capturedAt, IReadOnlyList<Guid>? dependsOn, TBody body)
    {
        var envelope = new RecordEnvelope(
            kind, id, 1, 1, seq, capturedAt, dependsOn, JsonSerializer.SerializeToElement(body, ContractJson.Options));
        return new CapturedRecord(kind, id, name, dependsOn?[0] ?? id, JsonSerializer.SerializeToUtf8Bytes(envelope, ContractJson.Options));
    }
}
