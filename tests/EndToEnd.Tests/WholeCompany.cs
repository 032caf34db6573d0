using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Testing;

namespace OrderSync.EndToEnd.Tests;

/// <summary>One company of the whole system, with an ERP that no other company writes to.</summary>
public sealed class WholeCompany : IAsyncDisposable
{
    private readonly WholeSystem system;
    private readonly string apiKey;
    private readonly ServiceProcess erp;
    private readonly HttpClient office;

    internal WholeCompany(WholeSystem system, string apiKey, ServiceProcess erp)
    {
        (this.system, this.apiKey, this.erp) = (system, apiKey, erp);
        office = new HttpClient { BaseAddress = system.Gateway.Url };
        office.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    /// <summary>Replays the project's sample of sixty orders, as a person would; returns the exit code and what was printed.</summary>
    public Task<(int ExitCode, string Output)> ReplayAsync(params string[] more) =>
        system.ReplayAsync(Path.Combine(AppContext.BaseDirectory, "Samples", "sixty-orders.csv"), apiKey, erp, minutes: 4, more);

    /// <summary>Runs another verb of the simulator, as its office.</summary>
    public Task<(int ExitCode, string Output)> SimulatorAsync(params string[] arguments) => system.SimulatorAsync(apiKey, arguments);

    /// <summary>Runs the demo with its ERP.</summary>
    public async Task<(int ExitCode, string Output)> DemoAsync(params string[] more) =>
        await SimulatorAsync(["demo", "--pace", "20", "--sandbox", erp.Url.OriginalString, "--mail", (await Servers.MailAsync()).Page.OriginalString, .. more]);

    /// <summary>How many orders a destination has taken.</summary>
    public async Task<long> DoneAsync(string connection)
    {
        var summary = await office.GetFromJsonAsync<JsonElement>("/v1/office/summary");
        return summary.GetProperty("destinations").EnumerateArray()
            .Where(row => row.GetProperty("connection").GetString() == connection && row.GetProperty("kind").GetString() == "order").Sum(row => row.GetProperty("done").GetInt64());
    }

    /// <summary>What goes wrong in its ERP from now on.</summary>
    public async Task FaultsAsync(object faults) =>
        (await office.PutAsJsonAsync(new Uri(erp.Url, "_control/faults"), faults)).EnsureSuccessStatusCode();

    public async ValueTask DisposeAsync()
    {
        office.Dispose();
        await erp.DisposeAsync();
    }
}
