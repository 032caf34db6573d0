using System.CommandLine;

namespace OrderSync.Benchmarks.Calls;

/// <summary>The command line of <c>bench calls</c>.</summary>
internal static class CallsCommand
{
    private const int Failed = 1;
    private const int Interrupted = 130;

    public static Command Create()
    {
        var seconds = new Option<int>("--seconds") { Description = "How long each measurement takes.", DefaultValueFactory = _ => 10 };
        var command = new Command("calls", "What the two calls cost that devices make most: a probe of the line, and a sync in which nothing is new.") { seconds };
        command.SetAction(async (parsed, stop) =>
        {
            try
            {
                await new CallsBench(TimeSpan.FromSeconds(Math.Clamp(parsed.GetValue(seconds), 1, 600))).RunAsync(stop);
                return 0;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                await Console.Error.WriteLineAsync("Stopped.");
                return Interrupted;
            }
            catch (Exception cannot) when (cannot is InvalidOperationException or TimeoutException or HttpRequestException or IOException or Npgsql.NpgsqlException)
            {
                await Console.Error.WriteLineAsync(cannot.Message);
                return Failed;
            }
        });
        return command;
    }
}
