using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Contracts.Bus;
using OrderSync.Device;
using OrderSync.Money;
using OrderSync.Simulator.Demo;
using OrderSync.Simulator.Fleet;
using OrderSync.Simulator.Office;
using OrderSync.Testing;

namespace OrderSync.EndToEnd.Tests.Restore;

/// <summary>The whole database is set back to a base backup while everything else, the ERP, the mail box, the broker and the devices, has gone on.</summary>
[InCi]
public sealed class RestoredBackupTests : IDisposable
{
    private const string Erp = "zoho", Mail = "email";
    private static readonly string[] OwnCollections = ["verdicts", "status", "ids"];
    private readonly Patience patience = new(TimeProvider.System, TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(8));
    private readonly string folder = OrderSync.Testing.Run.TestFolder.Create("restored");
    private readonly string run = Guid.NewGuid().ToString("N")[..8];
    private readonly List<IDisposable> open = [];
    private OfficeApi office = null!;

    public void Dispose() => open.ForEach(one => one.Dispose());

    [Fact]
    public async Task F026_F028_F039_An_older_backup_that_is_put_back_loses_nothing_doubles_nothing_and_gives_no_number_twice()
    {
        await using var system = await WholeSystem.StartAsync();
        var sandbox = await ConnectAsync(system);
        var page = new MailPage(Http((await Servers.MailAsync()).Page), patience);
        var (ada, ben) = (await DeviceAsync(system, "Ada"), await DeviceAsync(system, "Ben"));
        var bakery = ada.Capture(Customer("bakery"));
        var before = new List<Captured> { Order(ada, bakery.Id), Order(ben, bakery.Id) };
        await SyncAsync(ada, ben);
        await ArriveAsync(before, Erp, Mail);

        var backup = await BaseBackup.TakeAsync(system.Postgres);
        var cafe = ben.Capture(Customer("cafe"));
        var lost = new List<Captured> { Order(ada, bakery.Id), Order(ada, bakery.Id), Order(ben, cafe.Id) };
        await SyncAsync(ada, ben);
        await ArriveAsync(lost, Erp, Mail);
        await SyncAsync(ada, ben);
        var numbers = await NumbersAsync([.. before, .. lost]);
        var offline = Order(ben, cafe.Id);

        await backup.PutBackAsync();
        foreach (var part in new[] { system.Gateway, system.Zoho, system.Email })
            await Eventually.TrueAsync(() => system.HealthyAsync(part), "all parts have their database again");
        // Ben pushes first, Ada pulls: whoever comes finds it.
        await SyncAsync(ben, ada);
        var eve = await DeviceAsync(system, "Ada");
        var fresh = Order(eve, bakery.Id);
        await SyncAsync(eve);
        await ArriveAsync([.. before, .. lost, offline, fresh], Erp);
        await ArriveAsync([.. before, offline, fresh], Mail);
        await SyncAsync(ada, ben, eve);

        var now = await NumbersAsync([.. before, .. lost, offline, fresh]);
        Assert.All(numbers, number => Assert.Equal(number.Value, now[number.Key]));
        Assert.Equal(now.Count, now.Values.Distinct().Count());
        Assert.All(new[] { offline, fresh }, one => Assert.Matches("^SO-MAIN-[A-Z]+-00000[12]$", now[one.Id]));
        Assert.All(new[] { ada, ben }, device => Assert.All(device.Records(), record => Assert.Equal((RecordState.Accepted, record.Kind == "order" ? now[record.Id] : null), (record.State, record.Verdict!.Number))));

        var held = await sandbox.OrdersAsync(default);
        Assert.Equal(now.Keys.Select(id => id.ToString()).Order(), held.Where(document => document.Status != "void").Select(document => document.OrderSyncId!).Order());
        Assert.Equal(0, (await sandbox.SummaryAsync(default)).TwiceTheSameCustomer);

        // What may have gone out waits for a person; nothing went out twice.
        foreach (var one in lost)
            await Eventually.TrueAsync(async () => (await office.StandingAsync(one.Id, default))!.At(Mail) is { State: "attention", Reason: var why } && why!.Contains("may have been sent already", StringComparison.Ordinal), "its mail is in doubt");
        foreach (var (who, count) in new[] { ("bakery", 5), ("cafe", 2) })
            Assert.Equal(count, (await page.MessageIdsAsync(Address(who), default)).Count);
        var leave = await system.Office.PostAsJsonAsync("/v1/office/attention/stop", new { reason = "attention", connection = Mail, code = DeliverRecord.MayExistCode });
        Assert.True(leave.IsSuccessStatusCode, await leave.Content.ReadAsStringAsync());

        // One who knew everything before ends with what one who came new has.
        await SyncAsync(ada, eve);
        Assert.Equal(Shown(eve), Shown(ada));
        Assert.Contains((await system.Office.GetFromJsonAsync<JsonElement>("/v1/office/alerts")).GetProperty("alerts").EnumerateArray(), alert => alert.GetProperty("kind").GetString() == "server.setBack");
    }

    private static string Shown(SyncDevice device) => string.Join('\n', device.Catalogue.Contents().Where(one => !OwnCollections.Contains(one.Key)).OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key} {one.Value.Count} {one.Value.Hash}"));

    private async Task<SandboxControl> ConnectAsync(WholeSystem system)
    {
        office = new OfficeApi(Http(system.Gateway.Url), WholeSystem.ApiKey, patience);
        var sandbox = new SandboxControl(Http(system.Sandbox.Url), patience);
        var made = await sandbox.SetUpAsync("USD", RoundingLevel.Document, [Story.Tax], Story.Products, default);
        await office.LoadTaxesAsync([Story.Tax], default);
        await office.LoadProductsAsync(Story.Products, default);
        var zoho = new Uri(system.Sandbox.Url, "zoho").ToString();
        await office.ConnectAsync(Erp, "zoho", ["order", "customer"], new
        {
            AccountsUrl = zoho, ApiUrl = zoho, OrganizationId = made.Id, made.ClientId, made.ClientSecret, made.RefreshToken, TaxLevel = "document", Tie = "halfUp",
        }, default);
        await office.ConnectAsync(Mail, "email", ["order"], new { From = "orders@ordersync.example", FromName = "OrderSync" }, default);
        return sandbox;
    }

    private async Task<SyncDevice> DeviceAsync(WholeSystem system, string rep)
    {
        var device = SyncDevice.Open(Path.Combine(folder, $"{Guid.NewGuid():N}.db"), new DeviceOptions { Gateway = system.Gateway.Url, Name = rep });
        open.Add(device);
        await device.EnrolAsync(await office.EnrolmentCodeAsync(rep, "MAIN", default));
        return device;
    }

    // A part that has just got its database back may ask to come again.
    private static async Task SyncAsync(params SyncDevice[] devices)
    {
        foreach (var device in devices)
            await Eventually.GetAsync(() => device.SyncNowAsync(), report => report is { Trouble: null, Left: 0 }, "it has sent and pulled everything");
    }

    private async Task ArriveAsync(IReadOnlyList<Captured> orders, params string[] connections)
    {
        foreach (var order in orders)
        {
            foreach (var connection in connections)
                await Eventually.GetAsync(() => office.StandingAsync(order.Id, default), record => record?.At(connection)?.State == "done", $"it is at {connection}", TimeSpan.FromMinutes(2));
        }
    }

    private async Task<Dictionary<Guid, string>> NumbersAsync(IEnumerable<Captured> orders)
    {
        var numbers = new Dictionary<Guid, string>();
        foreach (var order in orders)
            numbers[order.Id] = (await office.StandingAsync(order.Id, default))!.Number!;
        return numbers;
    }

    private Http Http(Uri address)
    {
        var http = new Http(address, TimeSpan.FromSeconds(30));
        open.Add(http);
        return http;
    }

    private string Address(string who) => $"{who}-{run}@customers.example";

    private NewCustomer Customer(string who) => new($"{who} {run}") { Email = Address(who) };

    private static Captured Order(SyncDevice device, Guid customer) =>
        device.Capture(new NewOrder(customer, "USD", [new NewLine("DEMO-OIL", 2, 29.99m) { TaxCode = Story.Tax.Code, TaxRate = Story.Tax.Rate }]));
}
