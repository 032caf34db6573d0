namespace OrderSync.Contracts.Bus;

/// <summary>Configuration section <c>Levels</c> of the gateway and of each connector.</summary>
public sealed class LevelSettings
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Levels";

    /// <summary>
    /// 0 for a new installation. After this service's database was restored from a backup it is set one higher than it ever was, for all replicas: the
    /// other side then sends again what had been acknowledged.
    /// </summary>
    public long Epoch { get; set; }

    /// <summary>What is wrong with the settings; null = nothing.</summary>
    public static string? WhyNot(LevelSettings settings) => settings.Epoch < 0 ? "Epoch must be 0 or more." : null;
}
