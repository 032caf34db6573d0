namespace OrderSync.Gateway.Office.NeedsAttention;

/// <summary>One place where things stand that need a person, as SQL.</summary>
/// <param name="Reason">What it is called.</param>
/// <param name="AtGateway">Records that have not gone on; else deliveries to a connection.</param>
/// <param name="Where">Its condition on <c>record r</c> or <c>delivery d</c>.</param>
internal sealed record AttentionSource(string Reason, bool AtGateway, string Where);

/// <summary>
/// What needs a person, derived from what stands, so that nothing has to be cleared. Each source is a walk along one index in the order of its age, so that
/// a page stops after its last row and a count reads what it counts and no more. Parameters: see <see cref="AttentionFilter.Parameters"/>.
/// </summary>
internal static class AttentionSources
{
    public const string Stopped = "stopped";
    public const string Refused = "refused";

    /// <summary>What has waited longer needs a person, though it may still go on by itself.</summary>
    public static readonly TimeSpan LongWait = TimeSpan.FromDays(1);

    /// <summary>The order of lists: what has stood longest first.</summary>
    public const string Order = "since, record_id, coalesce(connection_id, '00000000-0000-0000-0000-000000000000')";

    private static readonly AttentionSource[] All =
    [
        new("held", true, "r.state = 'held'"),
        new(Refused, true, "r.state = 'refused'"),
        // Most companies have never stopped anything: one look says so for all that waits.
        new("waiting", true, """
            r.state = 'waiting' and (r.received_at < $2 or (select exists (select from record s where s.company_id = $1 and s.state = 'stopped'))
                and exists (select from record s where s.company_id = $1 and s.record_id = any(r.awaits) and s.state = 'stopped'))
            """),
        new("attention", false, "d.state = 'attention' and d.wish = 'push'"),
        new("reconnect", false, "d.state = 'reconnect' and d.wish = 'push'"),
        new("waiting", false, "d.state = 'waiting' and d.wish = 'push' and d.moved_at < $2"),
        new(Stopped, true, "r.state = 'stopped'"),
        new(Stopped, false, "d.state = 'stopped' and d.wish = 'stop'"),
        // What was stopped while its connector was away.
        new(Stopped, false, "d.state = 'attention' and d.wish = 'stop'"),
        new(Stopped, false, "d.state = 'reconnect' and d.wish = 'stop'"),
        new(Stopped, false, "d.state = 'waiting' and d.wish = 'stop' and d.moved_at < $2"),
    ];

    public static bool Knows(string reason) => All.Any(source => source.Reason == reason);

    /// <summary>The sources a filter can find something in. What was stopped is no longer anybody's business unless it is asked for.</summary>
    public static IEnumerable<AttentionSource> Of(AttentionFilter filter) => All.Where(source =>
        (filter.Reason is { } reason ? source.Reason == reason : source.Reason != Stopped)
        && (filter.Connection is null || filter.Connection.Length == 0 == source.AtGateway));

    /// <summary>All of them under the filter, with what lists and groups say of them.</summary>
    public static string Found(AttentionFilter filter) => string.Join("\nunion all\n", Of(filter).Select(source => $"({Select(source, "", "")})"));

    /// <summary>The first <c>$10</c> of each behind a place.</summary>
    public static string FirstOfEach(AttentionFilter filter) => string.Join("\nunion all\n", Of(filter).Select(source => $"({First(source, "$10")})"));

    /// <summary>The first of one source behind a place.</summary>
    public static string First(AttentionSource source, string limit)
    {
        var (since, record, connection) = source.AtGateway ? ("r.received_at", "r.record_id", "'00000000-0000-0000-0000-000000000000'::uuid") : ("d.moved_at", "d.record_id", "d.connection_id");
        return $"select * from ({Select(source, $"and {since} >= $7 and ({since}, {record}, {connection}) > ($7, $8, $9)", $"order by {since}, {record} limit {limit}")}) one order by {Order} limit {limit}";
    }

    /// <summary>How many, under the filter.</summary>
    public static string Count(AttentionFilter filter) =>
        $"select reason, count(*) from ({string.Join("\nunion all\n", Of(filter).Select(source => $"(select '{source.Reason}' as reason from ({Select(source, "", "")}) one)"))}) found group by 1";

    // Deliveries are asked for connection by connection: the index has the age only within one.
    private static string Select(AttentionSource source, string behind, string first) => source.AtGateway
        ? $"""
            select r.record_id, null::uuid as connection_id, null::text as connection, '{source.Reason}' as reason, r.code, {RecordCause} as cause, null::text as said, null::text as fix,
                0 as attempts, r.received_at as since, r.params, r.rev
            from record r
            where r.company_id = $1 and {source.Where} and ($3::text is null or coalesce(r.code, '') = $3) and ($4::text is null or {RecordCause} = $4) and ($5::text is null or r.kind = $5)
                and ($6::text is null or $6 = '') {behind} {first}
            """
        : $"""
            select d.record_id, x.connection_id, x.name as connection, '{source.Reason}' as reason, d.code, d.cause, d.reason as said, d.fix, d.attempts, d.moved_at as since, null::jsonb as params, d.rev
            from connection x cross join lateral (
                select d.record_id, d.connection_id, d.code, {DeliveryCause} as cause, d.reason, d.fix, d.attempts, d.moved_at, d.rev from delivery d
                where d.company_id = $1 and d.connection_id = x.connection_id and {source.Where}
                    and ($3::text is null or coalesce(d.code, '') = $3) and ($4::text is null or {DeliveryCause} = $4)
                    and ($5::text is null or exists (select from record k where k.company_id = $1 and k.record_id = d.record_id and k.kind = $5)) {behind} {first}) d
            where x.company_id = $1 and ($6::text is null or x.name = $6)
            """;

    // The thing that many records may stumble over alike; what is only one record's own would make a group of each.
    private const string RecordCause = "coalesce(r.params ->> 'customer', r.params ->> 'sku', r.params ->> 'schema')";

    // A destination says it in its sentence: without the line's place it is the same sentence for every record that has the same trouble.
    private const string DeliveryCause = """
        case when split_part(d.code, '.', 1) in ('item', 'tax', 'customer', 'payment', 'account', 'location') then case
            when d.reason like 'Line %: %' then substr(d.reason, strpos(d.reason, ': ') + 2) when d.reason like 'Shipping: %' then substr(d.reason, 11) else d.reason end end
        """;
}
