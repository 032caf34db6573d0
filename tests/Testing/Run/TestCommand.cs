using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using OrderSync.AppHost.Local;
using OrderSync.Testing.Proof;

namespace OrderSync.Testing.Run;

/// <summary>`test [--ci|--full] [--proof] [--filter X]`: builds once, starts the servers once, runs every test project, ends with one line of counts.</summary>
internal static class TestCommand
{
    private const string Usage = """
        Usage: test [--ci | --full] [--proof] [--filter EXPRESSION]

                     all but the costly proofs: minutes, for the time before a commit
          --ci       the tests that CI runs: all but the longest
          --full     all tests, with the counts of the feature list: hours
          --proof    the tests that CI runs, and writes docs/proof.md from what they came to
          --filter   only these tests, as in `dotnet test --filter`: FullyQualifiedName~Relay

        """;

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (!TryRead(arguments, out var full, out var ci, out var proof, out var filter))
        {
            Console.Error.Write(Usage);
            return 2;
        }

        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Cancel);
        try
        {
            return await RunAsync(full, proof, tryton: full || ci || proof, filter ?? (full ? null : ci || proof ? InFullTrait.LeftOut : InCiTrait.LeftOut), stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Console.Error.WriteLine("Stopped.");
            return 130;
        }
        catch (Exception cannot) when (cannot is InvalidOperationException or TimeoutException)
        {
            Console.Error.WriteLine(cannot.Message);
            return 1;
        }
        finally
        {
            await TestFolder.RemoveAsync();
        }

        void Cancel(PosixSignalContext signal)
        {
            // We stop the servers ourselves and leave by the normal way.
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task<int> RunAsync(bool full, bool proof, bool tryton, string? filter, CancellationToken stop)
    {
        await InstallAsync(tryton, stop);
        var projects = TestProject.All();
        var servers = StartServersAsync(stop);
        var template = tryton ? MakeTrytonAsync(servers) : null;
        await TimedAsync("build", BuildAsync(stop));
        var environment = await TimedAsync("servers", servers);
        if (template is not null)
            await TimedAsync("tryton", template);
        if (full)
            environment[Servers.FullVariable] = "1";

        var limit = full ? TimeSpan.FromHours(3) : TimeSpan.FromMinutes(18);
        var results = await RunAsync(projects, environment, filter, limit, stop);
        if (SecondTry.IsFor(results))
            results = await TryAgainAsync(projects, results, environment, limit, stop);
        var (passed, failed, skipped) = (results.Sum(result => result.Passed), results.Sum(result => result.Failures.Count), results.Sum(result => result.Skipped));
        if (proof)
            await File.WriteAllTextAsync(ProofPage.File, ProofPage.Of(results.SelectMany(result => result.Names), results.SelectMany(result => result.Failures.Select(failure => failure.Test))), stop);
        Console.WriteLine($"{passed} passed, {failed} failed, {skipped} skipped");
        return failed == 0 && passed > 0 ? 0 : 1;
    }

    private static async Task<TestResults[]> TryAgainAsync(
        List<TestProject> projects, TestResults[] first, IReadOnlyDictionary<string, string> environment, TimeSpan limit, CancellationToken stop)
    {
        var results = first.ToArray();
        for (var i = 0; i < projects.Count; i++)
        {
            if (first[i].Failures.Count == 0)
                continue;
            var started = Stopwatch.StartNew();
            var again = await projects[i].RunAsync(environment, SecondTry.FilterOf(first[i]), limit, stop, ".again");
            Print($"{projects[i].Name}, again", again, started.Elapsed);
            (results[i], var unsteady) = SecondTry.Judge(first[i], again);
            foreach (var test in unsteady)
                Console.WriteLine($"{Environment.NewLine}UNSTEADY {test}: it passed alone. Mend it: it failed beside others, for the reason above.{Environment.NewLine}");
        }

        return results;
    }

    /// <summary>Two projects at a time, since three crowd two cores: most of a test's time goes into waiting for servers that it stops and starts.</summary>
    private static async Task<TestResults[]> RunAsync(
        List<TestProject> projects, IReadOnlyDictionary<string, string> environment, string? filter, TimeSpan limit, CancellationToken stop)
    {
        using var turns = new SemaphoreSlim(2);
        return await Task.WhenAll(projects.Select(async project =>
        {
            await turns.WaitAsync(stop);
            try
            {
                var started = Stopwatch.StartNew();
                var result = await project.RunAsync(environment, filter, limit, stop);
                Print(project.Name, result, started.Elapsed);
                return result;
            }
            finally
            {
                turns.Release();
            }
        }));
    }

    private static void Print(string project, TestResults result, TimeSpan took)
    {
        var counts = $"{result.Passed} passed"
            + (result.Failures.Count > 0 ? $", {result.Failures.Count} failed" : "")
            + (result.Skipped > 0 ? $", {result.Skipped} skipped" : "");
        Print(project, counts, took);
        foreach (var (test, message) in result.Failures)
            Console.WriteLine($"{Environment.NewLine}FAILED {test}{Environment.NewLine}{Indented(message)}{Environment.NewLine}");
    }

    /// <summary>The same check as that of `up`, and what tests need beside.</summary>
    private static async Task InstallAsync(bool tryton, CancellationToken stop)
    {
        var missing = Install.Missing(tests: true, tryton);
        if (missing.Count == 0)
            return;
        var started = Stopwatch.StartNew();
        var toDo = await Install.RunAsync(missing, Path.Combine(TestFolder.Path, "install.log"), _ => { }, stop);
        if (toDo is not null)
            throw new InvalidOperationException(toDo);
        Print("install", string.Join(", ", missing), started.Elapsed);
    }

    private static async Task<Dictionary<string, string>> StartServersAsync(CancellationToken stop)
    {
        var (postgres, rabbit, redis, mail) = (Servers.PostgresAsync(), Servers.RabbitAsync(), Servers.RedisAsync(), Servers.MailAsync());
        await Task.WhenAll(postgres, rabbit, redis, mail).WaitAsync(stop);
        return new Dictionary<string, string>
        {
            [Servers.PostgresVariable] = await postgres,
            [Servers.RabbitVariable] = (await rabbit).Broker.OriginalString,
            [Servers.RabbitManagementVariable] = (await rabbit).Management.OriginalString,
            [Servers.RedisVariable] = await redis,
            [Servers.MailVariable] = (await mail).Smtp.OriginalString,
            [Servers.MailPageVariable] = (await mail).Page.OriginalString,
        };
    }

    // While the build runs: where this machine has none yet its database takes a minute or two.
    private static async Task<TrytonAddress> MakeTrytonAsync(Task servers)
    {
        await servers;
        return await Servers.TrytonAsync();
    }

    private static async Task<bool> BuildAsync(CancellationToken stop)
    {
        var build = await Child.RunAsync(
            ["build", "OrderSync.sln", "-c", Repository.Configuration, "-v", "q", "--nologo", .. Servers.BuildArguments], new Dictionary<string, string>(), stop);
        return build.ExitCode == 0 ? true : throw new InvalidOperationException($"The build failed.{Environment.NewLine}{build.Output}");
    }

    private static async Task<T> TimedAsync<T>(string what, Task<T> work)
    {
        var started = Stopwatch.StartNew();
        var result = await work;
        Print(what, "ready", started.Elapsed);
        return result;
    }

    private static void Print(string what, string result, TimeSpan took) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what,-24} {result,-34} {took.TotalSeconds,6:0.0} s"));

    private static string Indented(string text) => string.Join(Environment.NewLine, text.TrimEnd().Split('\n').Select(line => "  " + line.TrimEnd()));

    private static bool TryRead(string[] arguments, out bool full, out bool ci, out bool proof, out string? filter)
    {
        (full, ci, proof, filter) = (false, false, false, null);
        if (arguments is not ["test", .. var rest])
            return false;
        while (rest is not [])
        {
            switch (rest)
            {
                case ["--full", .. var others]:
                    (full, rest) = (true, others);
                    break;
                case ["--ci", .. var others]:
                    (ci, rest) = (true, others);
                    break;
                case ["--proof", .. var others]:
                    (proof, rest) = (true, others);
                    break;
                case ["--filter", var expression, .. var others]:
                    (filter, rest) = (expression, others);
                    break;
                default:
                    return false;
            }
        }

        // The page speaks of all tests, so all of them have to run.
        return !proof || filter is null;
    }
}
