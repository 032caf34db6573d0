namespace OrderSync.Device.Tests;

/// <summary>A device at a scripted feed.</summary>
internal sealed class PullingDevice : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly Func<DeviceOptions, DeviceOptions>? _with;

    public PullingDevice(ScriptedFeed? feed = null, Func<DeviceOptions, DeviceOptions>? with = null)
    {
        (Feed, _with) = (feed ?? new ScriptedFeed(), with);
        Enrol(_folder.File);
        Open();
    }

    public ScriptedFeed Feed { get; }

    public SyncDevice Device { get; private set; } = null!;

    public string File => _folder.File;

    public List<DeviceRecord> Told { get; } = [];

    /// <summary>Makes a file that is enrolled somewhere.</summary>
    public static void Enrol(string path)
    {
        using var file = DeviceFile.Open(path, null);
        using var credentials = new Credentials(file, new DeviceOptions());
        credentials.Enrolled(CapturingApp.Nowhere, Guid.NewGuid(), Guid.NewGuid(), "token", "refresh");
    }

    public void Reopen()
    {
        Device.Dispose();
        Open();
    }

    /// <summary>Closes the app, does something to its files and opens it again.</summary>
    public void Meanwhile(Action<string> does)
    {
        Device.Dispose();
        does(File);
        Open();
    }

    public void AssertEqualsServer() => Assert.Equal(Feed.Contents().OrderBy(one => one.Key, StringComparer.Ordinal), Device.Catalogue.Contents().OrderBy(one => one.Key, StringComparer.Ordinal));

    public void Dispose()
    {
        Device.Dispose();
        Feed.Dispose();
        _folder.Dispose();
    }

    private void Open()
    {
        var options = new DeviceOptions { Gateway = CapturingApp.Nowhere, Handler = Feed };
        Device = SyncDevice.Open(File, _with?.Invoke(options) ?? options);
        Device.Told += Told.Add;
    }
}
