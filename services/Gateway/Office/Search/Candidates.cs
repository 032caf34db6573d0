using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Office.Search;

/// <summary>
/// What a search looks up before it reads records: which customers, reps and branches are meant, and which records have such a number. Of more numbers or
/// references than its limit it takes the highest. A list of customers, lines or deliveries longer than its limit is null: then so many records match that
/// reading them from the newest on finds a page soon.
/// </summary>
internal sealed class Candidates
{
    private const int MostCustomers = 1_000;
    private const int MostNumbers = 1_000;
    private const int MostDeliveries = 10_000;
    private const int MostLines = 10_000;

    public Guid[]? Customers { get; private set; }

    public Guid[]? Numbered { get; private set; }

    public Guid[]? Referenced { get; private set; }

    public Guid[]? NumberedOutside { get; private set; }

    public Guid[]? Lined { get; private set; }

    public Guid[]? Found { get; private set; }

    public Guid[]? FoundOutside { get; private set; }

    public Guid[]? FoundLined { get; private set; }

    public Guid[]? FoundCustomers { get; private set; }

    public Guid[]? Delivered { get; private set; }

    public Guid[] Reps { get; private set; } = [];

    public Guid[] Branches { get; private set; } = [];

    public Guid[] Connections { get; private set; } = [];

    public static async Task<Candidates> ReadAsync(NpgsqlConnection connection, Guid company, RecordFilter filter, CancellationToken stop)
    {
        var candidates = new Candidates();
        var reads = new List<Action<Guid[]>>();
        await using var batch = CompanyBatch.For(connection, company);

        if (filter.CustomerNumber is { } number)
            Look("select customer_id from customer where company_id = $1 and number = $2", ids => candidates.Customers = ids, number);
        else if (filter.Customer is { } customer)
            Look(CustomersLike, ids => candidates.Customers = Short(ids, MostCustomers), Pattern(customer), MostCustomers + 1);
        if (filter.Number is { } numbered)
            Look(NumbersLike, ids => candidates.Numbered = ids, [.. Prefix(numbered), MostNumbers]);
        if (filter.Reference is { } reference)
            Look(ReferencesLike, ids => candidates.Referenced = ids, [.. Prefix(reference), MostNumbers]);
        if (filter.ExternalNumber is { } external)
            Look(ExternalNumbersLike, ids => candidates.NumberedOutside = ids, [.. Prefix(external), MostNumbers]);
        if (filter.Sku is { } sku)
            Look(LinesOf, ids => candidates.Lined = Short(ids, MostLines), Spellings(sku), MostLines + 1);
        if (filter.Search is { } search)
        {
            Look($"{NumbersLike} union ({ReferencesLike})", ids => candidates.Found = ids, [.. Prefix(search), MostNumbers]);
            Look("select record_id from delivery where company_id = $1 and external_number = any($2) limit $3", ids => candidates.FoundOutside = Short(ids, MostNumbers), Spellings(search), MostNumbers + 1);
            Look(LinesOf, ids => candidates.FoundLined = Short(ids, MostLines), Spellings(search), MostLines + 1);
            Look(CustomersLike, ids => candidates.FoundCustomers = Short(ids, MostCustomers), Pattern(search), MostCustomers + 1);
        }

        if (filter.Rep is { } rep)
            Look("select rep_id from rep where company_id = $1 and (name = $2 or rep_id = $3)", ids => candidates.Reps = ids, rep, Guid.TryParse(rep, out var id) ? id : Guid.Empty);
        if (filter.Branch is { } branch)
            Look("select branch_id from branch where company_id = $1 and code = $2", ids => candidates.Branches = ids, branch);
        if (filter.Destination is not null || filter.DestinationState is not null)
        {
            Look("select connection_id from connection where company_id = $1 and ($2::text is null or name = $2)", ids => candidates.Connections = ids, CompanyBatch.Maybe(filter.Destination));
            Look("""
                select d.record_id from connection c cross join lateral (
                    select record_id from delivery where company_id = $1 and connection_id = c.connection_id and ($3::text is null or state = $3) limit $4) d
                where c.company_id = $1 and ($2::text is null or c.name = $2) limit $4
                """, ids => candidates.Delivered = Short(ids, MostDeliveries), CompanyBatch.Maybe(filter.Destination), CompanyBatch.Maybe(filter.DestinationState), MostDeliveries + 1);
        }

        if (reads.Count == 0)
            return candidates;

        await using var reader = await batch.ReadAsync(stop);
        foreach (var read in reads)
        {
            var ids = new List<Guid>();
            while (await reader.ReadAsync(stop))
                ids.Add(reader.GetGuid(0));
            read([.. ids]);
            await reader.NextResultAsync(stop);
        }

        return candidates;

        void Look(string sql, Action<Guid[]> read, params object[] parameters)
        {
            batch.Add(sql, [company, .. parameters]);
            reads.Add(read);
        }
    }

    /// <summary>A pattern for the customers' search column: the text anywhere in it.</summary>
    public static string Pattern(string text) =>
        $"%{text.Trim().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";

    /// <summary>The text as typed and in capitals, each with the end of the range of texts that begin so.</summary>
    public static object[] Prefix(string text)
    {
        var typed = text.Trim();
        var capitals = typed.ToUpperInvariant();
        return [typed, typed + Last, capitals, capitals + Last];
    }

    /// <summary>The text as typed and in capitals, for what is compared whole.</summary>
    public static string[] Spellings(string text) => [text.Trim(), text.Trim().ToUpperInvariant()];

    private const string Last = "\U0010FFFF";

    // The index is read, not the table: LIKE is not leakproof, so under row-level security it is a filter on what an index scan of the company yields.
    private const string CustomersLike = "select customer_id from customer where company_id = $1 and search like lower($2) limit $3";

    private const string NumbersLike = """
        (select record_id from record_number where company_id = $1 and number ~>=~ $2 and number ~<~ $3 order by number using ~>~ limit $6)
        union (select record_id from record_number where company_id = $1 and number ~>=~ $4 and number ~<~ $5 order by number using ~>~ limit $6)
        """;

    private const string ExternalNumbersLike = """
        (select record_id from delivery where company_id = $1 and external_number ~>=~ $2 and external_number ~<~ $3 order by external_number using ~>~ limit $6)
        union (select record_id from delivery where company_id = $1 and external_number ~>=~ $4 and external_number ~<~ $5 order by external_number using ~>~ limit $6)
        """;

    private const string LinesOf = "select record_id from order_line where company_id = $1 and sku = any($2) limit $3";

    private const string ReferencesLike = """
        (select record_id from record where company_id = $1 and reference ~>=~ $2 and reference ~<~ $3 order by reference using ~>~ limit $6)
        union (select record_id from record where company_id = $1 and reference ~>=~ $4 and reference ~<~ $5 order by reference using ~>~ limit $6)
        """;

    private static Guid[]? Short(Guid[] ids, int most) => ids.Length > most ? null : ids;
}
