using System.CommandLine;
using System.CommandLine.Parsing;

namespace OrderSync.Benchmarks.Push;

/// <summary>What the command line asked for.</summary>
internal sealed record PushOptions(IReadOnlyList<int> Clients, int Rounds, double Seconds, int? Stored)
{
    public double Target => 0.60;
}

/// <summary>The command line of <c>bench push</c>.</summary>
internal static class PushCommand
{
    private const int Failed = 1;
    private const int Interrupted = 130;

    public static Command Create()
    {
        var clients = new Option<int[]>("--clients")
        {
            Description = "Numbers of clients that push at once, such as 1,2,4,8.",
            DefaultValueFactory = _ => [1, 2, 4, 8],
            CustomParser = NumbersOf,
        };
        var rounds = new Option<int>("--rounds") { Description = "Rounds of each; the medians are shown.", DefaultValueFactory = _ => 7 };
        rounds.Validators.Add(parsed => Within(parsed, 1, 1_000));
        var seconds = new Option<int>("--seconds") { Description = "About how long a round takes.", DefaultValueFactory = _ => 2 };
        seconds.Validators.Add(parsed => Within(parsed, 1, 600));
        var full = new Option<bool>("--full") { Description = "15 rounds of 5 seconds." };
        var stored = new Option<int?>("--stored") { Description = "Compares a database that holds so many orders with one that holds 10,000, such as 1000000." };
        stored.Validators.Add(parsed => Within(parsed, 10_000, 10_000_000));

        var command = new Command("push", "Orders with 5 lines, 100 a request: stored by the gateway, against the same rows put straight into the tables.") { clients, rounds, seconds, full, stored };
        command.SetAction((parsed, stop) => RunAsync(
            new PushOptions(
                parsed.GetRequiredValue(clients), parsed.GetValue(full) ? 15 : parsed.GetValue(rounds), parsed.GetValue(full) ? 5 : parsed.GetValue(seconds), parsed.GetValue(stored)),
            stop));
        return command;
    }

    private static async Task<int> RunAsync(PushOptions options, CancellationToken stop)
    {
        try
        {
            await (options.Stored is null ? new PushBench(options).RunAsync(stop) : new GrowthBench(options).RunAsync(stop));
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

    private static int[] NumbersOf(ArgumentResult parsed)
    {
        var numbers = new List<int>();
        foreach (var text in parsed.Tokens.SelectMany(token => token.Value.Split(',')))
        {
            if (int.TryParse(text, out var number) && number is >= 1 and <= 24)
                numbers.Add(number);
            else
                parsed.AddError($"--clients takes numbers from 1 to 24 with commas between them; \"{text}\" is none.");
        }

        return [.. numbers];
    }

    private static void Within(OptionResult parsed, int least, int most)
    {
        if (parsed.Tokens.Count == 1 && int.TryParse(parsed.Tokens[0].Value, out var value) && (value < least || value > most))
            parsed.AddError($"{parsed.Option.Name} must be between {least} and {most}.");
    }
}
