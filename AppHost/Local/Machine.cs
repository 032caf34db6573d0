namespace OrderSync.AppHost.Local;

/// <summary>What one state folder remembers between runs: which ports were taken and which secrets were made.</summary>
internal sealed class Machine(string folder)
{
    public string Folder => folder;
    public Ports Ports { get; } = new(folder);
    public Secrets Secrets { get; } = new(Path.Combine(folder, "secrets.json"));
    public string LogOf(string part) => Path.Combine(folder, "logs", $"{part}.log");
}
