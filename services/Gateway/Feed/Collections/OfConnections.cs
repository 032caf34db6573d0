namespace OrderSync.Gateway.Feed.Collections;

/// <summary>Rows that connections bring, each under its own key: on the wire it is connection/key, so that a former source's row is never taken for the new one's.</summary>
internal abstract class OfConnections : FeedCollection
{
    public sealed override string First => $"{Guid.Empty}/";

    protected sealed override string Key => "t.connection_id || '/' || t.key";

    protected sealed override string Order => "t.key using ~<~, t.connection_id";

    protected sealed override string After => "t.key ~>=~ substr($3, 38) and (t.key ~>~ substr($3, 38) or t.connection_id > left($3, 36)::uuid)";

    protected sealed override string Among => "(t.connection_id, t.key) in (select left(k, 36)::uuid, substr(k, 38) from unnest($3::text[]) k)";
}
