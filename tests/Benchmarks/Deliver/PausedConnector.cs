using System.Net.Http.Json;
using OrderSync.Testing;

namespace OrderSync.Benchmarks.Deliver;

/// <summary>A real connector whose connections are all paused: it takes deliveries into its ledger and reports them, and calls nobody.</summary>
internal sealed class PausedConnector : IAsyncDisposable
{
    public const string Name = "zoho";

    private readonly ServiceProcess process;

    private PausedConnector(ServiceProcess process) => this.process = process;

    public int ProcessId => process.ProcessId;

    public static async Task<PausedConnector> StartAsync(Site site, CancellationToken stop)
    {
        var environment = new Dictionary<string, string>
        {
            [$"ConnectionStrings__{Name}"] = site.ConnectionStringAs(Name),
            ["ConnectionStrings__rabbitmq"] = site.BrokerUri.OriginalString,
            ["Secrets__Key"] = "k1:only-for-benchmarks-only-for-benchmarks",
            ["Internal__Key"] = Site.InternalKey,
        };
        var (code, output) = await ServiceProcess.RunAsync("connectors/Zoho", new Dictionary<string, string>(environment) { ["ConnectionStrings__ordersync"] = site.AdministratorString }, "migrate");
        if (code != 0)
            throw new InvalidOperationException($"The connector's schema could not be made.{Environment.NewLine}{output}");
        var connector = new PausedConnector(await ServiceProcess.StartAsync("connectors/Zoho", environment));
        try
        {
            await connector.PauseAllAsync(site, stop);
            return connector;
        }
        catch
        {
            await connector.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private async Task PauseAllAsync(Site site, CancellationToken stop)
    {
        using var manage = new HttpClient { BaseAddress = process.Url };
        manage.DefaultRequestHeaders.Add("X-OrderSync-Key", Site.InternalKey);
        await using var command = site.Administrator.CreateCommand("select company_id, connection_id from connection");
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            var path = $"/manage/connections/{reader.GetGuid(0)}/{reader.GetGuid(1)}";
            var settings = new { organizationId = $"{reader.GetGuid(0):N}", clientId = "nobody", clientSecret = "nothing" };
            await TakenAsync(await manage.PutAsJsonAsync(path, settings, stop), stop);
            await TakenAsync(await manage.PostAsJsonAsync($"{path}/pause", new { reason = "Only the way to the ledger is measured." }, stop), stop);
        }
    }

    private static async Task TakenAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{answer.RequestMessage!.RequestUri} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(stop)}");
    }
}
