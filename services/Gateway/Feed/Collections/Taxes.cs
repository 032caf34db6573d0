namespace OrderSync.Gateway.Feed.Collections;

/// <summary>Tax codes with their rates.</summary>
internal sealed class Taxes : FeedCollection
{
    public override string Name => "taxes";

    protected override string From => "tax t";

    protected override string Key => "t.code";

    protected override string Columns => "t.code, t.name, trim_scale(t.rate) as rate";

    protected override string Order => "t.code";

    protected override string After => "t.code > $3";

    protected override string Among => "t.code = any($3)";
}
