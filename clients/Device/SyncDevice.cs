namespace OrderSync.Device;

/// <summary>
/// A sales person's device: captures without a network, keeps what was captured through power loss, and sends it when there is a line, each record until the gateway has
/// answered for it. All members may be called from any thread.
/// </summary>
public sealed class SyncDevice : IDisposable
{
    private readonly DeviceOptions _options;
    private readonly DeviceFile _file;
    private readonly Credentials _credentials;
    private readonly GatewayCalls _gateway;
    private readonly Tokens _tokens;
    private readonly PushCall _push;
    private readonly Records _records;
    private readonly Switches _switches;
    private readonly Entries _entries;
    private readonly ServerView _server;
    private readonly SyncStrip _strip;
    private readonly SyncLoop _loop;
    private readonly FeedFile _feed;
    private readonly Standing _standing;
    private readonly PullTurn _pull;

    private SyncDevice(DeviceFile file, FeedFile feed, DeviceOptions options)
    {
        (_file, _feed, _options) = (file, feed, options);
        _credentials = new Credentials(file, options);
        _gateway = new GatewayCalls(options, () => Gateway);
        _tokens = new Tokens(_gateway, _credentials);
        _push = new PushCall(_gateway, _tokens);
        _switches = new Switches(file);
        var wishes = new Wishes(file);
        var own = new OwnRecordsCall(_gateway, _tokens, wishes);
        _records = new Records(file);
        _entries = new Entries(_records, wishes, options);
        _strip = new SyncStrip(_records, options.Clock);
        _standing = new Standing(feed, options);
        var download = new Download(_gateway, _tokens, new Staging(feed), _standing, options);
        download.Moved += () => _strip.Downloading(_standing.Readiness);
        _pull = new PullTurn(download, feed, _standing, new News(feed, _records), _credentials, options);
        _pull.Prepare();
        _server = new ServerView(own, _records, _standing, _pull);
        Catalogue = new Catalogue(feed);
        Outbox = new Outbox(_records, _credentials, options);
        _loop = new SyncLoop(
            _records, _push, _pull, _standing, own, new SwitchesCall(_gateway, _tokens, _switches), () => options.Downloads && Switches.IncrementalSync is not false, _strip, options,
            record => Told?.Invoke(record));
    }

    /// <summary>A verdict was applied to a record, once and on disk: the answer to a push, or what became of the record later.</summary>
    public event Action<DeviceRecord>? Told;

    /// <summary>The sync strip has a new value. Handlers must not wait for anything.</summary>
    public event Action<SyncState>? StateChanged
    {
        add => _strip.Changed += value;
        remove => _strip.Changed -= value;
    }

    /// <summary>What the sync strip shows now.</summary>
    public SyncState State => _strip.State;

    /// <summary>The device's id at the gateway; null until it has enrolled.</summary>
    public Guid? DeviceId => _credentials.Identity?.DeviceId;

    /// <summary>Where its gateway is; null until the app or an enrolment says so.</summary>
    public Uri? Gateway => _options.Gateway ?? _credentials.Gateway;

    /// <summary>What the server knows, as of the last complete download. All look-ups work without a line, and while another download comes.</summary>
    public Catalogue Catalogue { get; }

    /// <summary>What the gateway has not answered for; and the bundle it can be carried to the office in.</summary>
    public Outbox Outbox { get; }

    /// <summary>Whether the device can work without a line.</summary>
    public Readiness Readiness => _standing.Readiness;

    /// <summary>Whether the device may be given away.</summary>
    public SafeToSignOut SafeToSignOut => SafeToSignOut.Of(_records.Counts());

    /// <summary>The setup switches as they were last set on this device.</summary>
    public SetupSwitches Switches => _switches.Standing;

    /// <summary>Opens the device's file, or makes it. It belongs to this process until <see cref="Dispose"/>.</summary>
    /// <param name="file">Path in the app's own storage.</param>
    /// <param name="options">How the device works.</param>
    /// <exception cref="DeviceTrouble">Another process has it, it is damaged, or it cannot be written.</exception>
    public static SyncDevice Open(string file, DeviceOptions options)
    {
        var opened = DeviceFile.Open(file, options.MostPages);
        FeedFile? feed = null;
        try
        {
            feed = FeedFile.Open(file);
            return new SyncDevice(opened, feed, options);
        }
        catch
        {
            feed?.Dispose();
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Exchanges a one-time code of the office for credentials. After a lost answer the same code may be used again, by this device only.</summary>
    /// <param name="scanned">What the office's QR code holds; or the code as it was typed, where the gateway is known already.</param>
    /// <param name="stop">Gives up waiting.</param>
    /// <exception cref="DeviceTrouble">This is no code, the code is not good, it is another gateway's than the app's own, or there is no connection.</exception>
    public async Task EnrolAsync(string scanned, CancellationToken stop = default) => await EnrolAsync(EnrolmentCode.Read(scanned), stop).ConfigureAwait(false);

    /// <summary>The same with an address and a code that were typed.</summary>
    /// <param name="gateway">The gateway's address, as the office shows it.</param>
    /// <param name="code">The code, as the office shows it.</param>
    /// <param name="stop">Gives up waiting.</param>
    /// <exception cref="DeviceTrouble">As with a link.</exception>
    public async Task EnrolAsync(Uri gateway, string code, CancellationToken stop = default) => await EnrolAsync(EnrolmentCode.Of(gateway, code), stop).ConfigureAwait(false);

    /// <summary>Renews the credentials: when the app starts, or to see whether the office still knows this device. False: it has to enrol; <see cref="State"/> says why.</summary>
    /// <param name="stop">Gives up waiting.</param>
    /// <exception cref="DeviceTrouble">There is no connection.</exception>
    public async Task<bool> SignInAsync(CancellationToken stop = default)
    {
        switch (await _tokens.RenewAsync(stop).ConfigureAwait(false))
        {
            case Answer<string>.Given:
                _strip.Idle();
                _loop.LineIsBack();
                return true;
            case Answer<string>.Refused refused:
                _strip.Barred(refused.Message);
                return false;
            case Answer<string>.None none:
                throw new DeviceTrouble("line.noAnswer", none.Why);
            default:
                throw new InvalidOperationException("There is no other answer.");
        }
    }

    /// <summary>Keeps a record. It is on disk when this returns; no network is asked.</summary>
    /// <param name="entered">What the person entered.</param>
    /// <exception cref="DeviceTrouble">It could not be kept: the storage is full, or its sums cannot be computed.</exception>
    public Captured Capture(NewRecord entered) => Queued(_entries.Add(entered));

    /// <summary>
    /// Takes over records that were captured elsewhere, such as in an app's earlier outbox: complete, with envelope, byte for byte. All of them or none; what is here already
    /// is offered again.
    /// </summary>
    /// <param name="records">Each a JSON object as the protocol has it.</param>
    public void Import(IEnumerable<ReadOnlyMemory<byte>> records)
    {
        _records.Take(records);
        Changed();
    }

    /// <summary>The newest revision of a record, or null.</summary>
    /// <param name="id">The record.</param>
    public DeviceRecord? Find(Guid id) => _records.Find(id);

    /// <summary>All that is kept: what is not acknowledged yet, and what was within the last days.</summary>
    public IReadOnlyList<DeviceRecord> Records() => _records.All();

    /// <summary>What needs a person: to be mended, sent again or given up.</summary>
    public IReadOnlyList<DeviceRecord> Attention() => _records.Attention();

    /// <summary>What was entered for a record, to be corrected and given to <see cref="Mend"/>.</summary>
    /// <param name="id">The record.</param>
    public NewRecord Draft(Guid id) => _entries.Draft(id);

    /// <summary>Keeps a corrected entry as the next revision of the same record. Possible while the one before is refused, waiting or held.</summary>
    /// <param name="id">The record.</param>
    /// <param name="corrected">The whole entry as it should be.</param>
    public Captured Mend(Guid id, NewRecord corrected) => Queued(_entries.Mend(id, corrected));

    /// <summary>Sends a record again as it is: the cause was mended elsewhere. Also takes up what was stopped.</summary>
    /// <param name="id">A record that needs a person.</param>
    public void Retry(Guid id)
    {
        _entries.Retry(id);
        Changed();
    }

    /// <summary>Gives a record up: it leaves the list and is not sent again. What was captured stays on the device; the gateway is told with the next sync and puts its copy aside, where the office sees it.</summary>
    /// <param name="id">A record that needs a person.</param>
    public void Stop(Guid id)
    {
        _entries.Stop(id);
        Changed();
    }

    /// <summary>
    /// Compares everything on this device with what is stored: after a reconnect, before the line is left behind, before the device is given away. What was acknowledged and is not there any more
    /// goes into the outbox again. Null: there was no answer.
    /// </summary>
    /// <param name="stop">Gives up waiting.</param>
    public async Task<QueueCheck?> ReconcileAsync(CancellationToken stop = default)
    {
        var check = await _server.ReconcileAsync(stop).ConfigureAwait(false);
        if (check?.Lost.Count > 0)
            Changed();
        return check;
    }

    /// <summary>What needs somebody of all this rep's records, as the server has it: also what another device of the rep has sent, and what an ERP did not take. Null: there was no answer.</summary>
    /// <param name="reason">refused, held, waiting, attention, reconnect or stopped; null: all but what was stopped.</param>
    /// <param name="stop">Gives up waiting.</param>
    public Task<IReadOnlyList<AttentionItem>?> AttentionAtServerAsync(string? reason = null, CancellationToken stop = default) => _server.AttentionAsync(reason, stop);

    /// <summary>Tries everything of this device again that was refused, is held or was not taken by a destination; verdicts are applied. Null: there was no answer.</summary>
    /// <param name="stop">Gives up waiting; what was tried stays so.</param>
    public async Task<RetryReport?> RetryErroredAsync(CancellationToken stop = default)
    {
        if (await _server.RetryErroredAsync(stop).ConfigureAwait(false) is not var (report, changed))
            return null;
        _strip.Count();
        foreach (var record in changed)
            Told?.Invoke(record);
        return report;
    }

    /// <summary>How the server has this device: when it last sent, pulled, and was complete. Null: there was no answer.</summary>
    /// <param name="stop">Gives up waiting.</param>
    public Task<ServerStatus?> StatusAsync(CancellationToken stop = default) => _server.StatusAsync(stop);

    /// <summary>Offers again everything the gateway has acknowledged and the device still keeps: after the server was set back, or to ask how it stands. Returns how much.</summary>
    public int OfferAgain()
    {
        var count = _records.OfferAgain();
        Changed();
        return count;
    }

    /// <summary>Keeps setup switches; the gateway is told with the next sync, once. One that is null stays as it is.</summary>
    /// <param name="switches">What was set.</param>
    public void Switch(SetupSwitches switches)
    {
        _switches.Set(switches);
        _loop.Wake();
    }

    /// <summary>Sends everything and brings what has changed, once, now.</summary>
    /// <param name="stop">Ends the run; what is not answered stays in the outbox, and a download goes on from its last checkpoint.</param>
    public Task<SyncReport> SyncNowAsync(CancellationToken stop = default) => _loop.RunOnceAsync(_options.Downloads, stop);

    /// <summary>Asks the gateway whether it knows anything that this device does not, before the line is left behind. Null: there was no answer.</summary>
    /// <param name="stop">Gives up waiting.</param>
    public Task<bool?> IsCurrentAsync(CancellationToken stop = default) => _server.IsCurrentAsync(stop);

    /// <summary>Sends whatever is captured and brings what changes, for as long as the app lives: with pauses while there is no line, never in step with other devices.</summary>
    /// <param name="stop">Ends it.</param>
    public Task RunAsync(CancellationToken stop) => _loop.RunAsync(stop);

    /// <summary>Tries at once: the platform says that the line is back.</summary>
    public void Wake() => _loop.LineIsBack();

    /// <inheritdoc />
    public void Dispose()
    {
        _loop.Dispose();
        _gateway.Dispose();
        _credentials.Dispose();
        _feed.Dispose();
        _file.Dispose();
    }

    private async Task EnrolAsync(EnrolmentCode code, CancellationToken stop)
    {
        var gateway = code.Gateway ?? Gateway
            ?? throw new DeviceTrouble("enrol.noGateway", "A code alone does not say where it is good. Scan the QR code that the office shows, or enter the address beside the code.");
        if (_options.Gateway is { } own && GatewayCalls.Root(own) != GatewayCalls.Root(gateway))
            throw new DeviceTrouble("enrol.otherGateway", $"This code is for {gateway}, and this app works with {own} only. Ask the office for a code of that one.");
        await _tokens.EnrolAsync(gateway, code.Text, _options.Name, stop).ConfigureAwait(false);
        _push.ForgetLimits();
        _pull.Prepare();
        _strip.Idle();
        _loop.LineIsBack();
    }

    private Captured Queued(Captured captured)
    {
        Changed();
        return captured;
    }

    // What is to be sent, or what needs a person, is not what it was.
    private void Changed()
    {
        _strip.Count();
        _loop.Wake();
    }
}
