using System.Diagnostics;
using System.Globalization;
using OrderSync.Benchmarks.Deliver;
using OrderSync.Benchmarks.Push;
using Spectre.Console;

namespace OrderSync.Benchmarks;

/// <summary>What the benchmark says: a line as it goes, one table at the end.</summary>
internal static class Screen
{
    private const int Wide = 160;
    private static readonly Stopwatch Clock = Stopwatch.StartNew();

    public static void Say(FormattableString text) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Clock.Elapsed.TotalSeconds,6:F0} s  ") + text.ToString(CultureInfo.InvariantCulture));

    public static void Show(IEnumerable<Row> rows)
    {
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = Wide;
        Console.WriteLine("Orders of 5 lines, 100 a request. CPU in seconds per 1,000 orders.");
        var table = new Table();
        foreach (var name in (string[])["clients", "raw/s", "stored/s", "ratio", "p50 ms", "p99 ms", "CPU gateway", "PostgreSQL", "generator", "raw: PostgreSQL", "generator", "memory MB"])
            table.AddColumn(new TableColumn(name).RightAligned());
        foreach (var row in rows)
            table.AddRow(
                Text(row.Clients, "0"), Text(row.Raw, "N0"), Text(row.Stored, "N0"), Text(row.Ratio, "0.00"), Text(row.P50, "0"), Text(row.P99, "0"),
                Text(row.StoredCpu.Gateway, "0.000"), Text(row.StoredCpu.Postgres, "0.000"), Text(row.StoredCpu.Generator, "0.000"),
                Text(row.RawCpu.Postgres, "0.000"), Text(row.RawCpu.Generator, "0.000"), Text(row.PeakMemory, "N0"));
        AnsiConsole.Write(table);
    }

    public static void Show(DeliverRow row)
    {
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = Wide;
        Console.WriteLine("Orders of 5 lines, one message each. CPU in seconds per 1,000 deliveries, reports and acknowledgements included.");
        var table = new Table();
        foreach (var name in (string[])["", "per second", "CPU gateway", "connector", "PostgreSQL", "RabbitMQ", "generator", "all"])
            table.AddColumn(new TableColumn(name).RightAligned());
        Add("bare MassTransit", row.Bare, row.BareCpu);
        Add("with the same rows, put raw", row.Raw, row.RawCpu);
        Add("in the ledger", row.Delivered, row.Cpu);
        AnsiConsole.Write(table);
        Say($"acknowledged and reported: {row.Settled:N0}/s; most memory: gateway {row.GatewayMemory:N0} MB, connector {row.ConnectorMemory:N0} MB");

        void Add(string name, double perSecond, DeliverCpu cpu) => table.AddRow(
            name, Text(perSecond, "N0"), Text(cpu.Gateway, "0.000"), Text(cpu.Connector, "0.000"), Text(cpu.Postgres, "0.000"), Text(cpu.Broker, "0.000"),
            Text(cpu.Generator, "0.000"), Text(cpu.All, "0.000"));
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
