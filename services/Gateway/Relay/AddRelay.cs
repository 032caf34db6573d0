namespace OrderSync.Gateway.Relay;

/// <summary>The relay, which sends stored deliveries to their connectors.</summary>
internal static class AddRelayExtensions
{
    public static void AddRelay(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RelaySignal>().AddSingleton<RelayNotices>().AddSingleton<RelayMessages>();
        // Paused, everything is stored as ever and waits in the outbox: for maintenance of the broker, and for measuring without it.
        if (!builder.Configuration.GetValue<bool>("Relay:Paused"))
            builder.Services.AddHostedService<Relay>().AddHostedService(services => services.GetRequiredService<RelayNotices>());
    }
}
