using Npgsql;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Feed;

/// <summary>How a pull begins.</summary>
/// <param name="Reading">Whose it is.</param>
/// <param name="From">Where it goes on.</param>
/// <param name="Reason">Why not simply with the changes since last time; null where it does.</param>
/// <param name="Resumed">It goes on where an earlier answer was cut off: what the device has staged still counts.</param>
/// <param name="UpToDate">Nothing has changed at all.</param>
internal sealed record Pull(Reading Reading, Cursor From, string? Reason, bool Resumed, bool UpToDate);

/// <summary>Decides from a cursor how a pull begins. One round trip of look-ups when nothing has changed.</summary>
internal sealed class Pulls(NpgsqlDataSource database, Cursors cursors, Scopes scopes, Shapes shapes, Epochs epochs)
{
    /// <summary>The beginning of a pull; null = the device is gone.</summary>
    public async Task<Pull?> BeginAsync(DeviceIdentity device, string? text, string language, bool withHashes, CancellationToken stop)
    {
        var cursor = string.IsNullOrEmpty(text) ? null : cursors.Read(text);
        if (await LookAsync(device, cursor?.Position ?? 0, stop) is not { } now)
            return null;
        if (cursor is not null && cursor.Company == device.CompanyId && (cursor.Epoch != now.Epoch || IsForked(cursor, now)) && await epochs.CheckAsync(device.CompanyId, FeedMark.Of(cursor), now.Epoch, stop))
        {
            if (await LookAsync(device, cursor.Position, stop) is not { } anew)
                return null;
            now = anew;
        }

        var (whyAnew, former) = string.IsNullOrEmpty(text) ? ("first", null) : await WhyAnewAsync(device, cursor, now, stop);
        var reading = new Reading(device, now, former, language, withHashes);
        if (whyAnew is null && cursor!.Phase == Phase.Whole && cursor.Scope == now.Scope && cursor.Shapes == shapes.Now && cursor.Position == now.Head && !withHashes)
            return new(reading, cursor, null, Resumed: false, UpToDate: true);

        await scopes.RememberAsync(device.CompanyId, now, stop);
        if (whyAnew is not null)
            return new(reading, Anew(device, now), whyAnew, Resumed: false, UpToDate: false);
        if (cursor!.Phase != Phase.Whole)
            return new(reading, cursor, null, Resumed: true, UpToDate: false);
        return cursor.Scope == now.Scope && cursor.Shapes == shapes.Now
            ? new(reading, cursor with { Phase = Phase.Changes }, null, Resumed: false, UpToDate: false)
            : new(reading, cursor with
            {
                Phase = Phase.Difference, Scope = now.Scope, Shapes = shapes.Now, FormerShapes = cursor.Shapes, Former = cursor.Scope == now.Scope ? 0 : cursor.Scope,
            }, "scope", Resumed: false, UpToDate: false);
    }

    /// <summary>How the device and its feed stand.</summary>
    public async Task<Standing?> LookAsync(DeviceIdentity device, long position, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.ForRecords(connection, device.CompanyId);
        Standing.Add(batch, device, position);
        await using var reader = await batch.ReadAsync(stop);
        return await Standing.ReadAsync(reader, stop);
    }

    /// <summary>Whether this cursor is one that this server, as it stands now, has given out.</summary>
    public static bool IsForked(Cursor cursor, Standing now) =>
        cursor.Epoch == now.Epoch && (cursor.Position > now.Head || (cursor.Position > now.Trimmed && now.TagThere != cursor.Tag));

    // Why all has to be sent anew, if it has; else the scope keys the device had before, if they were others.
    private async Task<(string? WhyAnew, string[]? Former)> WhyAnewAsync(DeviceIdentity device, Cursor? cursor, Standing now, CancellationToken stop)
    {
        if (cursor is null || cursor.Company != device.CompanyId || cursor.Device != device.DeviceId)
            return ("tooOld", null);
        if (cursor.Epoch != now.Epoch || IsForked(cursor, now))
            return ("newEpoch", null);
        if (cursor.Position < now.Trimmed)
            return ("tooOld", null);
        // What is staged was read with keys or in shapes that no longer hold.
        if (cursor.Phase != Phase.Whole && (cursor.Scope != now.Scope || cursor.Shapes != shapes.Now))
            return ("scope", null);
        var before = cursor.Phase == Phase.Whole ? cursor.Scope : cursor.Former;
        if (before == 0 || before == now.Scope)
            return (null, null);
        return await scopes.FindAsync(device.CompanyId, before, stop) is { } keys ? (null, keys) : ("scope", null);
    }

    private Cursor Anew(DeviceIdentity device, Standing now) =>
        new(device.CompanyId, device.DeviceId, now.Epoch, now.Head, now.HeadTag ?? Guid.Empty, now.Scope, shapes.Now) { Phase = Phase.Rows, IsFull = true };
}
