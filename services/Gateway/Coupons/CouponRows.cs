using Npgsql;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Coupons;

/// <summary>The rows that say which record used which coupon.</summary>
internal static class CouponRows
{
    /// <summary>Fails a transaction whose record is not the first after all: somebody else's was committed meanwhile.</summary>
    public const string FirstIsOne = "coupon_first";

    /// <summary>Adds the uses of records whose rows stand. A revision that replaces another gives up what that one had first.</summary>
    public static void Add(NpgsqlBatch batch, Guid company, DateTimeOffset at, IReadOnlyList<Judged> rows)
    {
        var uses = rows.Where(judged => judged.State != "refused").SelectMany(judged => judged.Coupons.Select((use, i) => (judged.Record, Use: use, No: i + 1))).ToList();
        Guid[] again = [.. rows.Where(judged => judged.Record.Rev > 1).Select(judged => judged.Record.Id!.Value)];
        if (again.Length > 0)
            batch.Add("update coupon_use set first = false where company_id = $1 and record_id = any($2) and first", company, again);
        if (uses.Count == 0)
            return;
        batch.Add("""
            insert into coupon_use (company_id, record_id, rev, coupon_no, coupon, first, at) select $1, u.*, $2 from unnest($3::uuid[], $4::int[], $5::int[], $6::text[], $7::boolean[]) as u
            on conflict (company_id, record_id, rev, coupon_no) do nothing
            """, company, at, uses.Select(use => use.Record.Id!.Value).ToArray(), uses.Select(use => use.Record.Rev).ToArray(), uses.Select(use => use.No).ToArray(),
            uses.Select(use => use.Use.Coupon).ToArray(), uses.Select(use => use.Use.First).ToArray());
    }
}
