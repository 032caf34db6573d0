using Microsoft.Extensions.DependencyInjection;

namespace OrderSync.Framework.Pull;

/// <summary>What comes back from destinations: looks at them, rows kept of them, and the gateway told.</summary>
internal static class AddPullsExtensions
{
    public static void AddPulls(this IServiceCollection services)
    {
        services.AddSingleton<PullSchedule>();
        services.AddSingleton<PulledTable>();
        services.AddSingleton<PullEnd>();
        services.AddSingleton<PullWork>();
        services.AddSingleton<PulledLedger>();
        services.AddSingleton<PulledAnswers>();
        services.AddSingleton<PullOffice>();
        services.AddSingleton<Hints>();
        services.AddHostedService<PullLoop>();
    }
}
