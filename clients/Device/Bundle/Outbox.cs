namespace OrderSync.Device;

/// <summary>What the gateway has not answered for: shown until it has, and written into a file where there will be no line for long.</summary>
public sealed class Outbox
{
    private readonly Records _records;
    private readonly Credentials _credentials;
    private readonly DeviceOptions _options;

    internal Outbox(Records records, Credentials credentials, DeviceOptions options) => (_records, _credentials, _options) = (records, credentials, options);

    /// <summary>All of it, in the order of capture. <see cref="DeviceRecord.ExportedAt"/> says which were exported already; they leave the list only once the gateway has answered.</summary>
    public IReadOnlyList<DeviceRecord> Records() => _records.Unsent();

    /// <summary>
    /// Writes all of it as a bundle: encrypted to the company's key, signed by the device's, to be carried to the office by whatever way there is. Needs no line, and may be repeated: what came
    /// to the gateway twice is there once.
    /// </summary>
    /// <param name="to">A file or a share; a part of at most 500 records is written at once.</param>
    /// <exception cref="DeviceTrouble">The device has not enrolled, or has not been online since its gateway knows bundles.</exception>
    public BundleReport Export(Stream to)
    {
        if (_credentials.Identity is not { } self)
            throw new DeviceTrouble("device.notEnrolled", "This device is not enrolled, so nobody could tell whose entries these are. Ask the office for a code; everything stays on the device.");
        if (_credentials.BundleKey is not { } key)
            throw new DeviceTrouble("bundle.noKey", "This device does not have its company's key for bundles yet. It gets it with its next connection, however short; everything stays on the device.");

        // Only places and sizes are held for the whole outbox; the records of one part at a time.
        var (parts, tooLarge) = Cut(_records.Sizes());
        var (bundle, now) = (Guid.CreateVersion7(), _options.Clock.GetUtcNow());
        for (var i = 0; i < parts.Count; i++)
            BundlePart.Write(to, new(bundle, self.CompanyId, self.DeviceId, i + 1, parts.Count, now), key, _records.At(parts[i]), _credentials.Sign64);
        to.Flush();
        _records.Exported(parts.SelectMany(part => part), now);
        return new BundleReport(bundle, parts.Count, parts.Sum(part => part.Count), [.. tooLarge.Select(seq => _records.At([seq])[0].Id)]);
    }

    private (List<List<long>> Parts, List<long> TooLarge) Cut(List<(long Seq, long Bytes)> sizes)
    {
        var (parts, tooLarge, bytes) = (new List<List<long>>(), new List<long>(), 0L);
        foreach (var (seq, size) in sizes)
        {
            if (size > BundlePart.MostBytes)
            {
                tooLarge.Add(seq);
                continue;
            }

            if (parts.Count == 0 || parts[^1].Count == _options.PartRecords || bytes + size > BundlePart.MostBytes)
            {
                parts.Add([]);
                bytes = 0;
            }

            parts[^1].Add(seq);
            bytes += size;
        }

        return (parts, tooLarge);
    }
}
