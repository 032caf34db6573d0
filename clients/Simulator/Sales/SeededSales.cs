using System.Globalization;
using System.Text;

namespace OrderSync.Simulator.Sales;

/// <summary>A file of sales that follows from a seed: the same on every machine.</summary>
internal static class SeededSales
{
    private static readonly decimal[] Rates = [0.08m, 0.20m];

    /// <summary>Writes the file and returns its path. Orders and customers of another seed are others.</summary>
    public static string Write(string folder, int seed, int orders)
    {
        #pragma warning disable CA5394 // Drawn so that a run can be repeated, not to be unpredictable.
        var random = new Random(seed);
        var text = new StringBuilder("SalesOrderNumber,SalesOrderLineNumber,OrderDate,CustomerName,EmailAddress,Item,Quantity,UnitPrice,TaxAmount\n");
        for (var order = 1; order <= orders; order++)
        {
            var customer = random.Next(1 + orders / 3);
            var lines = random.Next(1, 4);
            for (var line = 1; line <= lines; line++)
            {
                var item = random.Next(20);
                var quantity = random.Next(1, 30);
                var price = (500 + item * 137) / 100m;
                text.Append(CultureInfo.InvariantCulture, $"S-{order:D4},{line},2026-09-{1 + order % 28:D2},Customer {customer} of {seed},customer{customer}@shop-{seed}.example,Item {item},{quantity},{price},{quantity * price * Rates[item % 2]:F4}\n");
            }
        }

#pragma warning restore CA5394
        var file = Path.Combine(folder, $"seed-{seed}.csv");
        File.WriteAllText(file, text.ToString());
        return file;
    }
}
