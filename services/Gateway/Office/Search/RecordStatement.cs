using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Office.Search;

/// <summary>
/// The statement that reads one page. The most selective thing asked for chooses the source: ids that were looked up, or streams of rows that an index
/// yields newest first, such as one for each customer. Each stream stops after a page and what else was asked for is checked on its rows, so that
/// the cost does not grow with the number of stored records.
/// </summary>
internal sealed class RecordStatement
{
    private readonly RecordFilter filter;
    private readonly Candidates candidates;
    private readonly string page;

    public RecordStatement(Guid company, RecordFilter filter, Candidates candidates, int rows)
    {
        (this.filter, this.candidates) = (filter, candidates);
        Parameters.Add(company);
        var limit = Parameter(rows);
        var from = filter.Next is { } next && PageEnd.Read(next) is { } end
            ? $"and r.received_at <= {Parameter(end.ReceivedAt)} and (r.received_at < ${Parameters.Count} or r.record_id < {Parameter(end.RecordId)})"
            : "";
        // All that came in the same instant belong together: so the order of the index is enough, and no plan needs to sort.
        page = $"{from} order by r.received_at desc fetch first ({limit}) rows with ties";
        Sql = $"""
            with recursive {Source(out var source)}
            select r.record_id, r.kind, n.number, r.reference, r.state, r.code, r.params::text, r.customer_id, c.name, p.name, b.code, r.device_id, r.currency, r.total,
                r.document_date, r.captured_at, r.captured_offset, r.received_at,
                coalesce((select jsonb_object_agg(x.name, d.state order by d.rev) from delivery d join connection x on x.company_id = d.company_id and x.connection_id = d.connection_id
                    where d.company_id = $1 and d.record_id = r.record_id), '{"{}"}'::jsonb)::text
            from (select record_id from ({source}) r order by r.received_at desc, r.record_id desc limit {limit}) found
            join record r on r.company_id = $1 and r.record_id = found.record_id
            join rep p on p.company_id = $1 and p.rep_id = r.rep_id
            join branch b on b.company_id = $1 and b.branch_id = r.branch_id
            left join record_number n on n.company_id = $1 and n.record_id = r.record_id
            left join customer c on c.company_id = $1 and c.customer_id = r.customer_id
            order by r.received_at desc, r.record_id desc
            """;
    }

    public string Sql { get; }

    public List<object> Parameters { get; } = [];

    private string Source(out string source)
    {
        var ids = new[] { candidates.Numbered, candidates.Referenced, candidates.NumberedOutside, candidates.Lined, candidates.Delivered }.Where(list => list is not null).MinBy(list => list!.Length);
        var customers = filter.CustomerId is not { } customer ? candidates.Customers : candidates.Customers?.Contains(customer) == false ? [] : [customer];
        if (ids is not null && !((ids == candidates.Delivered || ids == candidates.Lined) && customers is not null))
            source = Ids(ids);
        else if (customers is not null)
            source = Customers(customers);
        else if (candidates is { Found: { } found, FoundOutside: { } outside, FoundLined: { } lined, FoundCustomers: { } owners })
            source = $"({Ids([.. found, .. outside, .. lined])}) union ({Customers(owners)})";
        else if (filter.Device is not null || filter.Rep is not null)
            return People(out source);
        else if (filter.State is not null and not "accepted")
            source = Rows($"r.state = '{filter.State}' and r.state <> 'accepted'");
        else if (filter.From is not null || filter.To is not null)
            return Days(out source);
        else if (filter.Branch is not null)
            return People(out source);
        else if (filter.Kind is not null)
            source = Rows("true");
        else
            return Streams("kind", "true", out source);
        return "nothing as (select 1)";
    }

    private string Ids(Guid[] ids) => Rows($"r.record_id = any({Parameter(ids)})");

    // A filter the stream itself keeps is left out: given twice, PostgreSQL may look it up as a list and lose the index's order.
    private string Rows(string condition, params ReadOnlySpan<string> kept)
    {
        var text = new System.Text.StringBuilder($"select r.record_id, r.received_at from record r where r.company_id = $1 and {condition}");
        foreach (var (column, filter) in Filters())
            if (!kept.Contains(column))
                text.Append(" and ").Append(filter());
        return text.Append(' ').Append(page).ToString();
    }

    private string Customers(Guid[] customers) =>
        $"select x.record_id, x.received_at from unnest({Parameter(customers)}::uuid[]) s (id) cross join lateral ({Rows("r.customer_id = s.id", "customer_id")}) x";

    private string People(out string source)
    {
        var wanted = new List<string> { "true" };
        if (filter.Branch is not null)
            wanted.Add($"s.branch_id = any({Parameter(candidates.Branches)})");
        if (filter.Rep is not null)
            wanted.Add($"s.rep_id = any({Parameter(candidates.Reps)})");
        if (filter.Device is { } device)
            wanted.Add($"s.device_id = {Parameter(device)}");
        return Streams("kind, branch_id, rep_id, device_id", string.Join(" and ", wanted), out source);
    }

    private string Days(out string source) => Streams(
        "kind, document_date", $"s.document_date >= {Parameter(filter.From ?? DateOnly.MinValue)} and s.document_date <= {Parameter(filter.To ?? DateOnly.MaxValue)}", out source);

    // The different keys of an index are found by jumping from each to the next greater one; each is a stream of rows, newest first.
    private string Streams(string columns, string wanted, out string source)
    {
        // One kind stands beside the comparison, not in it: a row comparison that begins with a column fixed elsewhere does not start the index scan.
        var ofKind = filter.Kind is { } kind ? $"and r.kind = {Parameter(kind)}" : "";
        var names = columns.Split(", ").Where(name => filter.Kind is null || name != "kind").ToArray();
        var row = string.Join(", ", names.Select(name => $"r.{name}"));
        var before = string.Join(", ", names.Select(name => $"s.{name}"));
        source = $"""
            select x.record_id, x.received_at from streams s
            cross join lateral ({Rows(string.Join(" and ", names.Select(name => $"r.{name} = s.{name}")), names)}) x where {wanted}
            """;
        return $"""
            streams as (
                (select {row} from record r where r.company_id = $1 {ofKind} order by {row} limit 1)
                union all
                select x.* from streams s cross join lateral (
                    select {row} from record r where r.company_id = $1 {ofKind} and ({row}) > ({before}) order by {row} limit 1) x)
            """;
    }

    private IEnumerable<(string Column, Func<string> Filter)> Filters()
    {
        if (filter.Kind is { } kind)
            yield return ("kind", () => $"r.kind = {Parameter(kind)}");
        if (filter.State is { } state)
            yield return ("state", () => $"r.state = {Parameter(state)}");
        if (filter.CustomerId is { } customer)
            yield return ("customer_id", () => $"r.customer_id = {Parameter(customer)}");
        if (filter.From is { } from)
            yield return ("document_date", () => $"r.document_date >= {Parameter(from)}");
        if (filter.To is { } to)
            yield return ("document_date", () => $"r.document_date <= {Parameter(to)}");
        if (filter.Device is { } device)
            yield return ("device_id", () => $"r.device_id = {Parameter(device)}");
        if (filter.Rep is not null)
            yield return ("rep_id", () => $"r.rep_id = any({Parameter(candidates.Reps)})");
        if (filter.Branch is not null)
            yield return ("branch_id", () => $"r.branch_id = any({Parameter(candidates.Branches)})");
        if (filter.Number is { } number)
            yield return ("number", () => $"({Begins(Number, number)})");
        if (filter.Reference is { } reference)
            yield return ("reference", () => $"({Begins("r.reference", reference)})");
        if (filter.ExternalNumber is { } external)
            yield return ("external_number", () => Has("delivery", Begins("x.external_number", external)));
        if (filter.Sku is { } sku)
            yield return ("sku", () => Line(sku));
        if (filter.CustomerNumber is not null)
            yield return ("customer_id", () => $"r.customer_id = any({Parameter(candidates.Customers ?? [])})");
        else if (filter.Customer is { } name)
            yield return ("customer", () => $"{CustomerText} like lower({Parameter(Candidates.Pattern(name))})");
        if (filter.Search is { } search)
            yield return ("search", () => $"({string.Join(" or ", Found(search))})");
        if (filter.Destination is not null || filter.DestinationState is not null)
            yield return ("delivery", Delivered);
    }

    // A subquery in the place of a value is asked for each row that comes so far; an EXISTS might become a join with the whole table.
    private const string Number = "(select n.number from record_number n where n.company_id = r.company_id and n.record_id = r.record_id)";

    private const string CustomerText = "(select c.search from customer c where c.company_id = r.company_id and c.customer_id = r.customer_id)";

    // What nothing has is not asked of each row.
    private IEnumerable<string> Found(string search)
    {
        yield return Begins(Number, search);
        yield return Begins("r.reference", search);
        yield return $"{CustomerText} like lower({Parameter(Candidates.Pattern(search))})";
        if (candidates.FoundOutside is not [])
            yield return Has("delivery", $"x.external_number = any({Parameter(Candidates.Spellings(search))})");
        if (candidates.FoundLined is not [])
            yield return Line(search);
    }

    private string Line(string sku) => Has("order_line", $"x.rev = r.rev and x.sku = any({Parameter(Candidates.Spellings(sku))})");

    // As above.
    private static string Has(string table, string condition) => $"(select count(*) from {table} x where x.company_id = r.company_id and x.record_id = r.record_id and ({condition})) > 0";

    private string Begins(string value, string text)
    {
        var ends = Candidates.Prefix(text).Select(Parameter).ToArray();
        return $"({value} ~>=~ {ends[0]} and {value} ~<~ {ends[1]}) or ({value} ~>=~ {ends[2]} and {value} ~<~ {ends[3]})";
    }

    private string Delivered() => $"""
        (select count(*) from delivery d where d.company_id = r.company_id and d.record_id = r.record_id and d.connection_id = any({Parameter(candidates.Connections)})
            and ({Parameter(CompanyBatch.Maybe(filter.DestinationState))}::text is null or d.state = ${Parameters.Count})) > 0
        """;

    private string Parameter(object value)
    {
        Parameters.Add(value);
        return $"${Parameters.Count}";
    }
}
