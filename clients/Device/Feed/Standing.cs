using System.Globalization;

namespace OrderSync.Device;

/// <summary>How far a device is with what the server knows.</summary>
internal sealed class Standing(FeedFile feed, DeviceOptions options)
{
    private const string Wipe = """
        delete from row; delete from staged; delete from term; delete from news; insert into words (words) values ('delete-all');
        update standing set epoch = null, offered = null, cursor = null, acknowledged = 0, synced_at = null, synced_here = null, mode = null, download = null, checkpoint = null, expected = null;
        """;

    /// <summary>What was pulled is this device's at its company. What another one pulled may not be its to see, and goes at once.</summary>
    public void BelongTo(Guid company, Guid device)
    {
        feed.Write(sql =>
        {
            if (sql.Count("select count(*) from standing where company_id = $1 and device_id = $2", Text(company), Text(device)) == 1)
                return true;
            sql.Execute(Wipe);
            return sql.Execute("update standing set company_id = $1, device_id = $2", Text(company), Text(device)) == 1;
        });
        feed.Commit();
    }

    /// <summary>Whether the server was set back since it was last heard, and nothing was offered to it again yet. An epoch that is heard first is simply kept.</summary>
    public bool IsSetBack(string epoch, string? reason)
    {
        var isSetBack = feed.Write(sql =>
        {
            sql.Execute("update standing set epoch = $1 where epoch is null", epoch);
            return sql.Count("select count(*) from standing where (epoch = $1 and not $2) or offered = $1", epoch, reason == FeedLine.NewEpoch) == 0;
        });
        feed.Commit();
        return isSetBack;
    }

    /// <summary>All that was acknowledged is in the outbox again for this epoch.</summary>
    public void Offered(string epoch) => Set("update standing set offered = $1", epoch);

    /// <summary>A download under this epoch is complete.</summary>
    public void Complete(string epoch) => Set("update standing set epoch = $1, offered = null", epoch);

    /// <summary>The cursor of a complete download that the server has not heard of; null: it has.</summary>
    public string? Unacknowledged => feed.Read(sql => sql.Query("select cursor from standing where cursor is not null and not acknowledged", row => row.GetString(0)).FirstOrDefault());

    /// <summary>The server has heard that all up to here is kept.</summary>
    public void Acknowledged(string cursor) => Set("update standing set acknowledged = 1 where cursor = $1", cursor);

    /// <summary>Where the last complete download ended.</summary>
    public string? Cursor => feed.Read(sql => sql.Query("select cursor from standing where cursor is not null", row => row.GetString(0)).FirstOrDefault());

    public Readiness Readiness => feed.Read(sql =>
    {
        var (at, here, isFull) = sql.Query(
            "select synced_at, synced_here, mode is 'full' from standing", row => (Time(row.IsDBNull(0) ? null : row.GetInt64(0)), Time(row.IsDBNull(1) ? null : row.GetInt64(1)), row.GetBoolean(2)))[0];
        if (here is null)
            return isFull ? Loading(sql) : new Readiness(ReadyState.Never);
        var isStale = options.Clock.GetUtcNow() - here > options.StaleAfter;
        return new Readiness(isStale ? ReadyState.Stale : ReadyState.Ready, AsOf: at ?? here);
    });

    /// <summary>How many days what was acknowledged is kept: as the company has set, else as the app has.</summary>
    public int KeepAcknowledgedDays => feed.Read(sql => sql.Query("select body from row where collection = $1 and key = 'keepAcknowledged'", row => (byte[])row.GetValue(0), FeedCollections.Settings))
        is [var body] && RowBody.Read(body, row => row.Whole("value") is >= 1 and <= 3_650 and var days ? days.ToString(CultureInfo.InvariantCulture) : null) is { } set
        ? int.Parse(set, CultureInfo.InvariantCulture)
        : options.KeepAcknowledgedDays;

    private static Readiness Loading(Statements sql) => new(
        ReadyState.Downloading, (int)sql.Count("select count(*) from staged"), sql.Query("select expected from standing where expected is not null", row => (int?)row.GetInt32(0)).FirstOrDefault());

    private void Set(string sql, string value)
    {
        feed.Write(statements => statements.Execute(sql, value));
        feed.Commit();
    }

    private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    private static string Text(Guid id) => id.ToString("D");
}
