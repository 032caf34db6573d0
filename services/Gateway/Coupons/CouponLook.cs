using Npgsql;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;
using OrderSync.Gateway.Sync.Looks;

namespace OrderSync.Gateway.Coupons;

/// <summary>Who used the coupons first.</summary>
internal sealed class CouponLook : ILook
{
    public bool Add(NpgsqlBatch batch, Guid company, Wanted wanted)
    {
        if (wanted.Coupons.Count > 0)
        {
            batch.Add("""
                select u.coupon, u.record_id, coalesce(n.number, r.reference) from unnest($2::text[]) as w (coupon) join coupon_use u on u.company_id = $1 and u.coupon = w.coupon and u.first
                join record r on r.company_id = u.company_id and r.record_id = u.record_id left join record_number n on n.company_id = u.company_id and n.record_id = u.record_id
                """, company, wanted.Coupons.ToArray());
        }

        return wanted.Coupons.Count > 0;
    }

    public async Task ReadAsync(NpgsqlDataReader reader, Known known, CancellationToken stop)
    {
        while (await reader.ReadAsync(stop))
            known.Coupons[reader.GetString(0)] = new(reader.GetGuid(1), reader.IsDBNull(2) ? null : reader.GetString(2));
    }
}
