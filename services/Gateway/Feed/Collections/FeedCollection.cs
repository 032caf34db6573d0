namespace OrderSync.Gateway.Feed.Collections;

/// <summary>
/// A collection that devices hold a copy of: what its rows are made of, in SQL over the row <c>t</c> of its table. Rows are read by key or in the order of
/// their keys; <c>$1</c> is the company and <c>$2</c> the reader's scope keys.
/// </summary>
internal abstract class FeedCollection
{
    /// <summary>Name on the wire.</summary>
    public abstract string Name { get; }

    /// <summary>Raised when <see cref="Columns"/> change: devices then get the whole collection anew.</summary>
    public virtual int Shape => 1;

    /// <summary>Whether a count and a hash prove that a device has it all. Not for what depends on the reader.</summary>
    public virtual bool Hashed => true;

    /// <summary>Comes before every key.</summary>
    public virtual string First => "";

    /// <summary>Tables, with the row's own as t.</summary>
    protected abstract string From { get; }

    /// <summary>The key as text.</summary>
    protected abstract string Key { get; }

    /// <summary>Who sees the row, as text[]; null = every device.</summary>
    protected virtual string? Scope => null;

    /// <summary>Whether any device sees it.</summary>
    protected virtual string Live => "true";

    /// <summary>What devices see of it, named as on the wire.</summary>
    protected abstract string Columns { get; }

    /// <summary>The order of keys; of texts by their bytes, since only those comparisons reach an index under row-level security.</summary>
    protected abstract string Order { get; }

    /// <summary>Whether it comes after the key <c>$3</c>.</summary>
    protected abstract string After { get; }

    /// <summary>Whether its key is one of <c>$3</c>.</summary>
    protected abstract string Among { get; }

    /// <summary>The row's text for its reader. As the database made it, unless it holds words for people or is signed.</summary>
    public virtual ReadOnlyMemory<byte> Text(string key, byte[] body, Reading reading) => body;

    /// <summary>A page in the order of keys: key and text of rows after <c>$3</c>, at most <c>$4</c>.</summary>
    public string Page => $"select {Key}, {Body} from {From} where t.company_id = $1 and {Live} and {Visible("$2")} and {After} order by {Order} limit $4";

    /// <summary>Rows of the keys <c>$3</c>: key, whether the reader sees it, text if so. What is not there any more gives none.</summary>
    public string Rows => $"select {Key}, {Visible("$2")}, case when {Visible("$2")} then {Body} end from {From} where t.company_id = $1 and {Live} and {Among}";

    /// <summary>Rows that the reader sees now and did not with the keys <c>$5</c>, or the other way round: as <see cref="Rows"/>, a page of them.</summary>
    public string Difference =>
        $"select {Key}, {Visible("$2")}, case when {Visible("$2")} then {Body} end from {From} where t.company_id = $1 and {Live} and ({Visible("$2")}) <> ({Visible("$5")}) and {After} order by {Order} limit $4";

    /// <summary>Rows that the reader sees now, and those it saw with the keys <c>$5</c> only.</summary>
    public string Renewal =>
        $"select {Key}, {Visible("$2")}, case when {Visible("$2")} then {Body} end from {From} where t.company_id = $1 and {Live} and ({Visible("$2")} or {Visible("$5")}) and {After} order by {Order} limit $4";

    /// <summary>How many rows the reader sees, and what all of them together come to; null where nobody can say at once.</summary>
    public virtual string Hash => $"select count(*), coalesce(bit_xor({Proof}), 0) from {From} where t.company_id = $1 and {Live} and {Visible("$2")}";

    /// <summary>Whether rows may be seen by some devices only.</summary>
    public bool IsScoped => Visible("$2") != "true";

    /// <summary>What a row adds to the hash; large collections keep it beside the row.</summary>
    protected virtual string Proof => $"feed_proof({Key}, {Body})";

    protected virtual string Visible(string keys) => Scope is null ? "true" : $"({Scope} = '{{}}' or {Scope} && {keys})";

    /// <summary>The row as text; equal data give equal bytes.</summary>
    protected virtual string Body => $"json_strip_nulls(row_to_json((select x from (select {Columns}) x)))::text";
}
