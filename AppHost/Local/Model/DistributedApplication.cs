using OrderSync.AppHost.Local.Verbs;

namespace Aspire.Hosting;

/// <summary>The list of parts, complete; running it means obeying the words of the command line.</summary>
internal sealed class DistributedApplication(DistributedApplicationModel model, string[] args)
{
    public static DistributedApplicationBuilder CreateBuilder(string[] args) => new(args);

    public void Run() => Environment.ExitCode = CommandLine.RunAsync(model, args).GetAwaiter().GetResult();
}
