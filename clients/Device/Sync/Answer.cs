namespace OrderSync.Device;

/// <summary>What came of one call.</summary>
internal abstract record Answer<T>
{
    private Answer()
    {
    }

    /// <summary>The server answered; <paramref name="ServerTime"/> by its clock.</summary>
    public sealed record Given(T Value, DateTimeOffset? ServerTime) : Answer<T>;

    /// <summary>The server understood and said no: asking the same again does not help.</summary>
    public sealed record Refused(int Status, string Code, string Message) : Answer<T>;

    /// <summary>Nobody knows what the server did: the line was cut, or it asks to come again. Asking again is right.</summary>
    /// <param name="Why">In words.</param>
    /// <param name="Reached">Whether the server was there at all.</param>
    /// <param name="After">When to come again, if it said so.</param>
    public sealed record None(string Why, bool Reached, TimeSpan? After = null) : Answer<T>;

    /// <summary>The same, of a call for something else.</summary>
    public Answer<TOther> As<TOther>() => this switch
    {
        Refused refused => new Answer<TOther>.Refused(refused.Status, refused.Code, refused.Message),
        None none => new Answer<TOther>.None(none.Why, none.Reached, none.After),
        _ => throw new InvalidOperationException("An answer that was given has a value of its own."),
    };
}
