namespace OrderSync.Gateway.Feed.Collections;

/// <summary>What is sold. <c>search</c> is what people type, however they type it; what needs the server to be sold is not <c>offlineOrderable</c>.</summary>
internal sealed class Products : FeedCollection
{
    public override string Name => "products";

    protected override string From => "item t";

    protected override string Key => "t.sku";

    protected override string Scope => "t.scope";

    protected override string Live => "not t.removed";

    protected override string Columns => """
        t.sku, t.name, t.search, t.unit, trim_scale(t.price) as price, t.tax_code as "taxCode", trim_scale(t.tax_rate) as "taxRate", trim_scale(t.minimum_quantity) as "minimumQuantity",
        trim_scale(t.quantity_step) as "quantityStep", t.categories, t.collections, t.barcodes, t.attributes, t.specifications, t.description,
        not (t.needs_connection or t.has_modifiers) as "offlineOrderable", t.active
        """;

    protected override string Order => "t.sku using ~<~";

    protected override string After => "t.sku ~>~ $3";

    protected override string Among => "t.sku = any($3)";

    protected override string Proof => "t.proof";
}
