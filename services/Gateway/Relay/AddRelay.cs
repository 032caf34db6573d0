namespace OrderSync.Gateway.Relay;

/// <summary>The relay, which sends stored deliveries to their connectors.</summary>
internal static class AddRelayExtensions
{
    public static void AddRelay(this IHostApplicationBuilder builder) =>
        builder.Services.AddSingleton<RelaySignal>().AddSingleton<RelayMessages>().AddHostedService<Relay>();
}
