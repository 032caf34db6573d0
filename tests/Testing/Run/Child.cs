using System.Diagnostics;
using System.Text;

namespace OrderSync.Testing.Run;

/// <summary>A run of the `dotnet` command in the repository's folder, in a session of its own, ended with all its children when we stop.</summary>
internal static class Child
{
    public static async Task<(int ExitCode, string Output)> RunAsync(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken stop)
    {
        var start = new ProcessStartInfo("setsid", arguments.Prepend("dotnet"))
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        start.Environment[TestFolder.Variable] = TestFolder.Path;
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        // Processes of tests live for seconds: to measure code for a better version of itself costs them a third of their time and never pays.
        start.Environment["DOTNET_TieredPGO"] = "0";
        // `./ordersync` switches cultures off until ICU is installed; what is tested needs them.
        start.Environment.Remove("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT");

        using var process = new Process { StartInfo = start };
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        lock (output)
            return (process.ExitCode, output.ToString());

        void Append(string? line)
        {
            if (line is null)
                return;
            lock (output)
                output.AppendLine(line);
        }
    }
}
