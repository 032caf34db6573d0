using OrderSync.Contracts.Records;

namespace OrderSync.Simulator.Fleet;

/// <summary>How a fleet is made up.</summary>
/// <param name="Gateway">The gateway.</param>
/// <param name="Folder">Where the devices' files lie; a later fleet in the same folder has the same devices.</param>
/// <param name="Devices">How many.</param>
/// <param name="Name">What they are called: "Replay 1", "Replay 2" …</param>
internal sealed record FleetPlan(Uri Gateway, string Folder, int Devices, string Name)
{
    /// <summary>The rep of a device, by its place from 0. One rep for all unless something else is said.</summary>
    public Func<int, string> RepOf { get; init; } = static _ => "Replay";

    /// <summary>What people call a device, by its place from 0; null = the fleet's name and its number.</summary>
    public Func<int, string>? NameOf { get; init; }

    /// <summary>Branch of all.</summary>
    public string Branch { get; init; } = "MAIN";

    /// <summary>What becomes of the requests of a device, by its place; null = a good line.</summary>
    public Func<int, Func<LineRequest, LineFate>?> LineOf { get; init; } = static _ => null;

    /// <summary>How the devices round tax.</summary>
    public TaxRounding Rounding { get; init; } = new("document", "halfUp");

    /// <summary>Whether the devices also keep what the server knows.</summary>
    public bool Downloads { get; init; }

    /// <summary>Bad lines for all, each with fates of its own that follow from one seed.</summary>
    public static Func<int, Func<LineRequest, LineFate>?> BadLines(int seed) => place => new BadLine(unchecked(seed * 31 + place)).FateOf;
}
