using System.Runtime.InteropServices;
using Aspire.Hosting;
using OrderSync.AppHost.Local.Running;

namespace OrderSync.AppHost.Local.Verbs;

/// <summary>Finds the verb for the words of the command line.</summary>
internal static class CommandLine
{
    private const int Usage = 2;

    /// <summary>Read by Program.cs: the list of parts has one more.</summary>
    private const string WithTryton = "--with-tryton";

    public static async Task<int> RunAsync(DistributedApplicationModel model, string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Cancel);
        try
        {
            var folder = StateFolder.Find();
            var words = args.Where(word => !word.StartsWith('-')).ToList();
            var options = args.Where(word => word.StartsWith('-')).ToHashSet();
            var verb = words.FirstOrDefault() ?? "up";
            var rest = words.Skip(1).ToList();
            return (verb, rest.Count) switch
            {
                ("up", _) when Only(options, "--detach", "-d", WithTryton) =>
                    await new Up(model, folder, rest, [.. options.Where(option => option == WithTryton)]).RunAsync(options.Overlaps(["--detach", "-d"]), stop.Token),
                ("supervise", _) when Only(options, WithTryton) => await SuperviseAsync(model, folder, rest, stop.Token),
                ("down", 0) when Only(options, "--purge") => await Down.RunAsync(folder, options.Count > 0),
                ("status", 0) when Only(options, "--watch", "-w", "--json") =>
                    await ShowStatus.RunAsync(folder, options.Contains("--json"), options.Contains("--watch") || options.Contains("-w"), stop.Token),
                ("logs", <= 1) when Only(options, "-f", "--follow") => await ShowLogs.RunAsync(folder, rest.FirstOrDefault(), options.Count > 0, stop.Token),
                ("epoch", 0) when Only(options, "--new", "--help", "-h") => await BeginEpoch.RunAsync(model, folder, options, stop.Token),
                ("env", 1) when Only(options, WithTryton) => ShowEnvironment.Run(model, folder, rest[0]),
                _ => Wrong(string.Join(' ', args)),
            };
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 130;
        }
        catch (Exception failure) when (failure is InvalidOperationException or DistributedApplicationException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }

        void Cancel(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task<int> SuperviseAsync(DistributedApplicationModel model, string folder, List<string> parts, CancellationToken stop)
    {
        using var supervisor = new Supervisor(model, new Machine(folder), parts);
        return await supervisor.RunAsync(stop);
    }

    private static bool Only(HashSet<string> options, params string[] known) => options.IsSubsetOf(known);

    private static int Wrong(string words)
    {
        Console.Error.WriteLine($"\"{words}\" is not understood. See ./ordersync --help");
        return Usage;
    }
}
