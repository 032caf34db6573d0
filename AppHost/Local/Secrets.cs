using System.Text.Json;

namespace OrderSync.AppHost.Local;

/// <summary>Passwords and keys made for this machine; only its owner can read the file.</summary>
internal sealed class Secrets(string file)
{
    private readonly Lock turn = new();
    private Dictionary<string, string>? known;

    public string Of(string name, Func<string> make)
    {
        lock (turn)
        {
            known ??= Files.ReadJson<Dictionary<string, string>>(file) ?? [];
            if (!known.TryGetValue(name, out var value))
            {
                known[name] = value = make();
                Files.WritePrivate(file, JsonSerializer.Serialize(known, Files.Json));
            }
            return value;
        }
    }
}
