namespace OrderSync.Gateway.Feed.Collections;

/// <summary>Locations that a rep has saved, for the rep's devices.</summary>
internal sealed class SavedLocations : FeedCollection
{
    public override string Name => "locations";

    public override string First => Guid.Empty.ToString();

    protected override string From => "saved_location t";

    protected override string Key => "t.location_id::text";

    protected override string Scope => "array['rep:' || t.rep_id::text]";

    protected override string Live => "not t.removed";

    protected override string Columns => """t.name, trim_scale(t.latitude) as latitude, trim_scale(t.longitude) as longitude, t.customer_id as "customerId", t.notes""";

    protected override string Order => "t.location_id";

    protected override string After => "t.location_id > $3::uuid";

    protected override string Among => "t.location_id = any($3::uuid[])";
}
