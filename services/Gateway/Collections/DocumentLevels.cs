using OrderSync.Contracts.Catalogue;

namespace OrderSync.Gateway.Collections;

/// <summary>Sales orders or invoices at a destination. Each state they are seen in is kept: it is a line of the timeline of the record they were made from.</summary>
internal sealed class DocumentLevels(string collection) : Levels<DocumentLevel>
{
    /// <summary>The state of a document that was deleted there.</summary>
    public const string Deleted = "deleted";

    public override string Collection => collection;

    // History stays: it says what was.
    public override string RemoveLeftovers => "select where $1::uuid is null and $2::uuid is null and $3::int is null";

    protected override IReadOnlyList<(string Name, string Type)> Columns =>
    [
        ("number", "text"), ("status", "text"), ("total", "numeric"), ("balance", "numeric"), ("currency", "text"), ("date", "date"), ("due_date", "date"),
        ("customer_key", "text"), ("order_key", "text"),
    ];

    protected override string Apply => $"""
        old as (select d.* from erp_document d join news using (key) where d.company_id = $1 and d.connection_id = $2 and d.collection = $3),
        now as (
            select key, version, at, coalesce(n.number, old.number) as number, case when deleted then '{Deleted}' else n.status end as status, coalesce(n.total, old.total) as total,
                case when deleted then old.balance else n.balance end as balance, coalesce(n.currency, old.currency) as currency, coalesce(n.date, old.date) as date,
                coalesce(n.due_date, old.due_date) as due_date, coalesce(n.customer_key, old.customer_key) as customer_key, coalesce(n.order_key, old.order_key) as order_key,
                old.key is null or (old.status, old.balance, old.total) is distinct from (case when deleted then '{Deleted}' else n.status end, n.balance, n.total) as tells
            from (select key, version, at, deleted, problem, number, status, total, balance, currency, date, due_date, customer_key, order_key from news) n
            left join (select key, number, status, total, balance, currency, date, due_date, customer_key, order_key from old) old using (key)
            where problem is null and coalesce(n.number, old.number) is not null),
        put as (
            insert into erp_document (company_id, connection_id, collection, key, number, status, total, balance, currency, date, due_date, customer_key, order_key, at)
            select $1, $2, $3, key, number, status, total, balance, currency, date, due_date, customer_key, order_key, at from now
            on conflict (company_id, connection_id, collection, key) do update set number = excluded.number, status = excluded.status, total = excluded.total, balance = excluded.balance,
                currency = excluded.currency, date = excluded.date, due_date = excluded.due_date, customer_key = excluded.customer_key, order_key = excluded.order_key, at = excluded.at),
        told as (
            insert into erp_document_event (company_id, connection_id, collection, key, epoch, version, at, number, status, total, balance)
            select $1, $2, $3, key, $4, version, at, number, status, total, balance from now where tells
            on conflict do nothing)
        """;

    protected override string? WhyNot(DocumentLevel body) => NotAKey(body.Number, 200, "number") ?? NotAKey(body.Status, 100, "status");

    protected override object[] Values(DocumentLevel?[] bodies) =>
    [
        Texts(bodies, body => body.Number, 200), Texts(bodies, body => body.Status, 100), Amounts(bodies, body => body.Total), Amounts(bodies, body => body.Balance),
        Texts(bodies, body => body.Currency, 3), bodies.Select(body => body?.Date).ToArray(), bodies.Select(body => body?.DueDate).ToArray(),
        Texts(bodies, body => body.Customer, 200), Texts(bodies, body => body.Order, 200),
    ];
}
