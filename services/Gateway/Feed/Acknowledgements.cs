using Npgsql;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Feed;

/// <summary>A device has applied everything up to this cursor.</summary>
/// <param name="Cursor">From the last line of a pull.</param>
internal sealed record PullAcknowledgement(string? Cursor);

/// <summary>Answer to an acknowledgement.</summary>
/// <param name="Ready">The device has everything and may be used without a line.</param>
internal sealed record PullReady(bool Ready);

/// <summary>Whether a device knows everything.</summary>
/// <param name="Current">No change that it may see is newer than the cursor.</param>
/// <param name="Ready">It acknowledged a whole download.</param>
/// <param name="ServerTime">The server's clock.</param>
/// <param name="Position">The cursor's place in the feed; null where it has to download anew.</param>
/// <param name="Head">The newest place in the feed.</param>
internal sealed record PullStatus(bool Current, bool Ready, DateTimeOffset ServerTime, long? Position, long Head);

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
        batch.Add("update device set ready_at = case when ready_epoch = $4 then ready_at else $3 end, ready_epoch = $4, last_pull_at = $3 where company_id = $1 and device_id = $2",
            device.CompanyId, device.DeviceId, time.GetUtcNow(), cursor.Epoch);
        await batch.ExecuteNonQueryAsync(stop);
        return Results.Ok(new PullReady(true));
    }

    /// <summary>Whether the device can leave the line behind.</summary>
    public async Task<IResult> StatusAsync(HttpContext http, string? text, CancellationToken stop)
    {
        var device = http.Features.Get<DeviceIdentity>()!;
        var cursor = string.IsNullOrEmpty(text) ? null : cursors.Read(text);
        var now = await pulls.LookAsync(device, cursor?.Position ?? 0, stop);
        if (now is null)
            return DeviceStanding.Refusal;
        if (cursor is null || cursor.Company != device.CompanyId || cursor.Device != device.DeviceId || cursor.Epoch != now.Epoch || Pulls.IsForked(cursor, now) || cursor.Position < now.Trimmed)
            return Results.Ok(new PullStatus(false, now.Ready, time.GetUtcNow(), null, now.Head));

        var current = cursor.Phase == Phase.Whole && cursor.Scope == now.Scope && cursor.Shapes == shapes.Now
            && (cursor.Position == now.Head || await pages.NothingAfterAsync(device, now, cursor.Position, stop));
        return Results.Ok(new PullStatus(current, now.Ready, time.GetUtcNow(), cursor.Position, now.Head));
    }
}
