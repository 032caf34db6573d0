using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Gateway.Tests;
using OrderSync.Simulator.Fleet;
using OrderSync.Testing;

namespace OrderSync.Device.Tests;

/// <summary>One device at the shared gateway, on a line whose fates a test decides.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly GatewayFixture _gateway;
    private readonly List<LineRequest> _requests = [];

    private Site(GatewayFixture gateway)
    {
        _gateway = gateway;
        Line = new Line(gateway.Gateway.Url, request =>
        {
            lock (_requests)
                _requests.Add(request);
            return Fate(request);
        });
    }

    /// <summary>What becomes of a request; at first each passes.</summary>
    public Func<LineRequest, LineFate> Fate { get; set; } = _ => LineFate.Passes;

    public Line Line { get; }

    public SyncDevice Device { get; private set; } = null!;

    public string File => _folder.File;

    /// <summary>All verdicts that were applied, in order.</summary>
    public List<DeviceRecord> Told { get; } = [];

    public DeviceOptions Options { get; set; } = null!;

    /// <summary>Requests to a path so far.</summary>
    public int Asked(string path)
    {
        lock (_requests)
            return _requests.Count(request => request.Path == path);
    }

    public static async Task<Site> OpenAsync(GatewayFixture gateway, Func<DeviceOptions, DeviceOptions>? with = null, bool enrol = true)
    {
        var site = new Site(gateway);
        site.Options = new DeviceOptions { Gateway = site.Line.Address, Name = "Phone" };
        site.Options = with?.Invoke(site.Options) ?? site.Options;
        site.Open();
        if (enrol)
            await site.Device.EnrolAsync(await site.CodeAsync());
        return site;
    }

    /// <summary>What the QR code of the office's page holds.</summary>
    public static async Task<string> LinkAsync(GatewayFixture gateway, string rep)
    {
        using var answer = await gateway.Office.PostAsJsonAsync("/v1/office/enrolment-codes", new { rep = new { name = rep }, branch = "MAIN" });
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("link").GetString()!;
    }

    public Task<string> CodeAsync() => TestDevice.CodeAsync(_gateway.Office, "Ada");

    /// <summary>Ends the app and starts it again.</summary>
    public void Reopen()
    {
        Device.Dispose();
        Open();
    }

    /// <summary>A record as the office sees it.</summary>
    public Task<JsonElement> AtOfficeAsync(Guid id) => _gateway.RecordAsync(id);

    /// <summary>The device as the office sees it.</summary>
    public Task<JsonElement> SelfAtOfficeAsync() => _gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/devices/{Device.DeviceId}");

    /// <summary>Changes the closed file by hand.</summary>
    public void Alter(string sql, params object?[] parameters)
    {
        Device.Dispose();
        using (var file = DeviceFile.Open(File, null))
            file.Write(() => file.Execute(sql, parameters));
        Open();
    }

    public async ValueTask DisposeAsync()
    {
        Device.Dispose();
        await Line.DisposeAsync();
        _folder.Dispose();
    }

    private void Open()
    {
        Device = SyncDevice.Open(File, Options);
        Device.Told += Told.Add;
    }
}

/// <summary>Entries of which a test names only what matters to it.</summary>
internal static class Entered
{
    public static NewCustomer Customer(string name = "Ana's Bikes") => new(name) { Email = $"{Guid.NewGuid():N}@customers.example" };

    public static NewOrder Order(Guid customer, string sku = "SKU-1", decimal quantity = 1) => new(customer, "USD", [new NewLine(sku, quantity, 10.00m) { TaxCode = "T8", TaxRate = 8 }]);
}
