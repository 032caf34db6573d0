using System.Diagnostics;
using OrderSync.Gateway.Sync;
using OrderSync.Gateway.Traffic;

namespace OrderSync.Gateway.Bundles;

/// <summary>Pushes the records of a part as their device would: the same bytes, the same verdicts. Those of a revoked device wait until the office has approved each.</summary>
internal sealed class BundlePush(PushPath path, Offers offers, BundleStore store, WaitingRoom room, TimeProvider time)
{
    /// <summary>Pushes a part's records; how many wait for the office. Null: the server could not finish, and the part is to be brought again.</summary>
    public async Task<int?> PushAsync(BundleDevice device, BundleHeader header, IReadOnlyList<ReadOnlyMemory<byte>> pieces, string language)
    {
        if (device.IsRevoked)
            return await PushFreeAsync(device, header, pieces, language);
        var lines = Enumerable.Range(1, pieces.Count).ToList();
        if (await TakeAsync(PushOf(device, language, approved: false), header, pieces, lines) is not { } taken)
            return null;
        // Revoked in this very moment: its next import finds it so.
        if (taken.DeviceGone || taken.Busy)
            return null;
        await store.EndAsync(device.Identity.CompanyId, header, CancellationToken.None);
        return 0;
    }

    /// <summary>Pushes records that the office has approved. False: the server could not finish; they can be approved again.</summary>
    public async Task<bool> PushApprovedAsync(BundleDevice device, BundleHeader header, IReadOnlyList<ReadOnlyMemory<byte>> pieces, IReadOnlyList<int> lines, string language) =>
        await TakeAsync(PushOf(device, language, approved: true), header, [.. lines.Select(line => pieces[line - 1])], lines) is { Busy: false };

    private async Task<int?> PushFreeAsync(BundleDevice device, BundleHeader header, IReadOnlyList<ReadOnlyMemory<byte>> pieces, string language)
    {
        var company = device.Identity.CompanyId;
        var (records, _) = offers.Read(company, pieces);
        var free = await store.FreeAsync(company, header, records, CancellationToken.None);
        var held = records.Where(record => !free.Contains(BundleStore.LineOf(record))).ToList();
        var waiting = await store.HoldAsync(company, header, held, CancellationToken.None);
        if (free.Count > 0 && !await PushApprovedAsync(device, header, pieces, [.. free.Order()], language))
            return null;
        await store.EndAsync(company, header, CancellationToken.None);
        return waiting;
    }

    // A part is one push of at most half as many records as a request may have.
    private async Task<Taken?> TakeAsync(Push push, BundleHeader header, IReadOnlyList<ReadOnlyMemory<byte>> pieces, IReadOnlyList<int> lines)
    {
        using var place = await room.EnterAsync(push.Device.CompanyId, CancellationToken.None);
        if (place is null)
            return null;
        var taken = await path.TakeAsync(push, pieces, 0, CancellationToken.None);
        if (taken is { Busy: false } && (push.Approved || !taken.DeviceGone))
            await store.TakeAsync(push.Device.CompanyId, header, taken, lines, CancellationToken.None);
        return taken;
    }

    // When it was sent nobody knows, so the device's clock is not corrected.
    private Push PushOf(BundleDevice device, string language, bool approved) => new(device.Identity, time.GetUtcNow(), TimeSpan.Zero, language, Activity.Current?.Id, FromCopy: true, Approved: approved);
}
