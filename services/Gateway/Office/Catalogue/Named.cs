using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Office.Catalogue;

/// <summary>What rows name beside themselves: reps, branches, items, price lists, customers. Unknown ones are refused by name before anything is written.</summary>
internal static class Named
{
    public const string Sku = "sku";
    public const string PriceList = "priceList";
    public const string Customer = "customer";

    private const string Unknown = """
        select 'rep', w.name from unnest($2::text[]) as w (name) where not exists (select from rep r where r.company_id = $1 and r.rep_id = w.name::uuid)
        union all select 'branch', w.name from unnest($3::text[]) as w (name) where not exists (select from branch b where b.company_id = $1 and b.code = w.name)
        union all select 'sku', w.name from unnest($4::text[]) as w (name) where not exists (select from item i where i.company_id = $1 and i.sku = w.name and not i.removed)
        union all select 'priceList', w.name from unnest($5::text[]) as w (name) where not exists (select from price_list l where l.company_id = $1 and l.owner is null and l.key = w.name)
        union all select 'customer', w.name from unnest($6::text[]) as w (name) where not exists (select from customer c where c.company_id = $1 and c.number = w.name and not c.removed)
        """;

    /// <summary>Those of the names that nothing has.</summary>
    public static async Task<HashSet<(string Kind, string Name)>> UnknownAsync(
        NpgsqlDataSource database, Guid company, IReadOnlyCollection<(string Kind, string Name)> names, CancellationToken stop)
    {
        var unknown = new HashSet<(string, string)>();
        if (names.Count == 0)
            return unknown;

        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add(Unknown, company, Of(Scope.Rep), Of(Scope.Branch), Of(Sku), Of(PriceList), Of(Customer));
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
            unknown.Add((reader.GetString(0), reader.GetString(1)));
        return unknown;

        string[] Of(string kind) => [.. names.Where(one => one.Kind == kind).Select(one => one.Name).Distinct()];
    }

    /// <summary>The sentence for one, as the end of one that begins with the column.</summary>
    public static string Message(string kind, string name) => kind switch
    {
        Scope.Rep => $"names the rep {name}, who is not known; make the rep first, or correct the id",
        Scope.Branch => $"names the branch {name}, which is not known; make the branch first, or correct its code",
        Sku => $"names the product {name}, which is not known; load the product first, or correct its SKU",
        PriceList => $"names the price list {name}, which is not one of the office's; load the list first, or correct its name",
        _ => $"names the customer {name}, whose number is not known; load the customer first, or correct the number",
    };
}
