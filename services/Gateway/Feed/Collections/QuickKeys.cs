namespace OrderSync.Gateway.Feed.Collections;

/// <summary>Buttons of registers.</summary>
internal sealed class QuickKeys : FeedCollection
{
    public override string Name => "quickKeys";

    protected override string From => "quick_key_layout t";

    protected override string Key => "t.name";

    protected override string Scope => "t.scope";

    protected override string Columns => "t.name, t.keys";

    protected override string Order => "t.name";

    protected override string After => "t.name > $3";

    protected override string Among => "t.name = any($3)";
}
