using System.Globalization;
using CsvHelper;

namespace OrderSync.Simulator.Sales;

/// <summary>Reads a file of sales, one row for each order line. Rows of an order need not stand together.</summary>
internal static class SalesFile
{
    private const int ProblemsShown = 10;
    private const string OrderColumn = "SalesOrderNumber";
    private const string LineColumn = "SalesOrderLineNumber";
    private const string DateColumn = "OrderDate";
    private const string CustomerColumn = "CustomerName";
    private const string EmailColumn = "EmailAddress";
    private const string ItemColumn = "Item";
    private const string QuantityColumn = "Quantity";
    private const string PriceColumn = "UnitPrice";
    private const string TaxColumn = "TaxAmount";

    public static IReadOnlyList<string> Columns { get; } =
        [OrderColumn, LineColumn, DateColumn, CustomerColumn, EmailColumn, ItemColumn, QuantityColumn, PriceColumn, TaxColumn];

    /// <summary>The lines of the first so many orders, grouped by order number and customer, in the file's order.</summary>
    public static IReadOnlyList<IReadOnlyList<SalesLine>> Read(string path, int limit = int.MaxValue)
    {
        if (!File.Exists(path))
            throw new CannotReplay($"There is no file {path}.");
        using var reader = new StreamReader(path);
        return Read(reader, Path.GetFileName(path), limit);
    }

    /// <summary>The same from text.</summary>
    public static IReadOnlyList<IReadOnlyList<SalesLine>> Read(TextReader text, string name, int limit = int.MaxValue)
    {
        try
        {
            var options = CsvReaderOptions.Default with { TrackLineNumbers = true, MalformedData = CsvMalformedDataHandling.Throw };
            using var csv = CsvReader.Create(text, options, leaveOpen: true);
            return Read(csv, name, limit);
        }
        catch (CsvFormatException malformed)
        {
            throw new CannotReplay($"{name} is not a CSV file: {malformed.Message}");
        }
    }

    private static List<List<SalesLine>> Read(CsvReader csv, string name, int limit)
    {
        csv.ReadHeader();
        var missing = Columns.Except(csv.Headers).ToList();
        if (missing.Count > 0)
            throw new CannotReplay($"{name} has no column {string.Join(", ", missing)}.");

        var orders = new Dictionary<(string, string), List<SalesLine>>();
        var inOrder = new List<List<SalesLine>>();
        var problems = new List<string>();
        while (csv.Read())
        {
            if (new Fields(csv, problems).Line() is not { } line)
                continue;
            if (!orders.TryGetValue((line.Order, line.Email), out var lines))
            {
                orders.Add((line.Order, line.Email), lines = []);
                if (inOrder.Count < limit)
                    inOrder.Add(lines);
            }

            lines.Add(line);
        }

        if (problems.Count > 0)
            throw new CannotReplay(
                $"{name} cannot be read:\n  " + string.Join("\n  ", problems.Take(ProblemsShown))
                + (problems.Count > ProblemsShown ? $"\n  and {problems.Count - ProblemsShown} more" : ""));
        if (inOrder.Count == 0)
            throw new CannotReplay($"{name} has no orders.");
        foreach (var lines in inOrder)
            lines.Sort((one, other) => one.Line.CompareTo(other.Line));
        return inOrder;
    }

    /// <summary>Takes one row apart and says what is wrong with it.</summary>
    private sealed class Fields(CsvReader csv, List<string> problems)
    {
        private bool _bad;

        public SalesLine? Line()
        {
            var line = new SalesLine(
                (int)csv.LineNumber,
                Text(OrderColumn),
                (int)Number(LineColumn, 0, int.MaxValue),
                Date(),
                Text(CustomerColumn),
                Text(EmailColumn).ToLowerInvariant(),
                Text(ItemColumn),
                Number(QuantityColumn),
                Number(PriceColumn),
                Number(TaxColumn));
            return _bad ? null : line;
        }

        private string Text(string column)
        {
            var text = csv.GetString(column).Trim();
            return text.Length > 0 ? text : Bad(column, "is empty", "");
        }

        private decimal Number(string column, decimal least = -1_000_000_000m, decimal most = 1_000_000_000m)
        {
            const NumberStyles plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
            var text = csv.GetString(column).Trim();
            return decimal.TryParse(text, plain, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
                ? number
                : Bad(column, $"is not a possible number: {text}", 0m);
        }

        private DateOnly Date()
        {
            var text = csv.GetString(DateColumn).Trim();
            return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
                ? date
                : Bad(DateColumn, $"is not a date like 2021-07-31: {text}", default(DateOnly));
        }

        private T Bad<T>(string column, string why, T instead)
        {
            _bad = true;
            problems.Add($"row {csv.LineNumber}: {column} {why}");
            return instead;
        }
    }
}
