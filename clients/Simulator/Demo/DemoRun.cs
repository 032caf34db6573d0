using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OrderSync.Contracts.Records;
using OrderSync.Device;
using OrderSync.Money;
using OrderSync.Simulator.Fleet;
using OrderSync.Simulator.Office;
using OrderSync.Simulator.Replay;

namespace OrderSync.Simulator.Demo;

/// <summary>Three devices go offline, capture, come back; everything is followed into the ERP and the mail box and compared there.</summary>
internal sealed class DemoRun : IDisposable
{
    private const string Erp = "zoho", Email = "email";
    private const int BadLineAt = 1;
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(300);

    private readonly Surroundings _where;
    private readonly int _seed;
    private readonly TimeSpan _pause;
    private readonly Board _board = new();
    private readonly DemoScreen _screen;
    private readonly Story _story;
    private readonly Patience _patience;
    private readonly Http _gateway, _sandboxHttp, _mailHttp;
    private readonly OfficeApi _office;
    private readonly SandboxControl _sandbox;
    private volatile bool _offline;

    /// <summary>Prepares a run.</summary>
    /// <param name="where">The parts it talks to.</param>
    /// <param name="mail">The page of the mail server.</param>
    /// <param name="seed">What the bad line does follows from it.</param>
    /// <param name="pause">Between two captures, so that a person can follow.</param>
    /// <param name="wait">How long to wait for the whole.</param>
    public DemoRun(Surroundings where, Uri mail, int seed, TimeSpan pause, TimeSpan wait)
    {
        (_where, _seed, _pause) = (where, seed, pause);
        _screen = new DemoScreen(_board);
        _story = new Story(_board, Convert.ToHexString(RandomNumberGenerator.GetBytes(2)));
        _patience = new Patience(TimeProvider.System, TimeProvider.System.GetUtcNow() + wait);
        (_gateway, _sandboxHttp, _mailHttp) = (new Http(where.Gateway, CallTimeout), new Http(where.Sandbox, CallTimeout), new Http(mail, CallTimeout));
        _office = new OfficeApi(_gateway, where.ApiKey, _patience);
        _sandbox = new SandboxControl(_sandboxHttp, _patience);
    }

    /// <summary>True if every record is everywhere it goes, once, and the amounts agree.</summary>
    public async Task<bool> RunAsync(CancellationToken stop)
    {
        await LoadAsync(stop);
        await using var fleet = await OpenFleetAsync(stop);
        await DownloadAsync(fleet, stop);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var work = Task.Run(() => FollowAsync(fleet, over.Token), over.Token);
        await _screen.ShowAsync(work);
        await over.CancelAsync();
        await work;
        var line = fleet.Devices[BadLineAt].Line!;
        Screen.Say($"{fleet.Devices[BadLineAt].Name} (seed {_seed}): {line.Requests} requests, {line.Cuts} of them cut, offline or on the bad line, {line.Copies} delivered twice.");
        return await ProveAsync(stop);
    }

    public void Dispose()
    {
        _gateway.Dispose();
        _sandboxHttp.Dispose();
        _mailHttp.Dispose();
    }

    private async Task LoadAsync(CancellationToken stop)
    {
        var organisation = await _sandbox.SetUpAsync("USD", RoundingLevel.Document, [Story.Tax], Story.Products, stop);
        await _office.LoadTaxesAsync([Story.Tax], stop);
        await _office.LoadProductsAsync(Story.Products, stop);
        var zoho = new Uri(_sandboxHttp.Address, "zoho").ToString();
        await _office.ConnectAsync(
            Erp, "zoho", ["order", "customer", "receipt"],
            new
            {
                AccountsUrl = zoho, ApiUrl = zoho, OrganizationId = organisation.Id, organisation.ClientId, organisation.ClientSecret, organisation.RefreshToken,
                TaxLevel = "document", Tie = "halfUp",
            },
            stop);
        await _office.ConnectAsync(Email, "email", ["order", "receipt"], new { From = "orders@ordersync.example", FromName = "OrderSync" }, stop);
        Screen.Say($"Items, taxes and the connections {Erp} and {Email} are ready.");
    }

    private Task<DeviceFleet> OpenFleetAsync(CancellationToken stop)
    {
        // Devices are a company's; the same ones again with the next demo.
        var company = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_where.ApiKey)))[..12];
        var folder = string.Create(CultureInfo.InvariantCulture, $"demo-{_where.Gateway.Host}-{_where.Gateway.Port}-{company}");
        var bad = FleetPlan.BadLines(_seed)(BadLineAt)!;
        var plan = new FleetPlan(_where.Gateway, Path.Combine(_where.StateFolder, "devices", folder), Story.Devices.Count, "Demo")
        {
            NameOf = place => Story.Devices[place].Name,
            RepOf = place => Story.Devices[place].Rep,
            Downloads = true,
            LineOf = place => request => _offline ? new LineFate { CutRequestAt = 0 } : place == BadLineAt ? bad(request) : LineFate.Passes,
        };
        return DeviceFleet.OpenAsync(plan, (rep, branch) => _office.EnrolmentCodeAsync(rep, branch, stop), _patience, stop);
    }

    private async Task DownloadAsync(DeviceFleet fleet, CancellationToken stop)
    {
        foreach (var device in fleet.Devices)
        {
            await device.DownloadAsync(_patience, stop);
            var has = device.Device.Catalogue.Contents();
            Screen.Say($"{device.Name} has {Count("products")} products and {Count("customers")} customers, and can go offline.");

            long Count(string collection) => has.TryGetValue(collection, out var content) ? content.Count : 0;
        }
    }

    private async Task FollowAsync(DeviceFleet fleet, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _offline = true;
        _board.Say("Three devices are offline. What they capture stays on their disks.");
        var running = fleet.Devices.Select(device => RunAsync(device, end.Token)).ToList();
        await _story.CaptureAsync(fleet.Devices, _pause, stop);

        await Task.Delay(2 * _pause, stop);
        _offline = false;
        _board.Say($"The lines are back, {fleet.Devices[BadLineAt].Name}'s is a bad one.");
        foreach (var device in fleet.Devices)
            device.Device.Wake();

        await WaitAsync(stop);
        await end.CancelAsync();
        await Task.WhenAll(running);
    }

    private async Task RunAsync(FleetDevice device, CancellationToken stop)
    {
        device.Device.StateChanged += state => _board.Show(device.Name, state);
        device.Device.Told += record =>
        {
            _board.Told(record);
            if (record.State == RecordState.Refused && record.Rev == 1)
                _ = MendAsync(device, record.Id, stop);
        };
        try
        {
            await device.Device.RunAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The demo is over.
        }
    }

    // After a moment, as a person who reads the reason first.
    private async Task MendAsync(FleetDevice device, Guid id, CancellationToken stop)
    {
        try
        {
            await Task.Delay(4 * _pause, stop);
            _story.Mend(device, id);
        }
        catch (Exception cannot) when (cannot is DeviceTrouble or OperationCanceledException)
        {
            _board.Say($"It stays as it is: {cannot.Message}");
        }
    }

    /// <summary>Asks the office for each record that is under way until all have arrived or the time is up.</summary>
    private async Task WaitAsync(CancellationToken stop)
    {
        while (_board.Tracks.Where(track => !track.IsThere).ToList() is { Count: > 0 } under && !_patience.IsOver)
        {
            foreach (var track in under.Where(track => track.Reached(Stage.Gateway) is not null))
                if (await _office.StandingAsync(track.Id, stop) is { } record)
                    Look(track, record);
            await Task.Delay(LookEvery, stop);
        }
    }

    private void Look(Track track, OfficeRecord record)
    {
        track.Number = record.Number ?? track.Number;
        if (record.At(Erp) is { } erp)
        {
            track.ErpNumber = erp.ExternalNumber ?? track.ErpNumber;
            track.Trouble = erp.State is "attention" or "reconnect" or "stopped" ? $"{erp.Reason} {erp.Fix}".Trim() : null;
            if (erp.State != "pending")
                _board.Reach(track, Stage.Queue, $"{Board.Name(track)} came through the queue to the Zoho connector");
            if (erp.State == "done")
                _board.Reach(track, Stage.Erp, $"Zoho holds {Board.Name(track)}{(erp.ExternalNumber is { } number ? $" as {number}" : "")}");
        }

        if (track.Goes(Stage.Mail) && record.At(Email) is { } mail)
        {
            if (mail.State is "attention" or "reconnect" or "stopped")
                track.Trouble ??= $"{mail.Reason} {mail.Fix}".Trim();
            if (mail.State == "done")
                _board.Reach(track, Stage.Mail, $"the confirmation of {Board.Name(track)} was mailed to {track.MailTo}");
        }
    }

    private async Task<bool> ProveAsync(CancellationToken stop)
    {
        var held = (await _sandbox.OrdersAsync(stop)).Concat(await _sandbox.PaymentsAsync(stop)).ToList();
        var page = new MailPage(_mailHttp, _patience);
        var boxes = new Dictionary<string, IReadOnlyList<ReceivedMail>>();
        foreach (var address in _board.Tracks.Select(track => track.MailTo).OfType<string>().Distinct())
            boxes[address] = await page.ToAsync(address, stop);
        var proof = new Proof();
        foreach (var track in _board.Tracks)
            proof.Add(track, held, track.MailTo is { } to ? boxes[to] : []);

        foreach (var problem in proof.Problems)
            Screen.Say($"✗ {problem}");
        var documents = _board.Tracks.Count(track => track.Amount is not null);
        Screen.Say($"{(proof.Problems.Count == 0 ? "✓" : "✗")} {documents} documents · captured {proof.Captured:N2} · in Zoho {proof.InErp:N2} · on the mailed PDFs {proof.Mailed:N2}");
        return proof.Problems.Count == 0;
    }
}
