using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Gateway.Tests;
using OrderSync.Simulator.Fleet;
using OrderSync.Testing;

namespace OrderSync.Device.Tests;

/// <summary>The client of docs/protocol.md in JavaScript, at the real gateway.</summary>
[Collection("gateway")]
[InCi]
public sealed class JavaScriptTests(GatewayFixture gateway) : IDisposable
{
    private static readonly string Program = Path.Combine(Repository.Root, "clients/JavaScript/ordersync.mjs");
    private readonly ScratchFolder _folder = new();

    [Fact]
    public async Task F009_F010_The_JavaScript_client_enrols_pushes_and_ends_equal_to_the_server_and_to_the_device_library_across_a_cut()
    {
        await using var site = await Site.OpenAsync(gateway);
        await RunAsync(0, "enrol", site.Line.Address.ToString(), await site.CodeAsync());
        var body = Path.Combine(_folder.Folder, "customer.json");
        await File.WriteAllTextAsync(body, """{"name":"Ana's Bikes"}""");
        var id = Guid.Parse(await RunAsync(0, "capture", "customer", body));
        site.Fate = request => request.Path == "/v1/sync/push" ? new LineFate { CutAnswerAt = 30 } : LineFate.Passes;
        await RunAsync(75, "push");
        site.Fate = _ => LineFate.Passes;
        Assert.Equal("duplicate", JsonDocument.Parse(await RunAsync(0, "push")).RootElement[0].GetProperty("outcome").GetString());
        Assert.Equal("customer", (await site.AtOfficeAsync(id)).GetProperty("kind").GetString());

        // A first download that is cut, and goes on after it.
        site.Fate = request => request.Path == "/v1/sync/pull" && site.Asked("/v1/sync/pull") == 1 ? new LineFate { CutAnswerAt = 600 } : LineFate.Passes;
        await RunAsync(75, "pull");
        await RunAsync(0, "pull");
        await site.Device.SyncNowAsync();
        await AssertEqualAsync(site);

        // Changes, and what is gone.
        (await gateway.Office.PutAsJsonAsync("/v1/office/products", new { products = new[] { new { sku = "SKU-JS", name = "Bottle cage\u2028\"row\":", price = 12.50m } } })).EnsureSuccessStatusCode();
        await RunAsync(0, "pull");
        await site.Device.SyncNowAsync();
        await AssertEqualAsync(site);
    }

    public void Dispose() => _folder.Dispose();

    private async Task AssertEqualAsync(Site site)
    {
        // Of all collections but those of the devices' own records.
        var expected = site.Device.Catalogue.Contents().Where(one => one.Key is not ("verdicts" or "status" or "ids")).ToDictionary(one => one.Key, one => one.Value);
        var actual = JsonDocument.Parse(await RunAsync(0, "hashes")).RootElement.EnumerateObject().Where(one => one.Name is not ("verdicts" or "status" or "ids"))
            .ToDictionary(one => one.Name, one => (one.Value.GetProperty("count").GetInt64(), one.Value.GetProperty("hash").GetString()!));
        Assert.NotEmpty(actual);
        Assert.Equal(expected.OrderBy(one => one.Key, StringComparer.Ordinal), actual.OrderBy(one => one.Key, StringComparer.Ordinal));
    }

    private async Task<string> RunAsync(int code, params string[] arguments)
    {
        using var node = Process.Start(new ProcessStartInfo("node", [Program, Path.Combine(_folder.Folder, "js"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (said, trouble) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == code, $"{string.Join(' ', arguments)}: {node.ExitCode}\n{await said}{await trouble}");
        return (await said).Trim();
    }
}
