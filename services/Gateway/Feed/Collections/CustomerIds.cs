namespace OrderSync.Gateway.Feed.Collections;

/// <summary>What a captured customer, or a lead that became one, is now: its number in the ERP, and the customer it was merged into.</summary>
internal sealed class CustomerIds : OfRecords
{
    public override string Name => "ids";

    protected override string From => "record t join customer m on m.company_id = t.company_id and m.customer_id = t.record_id join customer c on c.company_id = t.company_id and c.customer_id = coalesce(m.merged_into, m.customer_id)";

    protected override string Live => $"t.kind in ('customer', 'lead') and {base.Live}";

    protected override string Columns => "c.customer_id as customer, c.number";
}
