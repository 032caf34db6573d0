using Microsoft.Extensions.DependencyInjection;
using OrderSync.Framework.Budgets;

namespace OrderSync.Framework.Calls;

/// <summary>The way out of a connector: budgets and the call log, for every HTTP client it makes.</summary>
internal static class AddCallsExtensions
{
    public static void AddCalls(this IServiceCollection services)
    {
        services.AddSingleton<ReplicaCount>();
        services.AddSingleton<RedisWindow>();
        services.AddSingleton<MinuteWindow>();
        services.AddSingleton<DayCounts>();
        services.AddSingleton<BudgetGate>();
        services.AddSingleton<CallLog>();
        services.AddSingleton<CallHistory>();
        services.AddSingleton<CallDesk>();
        services.AddTransient<CallHandler>();
        // Inside the handler that repeats, so that each attempt counts.
        services.ConfigureHttpClientDefaults(http => http.AddHttpMessageHandler<CallHandler>());
        // Before the worker, so that they stop after it and see its last calls.
        services.AddHostedService(provider => provider.GetRequiredService<CallLog>());
        services.AddHostedService(provider => provider.GetRequiredService<DayCounts>());
    }
}
