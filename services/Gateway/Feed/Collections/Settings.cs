namespace OrderSync.Gateway.Feed.Collections;

/// <summary>What the company has set; what it has not is the default of whoever reads it.</summary>
internal sealed class Settings : FeedCollection
{
    public override string Name => "settings";

    protected override string From => "company_setting t";

    protected override string Key => "t.name";

    protected override string Columns => "t.value";

    protected override string Order => "t.name";

    protected override string After => "t.name > $3";

    protected override string Among => "t.name = any($3)";
}
