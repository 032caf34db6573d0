namespace OrderSync.Money;

/// <summary>Collects what is taxed by code and rate while the lines of a document pass by.</summary>
internal struct TaxTable(MinorUnits money, RoundingLevel level, bool inclusive)
{
    private const decimal HundredPercent = 100m;
    private const decimal HighestRate = 1_000m;
    private const int RateDecimals = 6;
    private const long Micro = 1_000_000;

    /// <summary>More taxes than this on one document are a mistake, and finding the row would take long.</summary>
    private const int MostTaxes = 100;

    private Row[] _rows = new Row[2];
    private int _count;

    private struct Row
    {
        public string? Code;
        public decimal Rate;
        public Int128 MicroRate;
        public Int128 Taxable;
        public Int128 Tax;
    }

    /// <summary>Adds an amount and returns its tax.</summary>
    public Int128 Add(string? code, decimal rate, Int128 amount, int line) => Add(ref Find(code, rate, line), amount);

    /// <summary>Adds shipping, which has a rate and no code: to the first tax of that rate.</summary>
    public Int128 AddShipping(decimal rate, Int128 amount)
    {
        Exact.Within(rate, 0, HighestRate, RateDecimals, "shippingTaxRate");
        for (var i = 0; i < _count; i++)
            if (_rows[i].Rate == rate)
                return Add(ref _rows[i], amount);
        return Add(ref New(null, rate, null), amount);
    }

    /// <summary>The collected rows.</summary>
    public readonly TaxRow[] ToRows()
    {
        var rows = new TaxRow[_count];
        for (var i = 0; i < _count; i++)
        {
            ref var row = ref _rows[i];
            var taxBase = inclusive ? row.Taxable - row.Tax : row.Taxable;
            rows[i] = new TaxRow(row.Code, row.Rate, money.ToDecimal(taxBase), money.ToDecimal(row.Tax));
        }

        return rows;
    }

    private readonly Int128 Add(ref Row row, Int128 amount)
    {
        row.Taxable += amount;
        var hundred = (Int128)(HundredPercent * Micro);
        var whole = inclusive ? hundred + row.MicroRate : hundred;

        // By document, each line is given what the one rounding of all lines so far has grown by: the shares always add up to it.
        var tax = level == RoundingLevel.Line
            ? money.Share(amount, row.MicroRate, whole)
            : money.Share(row.Taxable, row.MicroRate, whole) - row.Tax;
        row.Tax += tax;
        return tax;
    }

    private ref Row Find(string? code, decimal rate, int line)
    {
        for (var i = 0; i < _count; i++)
            if (_rows[i].Rate == rate && string.Equals(_rows[i].Code, code, StringComparison.Ordinal))
                return ref _rows[i];
        Exact.Within(rate, 0, HighestRate, RateDecimals, "taxRate", line);
        return ref New(code, rate, line);
    }

    private ref Row New(string? code, decimal rate, int? line)
    {
        if (_count == MostTaxes)
            throw new MoneyOutOfRange("taxCode", $"is one of more than {MostTaxes} on the document", line);
        if (_count == _rows.Length)
            Array.Resize(ref _rows, _count * 2);
        ref var row = ref _rows[_count++];
        row = new Row { Code = code, Rate = rate, MicroRate = (Int128)(rate * Micro) };
        return ref row;
    }
}
