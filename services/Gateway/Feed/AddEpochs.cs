namespace OrderSync.Gateway.Feed;

/// <summary>What happens when an older backup was put back.</summary>
internal static class AddEpochsExtensions
{
    public static void AddEpochs(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SigningKeys>().AddSingleton<EpochSignal>().AddSingleton<Epochs>().AddSingleton<EpochNews>();
        if (!builder.Configuration.GetValue<bool>("Relay:Paused"))
            builder.Services.AddHostedService(services => services.GetRequiredService<EpochNews>());
    }
}
