namespace OrderSync.Console.Connections;

/// <summary>How a connection is, for a badge.</summary>
/// <param name="State">As the badge of states knows it.</param>
/// <param name="Word">What stands there.</param>
internal sealed record Health(string State, string Word)
{
    public static Health Of(bool answered, Standing? standing) => (answered, standing) switch
    {
        (false, _) => new("away", "Connector away"),
        (_, null) => new("attention", "Settings missing"),
        (_, { Reconnect: not null }) => new("reconnect", "Reconnect"),
        (_, { Paused: not null }) => new("paused", "Paused"),
        (_, { Rests: not null }) => new("waiting", "Resting"),
        _ => new("running", "Running"),
    };
}
