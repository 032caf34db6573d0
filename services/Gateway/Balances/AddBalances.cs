namespace OrderSync.Gateway.Balances;

/// <summary>What customers owe.</summary>
internal static class AddBalancesExtensions
{
    public static void AddBalances(this IHostApplicationBuilder builder) => builder.Services.AddHostedService<Balances>();
}
