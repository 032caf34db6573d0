using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OrderSync.Simulator.Fleet;

/// <summary>What a simulated device keeps between two runs.</summary>
internal sealed record RememberedDevice(string DeviceId, string HardwareId, string PrivateKey, string RefreshToken);

/// <summary>Keeps the devices of a gateway's company in one file that only its owner can read.</summary>
internal sealed class DeviceMemory
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Lock _lock = new();
    private readonly string _file;
    private readonly Dictionary<string, List<RememberedDevice>> _all;
    private readonly List<RememberedDevice> _mine;

    public DeviceMemory(string folder, Uri gateway, string apiKey)
    {
        _file = Path.Combine(folder, "replay-devices.json");
        _all = Read(_file);
        var company = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(apiKey)))[..12];
        var key = $"{gateway.Authority}/{company}";
        if (!_all.TryGetValue(key, out _mine!))
            _all.Add(key, _mine = []);
    }

    public RememberedDevice? Find(int index)
    {
        lock (_lock)
            return index < _mine.Count ? _mine[index] : null;
    }

    /// <summary>Keeps a device in place of what stood there before; on disk when this returns.</summary>
    public void Keep(int index, RememberedDevice device)
    {
        lock (_lock)
        {
            if (index < _mine.Count)
                _mine[index] = device;
            else
                _mine.Add(device);
            Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
            var next = _file + ".new";
            using (var stream = new FileStream(next, Private()))
            {
                JsonSerializer.Serialize(stream, _all, Json);
                stream.Flush(flushToDisk: true);
            }

            File.Move(next, _file, overwrite: true);
        }
    }

    private static FileStreamOptions Private()
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private static Dictionary<string, List<RememberedDevice>> Read(string file)
    {
        if (!File.Exists(file))
            return [];
        using var stream = File.OpenRead(file);
        return JsonSerializer.Deserialize<Dictionary<string, List<RememberedDevice>>>(stream, Json) ?? [];
    }
}
