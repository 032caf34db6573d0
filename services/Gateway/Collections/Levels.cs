using System.Text.Json;
using OrderSync.Contracts;
using OrderSync.Contracts.Bus;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Collections;

/// <summary>How the rows of one collection are taken over.</summary>
internal interface ILevels
{
    /// <summary>Its name.</summary>
    string Collection { get; }

    /// <summary>The statement that takes rows over; see <see cref="Levels{T}.Statement"/>.</summary>
    string Statement { get; }

    /// <summary>Removes what former sources brought, once the new one has sent all: $1 the company, $2 the source, $3 rows at a time.</summary>
    string RemoveLeftovers { get; }

    /// <summary>The statement's parameters from $5 on.</summary>
    object[] Parameters(IReadOnlyList<PulledRow> rows);
}

/// <summary>Rows of one collection, whose bodies are <typeparamref name="T"/>. A row that cannot be taken over is held with the reason, and holds up no other.</summary>
internal abstract class Levels<T> : ILevels where T : class
{
    private const decimal MostAmount = 1e12m;

    public abstract string Collection { get; }

    public abstract string RemoveLeftovers { get; }

    /// <summary>Types and names of the columns that the body gives, as the statement's unnest has them.</summary>
    protected abstract IReadOnlyList<(string Name, string Type)> Columns { get; }

    /// <summary>What here a row of <c>sent</c> speaks of; an expression over it.</summary>
    protected virtual string Target => "null::text";

    /// <summary>Further common table expressions, over <c>news</c> (rows that are newer than what was held, with <c>target</c> and <c>was</c>, the target before).</summary>
    protected abstract string Apply { get; }

    // Only the source's rows, and of these only what is newer: by the ledger's epoch, then the version; an older look at the destination never overwrites a newer.
    // $1 company, $2 connection, $3 collection, $4 epoch.
    public string Statement => $"""
        with src as (select from collection_source where company_id = $1 and collection = $3 and connection_id = $2 and is_source),
        sent as (
            select * from unnest($5::text[], $6::bigint[], $7::bigint[], $8::boolean[], $9::text[], $10::timestamptz[], $11::uuid[], $12::uuid[]{string.Concat(Columns.Select((column, i) => $", ${i + 13}::{column.Type}[]"))})
                as s (key, version, import, deleted, problem, at, record_id, new_id{string.Concat(Columns.Select(column => $", {column.Name}"))})),
        held as (select h.key, h.target as was from pulled_row h where h.company_id = $1 and h.connection_id = $2 and h.collection = $3 and h.key = any($5)),
        aimed as (select sent.*, held.was, case when problem is null then {Target} end as target from sent left join held using (key)),
        fresh as (
            insert into pulled_row as h (company_id, connection_id, collection, key, epoch, version, import, deleted, problem, target, at)
            select $1, $2, $3, key, $4, version, import, deleted, problem, target, at from aimed cross join src order by key
            on conflict (company_id, connection_id, collection, key) do update
            set epoch = excluded.epoch, version = excluded.version, import = excluded.import, deleted = excluded.deleted, problem = excluded.problem, target = excluded.target, at = excluded.at
            where (h.epoch, h.version) < (excluded.epoch, excluded.version) and (h.epoch < excluded.epoch or h.import <= excluded.import)
            returning h.key),
        news as (select aimed.* from aimed join fresh using (key)),
        {Apply}
        select count(*) from news
        """;

    public object[] Parameters(IReadOnlyList<PulledRow> rows)
    {
        var taken = rows.Select(row => (Row: row, Body: Read(row, out var problem), Problem: problem)).ToList();
        return
        [
            rows.Select(row => row.Key).ToArray(), rows.Select(row => row.Version).ToArray(), rows.Select(row => row.Import).ToArray(), rows.Select(row => row.Deleted).ToArray(),
            taken.Select(row => row.Problem).ToArray(), rows.Select(row => row.At.ToUniversalTime()).ToArray(), rows.Select(row => row.RecordId).ToArray(),
            rows.Select(_ => Guid.CreateVersion7()).ToArray(), .. Values([.. taken.Select(row => row.Body)]),
        ];
    }

    /// <summary>The arrays of <see cref="Columns"/>; a body is null where its row is deleted or cannot be read.</summary>
    protected abstract object[] Values(T?[] bodies);

    /// <summary>Why a body cannot be taken over; null = it can.</summary>
    protected virtual string? WhyNot(T body) => null;

    protected static string?[] Texts(T?[] bodies, Func<T, string?> text, int most) =>
        [.. bodies.Select(body => body is not null && text(body) is { } value ? Sync.Texts.Fit(value, most) : null)];

    protected static decimal?[] Amounts(T?[] bodies, Func<T, decimal?> amount) =>
        [.. bodies.Select(body => body is not null && amount(body) is { } value && Math.Abs(value) <= MostAmount ? value : (decimal?)null)];

    protected static bool?[] Flags(T?[] bodies, Func<T, bool> flag) => [.. bodies.Select(body => body is null ? (bool?)null : flag(body))];

    /// <summary>A text that people or other rows know the thing by: one that had to be changed would be another's.</summary>
    protected static string? NotAKey(string? value, int most, string name) =>
        string.IsNullOrWhiteSpace(value) ? $"It has no {name}." : Sync.Texts.WhyNot((name, value, most)) is null ? null : $"Its {name} is longer than {most} characters, or has one that cannot be stored.";

    private T? Read(PulledRow row, out string? problem)
    {
        problem = null;
        if (row.Deleted)
            return null;
        try
        {
            if (JsonSerializer.Deserialize<T>(row.Body ?? "", ContractJson.Options) is { } body)
            {
                problem = WhyNot(body);
                return problem is null ? body : null;
            }
        }
        catch (JsonException)
        {
            // Said below: its own text speaks of byte positions.
        }

        problem = "The connector sent something that cannot be read.";
        return null;
    }
}
