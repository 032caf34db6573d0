namespace OrderSync.Contracts.Bus;

/// <summary>Configuration section <c>Levels</c> of the gateway and of each connector.</summary>
public sealed class LevelSettings
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Levels";

    /// <summary>
    /// 0 for a new installation. After a connector's database was restored from a backup it is set one higher than it ever was, for all replicas: the
    /// gateway then sends again what had been acknowledged. The gateway's own rises by itself: for it this is a floor.
    /// </summary>
    public long Epoch { get; set; }

    /// <summary>The epoch as it is told, where the database has one as well.</summary>
    public long Of(long level) => Math.Max(level, Epoch);

    /// <summary>What is wrong with the settings; null = nothing.</summary>
    public static string? WhyNot(LevelSettings settings) => settings.Epoch < 0 ? "Epoch must be 0 or more." : null;
}
