namespace OrderSync.Gateway.Sums;

/// <summary>What customers ordered and what left the shelf, summed behind the pushes.</summary>
internal static class AddSumsExtensions
{
    public static void AddSums(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<SumSignal>().AddSingleton<SumRows>().AddHostedService<Sums>();
}
