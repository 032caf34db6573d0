using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using OrderSync.AppHost.Local.Running;

namespace OrderSync.AppHost.Local.Verbs;

/// <summary>What a person needs once everything is up: where it is, the credentials made here, what to try next.</summary>
internal static class LastScreen
{
    public static async Task ShowAsync(Screen screen, DistributedApplicationModel model, string folder)
    {
        var machine = new Machine(folder);
        var running = Status.ReadLive(folder)?.Parts.Select(part => part.Name).ToHashSet() ?? [];
        var parts = model.InStartOrder.Where(part => running.Contains(part.Name)).ToList();
        screen.Line();
        foreach (var part in parts)
            foreach (var endpoint in part.Endpoints.Where(endpoint => endpoint is { Scheme: "http", Port: not null }))
                screen.Line($"  {part.Name,-22} {new EndpointReference(part, endpoint.Name).GetValue(machine)}{Moved(endpoint, machine)}");
        foreach (var rabbit in parts.OfType<RabbitMQServerResource>())
            foreach (var page in rabbit.Endpoints.Where(endpoint => endpoint.Name == "management"))
                screen.Line($"  {rabbit.Name,-22} http://{Endpoint.Host}:{machine.Ports.Of(page)}  (user ordersync, password {rabbit.Password.GetValue(machine)})");
        foreach (var (url, name) in parts.SelectMany(part => part.Urls))
            if (await AnswersAsync(url.GetValue(machine)))
                screen.Line($"  {name,-22} {url.GetValue(machine)}  (works once)");
        foreach (var parameter in model.Resources.OfType<ParameterResource>().Where(parameter => parameter.Description is not null))
            screen.Line($"  {parameter.Description,-22} {parameter.GetValue(machine)}");
        if (parts.OfType<ProjectResource>().Any(part => part.Environment.TryGetValue("Sandbox__Profile", out var profile) && profile.GetValue(machine) == "unlimited"))
        {
            screen.Line();
            screen.Line("  The sandbox answers without the rate limits of the real ERPs.");
        }
        screen.Line();
        screen.Line(screen.Bold("Try next"));
        screen.Line("  ./ordersync demo              three devices capture offline; see each record arrive");
        screen.Line("  ./ordersync replay FILE.csv   send a file of orders as devices do");
        screen.Line("  ./ordersync status --watch    how each part is doing");
        screen.Line("  ./ordersync logs gateway -f   what it says");
        screen.Line("  ./ordersync down              stop everything; --purge forgets all data too");
        screen.Line();
    }

    // A page for one use says so once it was used; then it is not worth showing.
    private static async Task<bool> AnswersAsync(string url)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(3) };
        try
        {
            using var answer = await http.GetAsync(new Uri(url));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception trouble) when (trouble is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    private static string Moved(Endpoint endpoint, Machine machine) =>
        machine.Ports.Of(endpoint) == endpoint.Port ? "" : $"  ({endpoint.Port} was taken)";
}
