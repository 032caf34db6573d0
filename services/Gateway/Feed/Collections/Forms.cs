namespace OrderSync.Gateway.Feed.Collections;

/// <summary>Forms to fill in: the newest version of each.</summary>
internal sealed class Forms : FeedCollection
{
    public override string Name => "forms";

    protected override string From => "form_version t";

    protected override string Key => "t.name";

    protected override string Live => "t.newest";

    protected override string Columns => "t.version, t.title, t.fields";

    protected override string Order => "t.name";

    protected override string After => "t.name > $3";

    protected override string Among => "t.name = any($3)";
}
