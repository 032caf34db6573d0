using System.CommandLine;
using System.CommandLine.Parsing;

namespace OrderSync.Benchmarks.Pull;

/// <summary>What the command line asked for.</summary>
internal sealed record PullOptions(int Rounds, int Products, int Customers, int Changes, int Empty)
{
    /// <summary>Rows a second of a first download, of those that COPY sends.</summary>
    public double Target => 0.50;

    /// <summary>Of a pull when nothing has changed, 95 of 100, in milliseconds.</summary>
    public double EmptyTarget => 5;
}

/// <summary>The command line of <c>bench pull</c>.</summary>
internal static class PullCommand
{
    private const int Failed = 1;
    private const int Interrupted = 130;

    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "Rounds of each; the medians are shown.", DefaultValueFactory = _ => 7 };
        rounds.Validators.Add(parsed => Within(parsed, 1, 1_000));
        var products = new Option<int>("--products") { Description = "Products of the company.", DefaultValueFactory = _ => 50_000 };
        products.Validators.Add(parsed => Within(parsed, 100, 1_000_000));
        var customers = new Option<int>("--customers") { Description = "Customers of the company.", DefaultValueFactory = _ => 20_000 };
        customers.Validators.Add(parsed => Within(parsed, 100, 1_000_000));
        var changes = new Option<int>("--changes") { Description = "Rows of the feed when nothing has changed.", DefaultValueFactory = _ => 1_000_000 };
        changes.Validators.Add(parsed => Within(parsed, 1_000, 10_000_000));

        var command = new Command("pull", "A device's first download against COPY TO STDOUT of the same rows as JSON, and a pull when nothing has changed.") { rounds, products, customers, changes };
        command.SetAction((parsed, stop) => RunAsync(
            new PullOptions(parsed.GetValue(rounds), parsed.GetValue(products), parsed.GetValue(customers), parsed.GetValue(changes), 2_000), stop));
        return command;
    }

    private static async Task<int> RunAsync(PullOptions options, CancellationToken stop)
    {
        try
        {
            await new PullBench(options).RunAsync(stop);
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped.");
            return Interrupted;
        }
        catch (Exception cannot) when (cannot is InvalidOperationException or TimeoutException or HttpRequestException or Npgsql.NpgsqlException)
        {
            await Console.Error.WriteLineAsync(cannot.Message);
            return Failed;
        }
    }

    private static void Within(OptionResult parsed, int least, int most)
    {
        if (parsed.Tokens.Count == 1 && int.TryParse(parsed.Tokens[0].Value, out var value) && (value < least || value > most))
            parsed.AddError($"{parsed.Option.Name} must be between {least} and {most}.");
    }
}
