namespace OrderSync.Contracts.Records;

/// <summary>A place on earth, as the device measured it.</summary>
/// <param name="Latitude">Degrees, south is negative.</param>
/// <param name="Longitude">Degrees, west is negative.</param>
/// <param name="Accuracy">Metres.</param>
public sealed record PositionBody(
    [property: Figure(-90, 90)] decimal Latitude, [property: Figure(-180, 180)] decimal Longitude, [property: Figure(0, 1e7)] decimal? Accuracy = null);
