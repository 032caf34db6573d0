namespace OrderSync.Gateway.Office;

/// <summary>Addresses as the outside sees them. Where a proxy changes the host, PublicUrl in the configuration says it.</summary>
internal static class PublicAddress
{
    /// <summary>The gateway's own.</summary>
    public static Uri Of(HttpRequest request, IConfiguration configuration) =>
        new(configuration["PublicUrl"] is { Length: > 0 } url ? url : $"{request.Scheme}://{request.Host}{request.PathBase}");

    /// <summary>A place in the console; null where Console:Address does not say where that is.</summary>
    public static Uri? InConsole(IConfiguration configuration, string path) =>
        configuration["Console:Address"] is { Length: > 0 } url ? new($"{url.TrimEnd('/')}/{path}") : null;
}
