using Npgsql;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Feed;

/// <summary>A device has applied everything up to this cursor.</summary>
/// <param name="Cursor">From the last line of a pull.</param>
/// <param name="Waiting">Records that the device still has to send; left out: as it said with its last push.</param>
internal sealed record PullAcknowledgement(string? Cursor, int? Waiting = null);

/// <summary>Answer to an acknowledgement.</summary>
/// <param name="Ready">The device has everything and may be used without a line.</param>
/// <param name="LastPullAt">When it last had everything, as the office sees it.</param>
/// <param name="LastCompleteSyncAt">When it last had everything and had nothing to send, as the office sees it.</param>
internal sealed record PullReady(bool Ready, DateTimeOffset? LastPullAt = null, DateTimeOffset? LastCompleteSyncAt = null);

/// <summary>Whether a device knows everything.</summary>
/// <param name="Current">No change that it may see is newer than the cursor.</param>
/// <param name="Ready">It acknowledged a whole download.</param>
/// <param name="ServerTime">The server's clock.</param>
/// <param name="Position">The cursor's place in the feed; null where it has to download anew.</param>
/// <param name="Head">The newest place in the feed.</param>
/// <param name="LastPushAt">When the device last sent something.</param>
/// <param name="LastPullAt">When it last acknowledged a whole pull.</param>
/// <param name="LastCompleteSyncAt">When it last did so with nothing left to send.</param>
internal sealed record PullStatus(
    bool Current, bool Ready, DateTimeOffset ServerTime, long? Position, long Head, DateTimeOffset? LastPushAt, DateTimeOffset? LastPullAt, DateTimeOffset? LastCompleteSyncAt);

/// <summary>What devices say of their copies, and ask of them: <c>/v1/sync/pull/ack</c> and <c>/v1/sync/status</c>.</summary>
internal sealed class Acknowledgements(NpgsqlDataSource database, Cursors cursors, Pulls pulls, Pages pages, Shapes shapes, TimeProvider time)
{
    /// <summary>A device is ready once it has acknowledged the end of a pull: whatever came before it was a whole download.</summary>
    public async Task<IResult> TakeAsync(HttpContext http, PullAcknowledgement? request, CancellationToken stop)
    {
        var device = http.Features.Get<DeviceIdentity>()!;
        if (string.IsNullOrEmpty(request?.Cursor))
            return Problems.Bad("pull.cursor", "Send cursor: the one in the last line of the pull that was applied.");
        var cursor = cursors.Read(request.Cursor);
        if (cursor is { Phase: not Phase.Whole })
            return Problems.Conflict("pull.unfinished", "This is a checkpoint of a pull that is not over. Go on from it, and acknowledge the cursor in its last line.");

        var now = await pulls.LookAsync(device, cursor?.Position ?? 0, stop);
        if (now is null)
            return DeviceStanding.Refusal;
        if (cursor is null || cursor.Company != device.CompanyId || cursor.Device != device.DeviceId || cursor.Epoch != now.Epoch || Pulls.IsForked(cursor, now))
            return Results.Ok(new PullReady(false));

        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, device.CompanyId);
        batch.Add("""
            update device set ready_at = case when ready_epoch = $4 then ready_at else $3 end, ready_epoch = $4, last_pull_at = $3,
                last_complete_sync_at = case when coalesce($5, waiting, 0) = 0 then $3 else last_complete_sync_at end
            where company_id = $1 and device_id = $2 returning last_push_at, last_pull_at, last_complete_sync_at
            """, device.CompanyId, device.DeviceId, time.GetUtcNow(), cursor.Epoch, CompanyBatch.Maybe(request.Waiting));
        var (_, pull, complete) = await TimesAsync(batch, stop);
        return Results.Ok(new PullReady(true, pull, complete));
    }

    /// <summary>Whether the device can leave the line behind.</summary>
    public async Task<IResult> StatusAsync(HttpContext http, string? text, CancellationToken stop)
    {
        var device = http.Features.Get<DeviceIdentity>()!;
        var cursor = string.IsNullOrEmpty(text) ? null : cursors.Read(text);
        var now = await pulls.LookAsync(device, cursor?.Position ?? 0, stop);
        if (now is null)
            return DeviceStanding.Refusal;
        var (push, pull, complete) = await TimesAsync(device, stop);
        if (cursor is null || cursor.Company != device.CompanyId || cursor.Device != device.DeviceId || cursor.Epoch != now.Epoch || Pulls.IsForked(cursor, now) || cursor.Position < now.Trimmed)
            return Results.Ok(new PullStatus(false, now.Ready, time.GetUtcNow(), null, now.Head, push, pull, complete));

        var current = cursor.Phase == Phase.Whole && cursor.Scope == now.Scope && cursor.Shapes == shapes.Now
            && (cursor.Position == now.Head || await pages.NothingAfterAsync(device, now, cursor.Position, stop));
        return Results.Ok(new PullStatus(current, now.Ready, time.GetUtcNow(), cursor.Position, now.Head, push, pull, complete));
    }

    private async Task<(DateTimeOffset? Push, DateTimeOffset? Pull, DateTimeOffset? Complete)> TimesAsync(DeviceIdentity device, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, device.CompanyId);
        batch.Add("select last_push_at, last_pull_at, last_complete_sync_at from device where company_id = $1 and device_id = $2", device.CompanyId, device.DeviceId);
        return await TimesAsync(batch, stop);
    }

    private static async Task<(DateTimeOffset? Push, DateTimeOffset? Pull, DateTimeOffset? Complete)> TimesAsync(NpgsqlBatch batch, CancellationToken stop)
    {
        await using var reader = await batch.ReadAsync(stop);
        var times = await reader.ReadAsync(stop) ? (Time(0), Time(1), Time(2)) : default;
        await reader.EndAsync(stop);
        return times;

        DateTimeOffset? Time(int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
    }
}
