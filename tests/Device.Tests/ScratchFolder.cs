using OrderSync.Testing.Run;

namespace OrderSync.Device.Tests;

/// <summary>A folder of a test's own, with room for one device's file.</summary>
public sealed class ScratchFolder : IDisposable
{
    public string Folder { get; } = TestFolder.Create("device");

    /// <summary>Where the device's file goes.</summary>
    public string File => Path.Combine(Folder, "device.db");

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
