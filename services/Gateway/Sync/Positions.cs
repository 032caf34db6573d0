using OrderSync.Contracts.Records;

namespace OrderSync.Gateway.Sync;

/// <summary>Checks measured positions.</summary>
internal static class Positions
{
    private static readonly FigureAttribute Latitude = Limits.Figure<PositionBody>(nameof(PositionBody.Latitude));
    private static readonly FigureAttribute Longitude = Limits.Figure<PositionBody>(nameof(PositionBody.Longitude));
    private static readonly FigureAttribute Accuracy = Limits.Figure<PositionBody>(nameof(PositionBody.Accuracy));

    /// <summary>Whether there is none, or one on earth.</summary>
    public static bool Takes(PositionBody? position) =>
        position is null || (Latitude.Takes(position.Latitude) && Longitude.Takes(position.Longitude) && (position.Accuracy is not { } metres || Accuracy.Takes(metres)));
}
