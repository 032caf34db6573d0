using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Office.NeedsAttention;

/// <summary>Which of what needs a person. Null = any.</summary>
/// <param name="Reason">held, refused, waiting, attention or reconnect; stopped only where it is said.</param>
/// <param name="Connection">Name of a connection; empty = what stands at the gateway itself.</param>
/// <param name="Kind">Kind of record.</param>
/// <param name="Code">Stable code; empty = none.</param>
/// <param name="Cause">What a group has in common beside its code, as the groups say it.</param>
internal sealed record AttentionFilter(string? Reason, string? Connection, string? Kind, string? Code, string? Cause)
{
    /// <summary>The parameters of <see cref="AttentionSources"/>: company, since when a wait is long, code, cause, kind, connection.</summary>
    public object[] Parameters(Guid company, DateTimeOffset now) =>
        [company, now - AttentionSources.LongWait, CompanyBatch.Maybe(Code), CompanyBatch.Maybe(Cause), CompanyBatch.Maybe(Kind), CompanyBatch.Maybe(Connection)];
}

/// <summary>Where a page ended: the next begins behind it, however the list has changed meanwhile.</summary>
internal sealed record AttentionPlace(DateTimeOffset Since, Guid Record, Guid Connection)
{
    /// <summary>Before the first.</summary>
    public static AttentionPlace Start { get; } = new(DateTimeOffset.MinValue, Guid.Empty, Guid.Empty);

    /// <inheritdoc />
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Since.UtcTicks / 10}_{Record:N}_{Connection:N}");

    /// <summary>Null stays null.</summary>
    public static bool TryRead(string? text, out AttentionPlace? place)
    {
        place = null;
        if (text is null)
            return true;
        if (text.Split('_') is not [var since, var record, var connection] || !long.TryParse(since, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var microseconds)
            || microseconds > DateTimeOffset.MaxValue.Ticks / 10 || !Guid.TryParseExact(record, "N", out var recordId) || !Guid.TryParseExact(connection, "N", out var connectionId))
            return false;
        place = new(new DateTimeOffset(microseconds * 10, TimeSpan.Zero), recordId, connectionId);
        return true;
    }

    /// <summary>As parameters.</summary>
    public object[] Parameters => [Since, Record, Connection];
}
