namespace OrderSync.Gateway.Feed.Collections;

/// <summary>Which images there are of a product, for who sees the product. The bytes are fetched apart, when the line is good.</summary>
internal sealed class Images : FeedCollection
{
    public override string Name => "images";

    public override string First => "/-2147483648";

    protected override string From => "product_image t join image i on i.company_id = t.company_id and i.sha256 = t.sha256";

    protected override string Key => "t.sku || '/' || t.place";

    protected override string Scope => "image_scope(t.company_id, t.sku)";

    protected override string Columns => """t.sku, t.place, encode(t.sha256, 'hex') as sha256, length(i.bytes) as bytes, i.content_type as "contentType" """;

    protected override string Order => "t.sku using ~<~, t.place";

    protected override string After => @"t.sku ~>=~ regexp_replace($3, '/-?\d+$', '') and (t.sku ~>~ regexp_replace($3, '/-?\d+$', '') or t.place > substring($3 from '-?\d+$')::int)";

    protected override string Among => @"(t.sku, t.place) in (select regexp_replace(k, '/-?\d+$', ''), substring(k from '-?\d+$')::int from unnest($3::text[]) k)";
}
