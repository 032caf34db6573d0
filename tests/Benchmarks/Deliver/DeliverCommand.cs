using System.CommandLine;
using System.CommandLine.Parsing;

namespace OrderSync.Benchmarks.Deliver;

/// <summary>What the command line asked for.</summary>
internal sealed record DeliverOptions(int Rounds, int Deliveries)
{
    /// <summary>Of the ceiling that writes the same rows, see docs/decisions/0012.</summary>
    public double Target => 0.50;
}

/// <summary>The command line of <c>bench deliver</c>.</summary>
internal static class DeliverCommand
{
    private const int Failed = 1;
    private const int Interrupted = 130;

    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "Rounds of each; the medians are shown.", DefaultValueFactory = _ => 7 };
        rounds.Validators.Add(parsed => Within(parsed, 1, 1_000));
        var deliveries = new Option<int>("--deliveries") { Description = "Deliveries in a round.", DefaultValueFactory = _ => 5_000 };
        deliveries.Validators.Add(parsed => Within(parsed, 100, 1_000_000));
        var full = new Option<bool>("--full") { Description = "15 rounds of 20,000 deliveries." };

        var command = new Command("deliver", "Orders with 5 lines from the gateway's store to the rows of a connector's ledger, against bare MassTransit of the same messages, without and with the same rows.")
        {
            rounds, deliveries, full,
        };
        command.SetAction((parsed, stop) => RunAsync(
            parsed.GetValue(full) ? new DeliverOptions(15, 20_000) : new DeliverOptions(parsed.GetValue(rounds), parsed.GetValue(deliveries)), stop));
        return command;
    }

    private static async Task<int> RunAsync(DeliverOptions options, CancellationToken stop)
    {
        try
        {
            await new DeliverBench(options).RunAsync(stop);
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
