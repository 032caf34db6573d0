using OrderSync.Contracts.Records;
using OrderSync.Gateway.Policies;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Coupons;

/// <summary>
/// A coupon is used once. Two devices that are offline may both take it in: the second is flagged, held or refused, as the company has set, and never lost.
/// </summary>
internal static class CouponRule
{
    /// <summary>Adds what the rule needs to know.</summary>
    public static void Want(IReadOnlyList<CouponBody>? coupons, Wanted wanted)
    {
        foreach (var coupon in Of(coupons))
            wanted.Coupons.Add(coupon);
    }

    /// <summary>Judges a document that takes coupons in, and notes them.</summary>
    public static void Apply(Judged judged, Known known, IReadOnlyList<CouponBody>? coupons, bool happened = false)
    {
        if (judged.State == "refused")
            return;

        var (id, uses) = (judged.Record.Id!.Value, new List<JudgedCoupon>());
        foreach (var coupon in Of(coupons))
        {
            var used = known.Coupons.TryGetValue(coupon, out var use) && use.Record != id;
            uses.Add(new(coupon, !used));
            if (used)
            {
                judged.Apply(known.Policy.ChoiceOf(Policy.CouponUsed), new Fault("order.couponUsed", "coupons", new Dictionary<string, string>
                {
                    ["coupon"] = coupon, ["which"] = use!.Reference is { Length: > 0 } reference ? reference : use.Record.ToString(),
                }), happened);
            }
        }

        if (judged.State == "refused")
            return;
        judged.Coupons = uses;
        foreach (var use in uses.Where(use => use.First))
            known.Coupons.TryAdd(use.Coupon, new(id, judged.Reference));
    }

    private static IEnumerable<string> Of(IReadOnlyList<CouponBody>? coupons) => (coupons ?? []).Select(coupon => coupon?.Id ?? "").Where(coupon => !string.IsNullOrWhiteSpace(coupon) && coupon.Length <= Limits.MostEntry).Distinct(StringComparer.Ordinal);
}
