namespace OrderSync.Gateway.Feed.Collections;

/// <summary>What a device hears of the records it sent itself, those of the last 45 days: not part of the company's data, so nothing to be equal with.</summary>
internal abstract class OfRecords : FeedCollection
{
    public sealed override bool Hashed => false;

    public sealed override string First => Guid.Empty.ToString();

    protected override string From => "record t";

    protected sealed override string Key => "t.record_id::text";

    protected override string Live => "t.received_at > now() - interval '45 days'";

    protected sealed override string Order => "t.record_id";

    protected sealed override string After => "t.record_id > $3::uuid";

    protected sealed override string Among => "t.record_id = any($3::uuid[])";

    protected sealed override string Visible(string keys) => $"'device:' || t.device_id = any({keys})";
}
