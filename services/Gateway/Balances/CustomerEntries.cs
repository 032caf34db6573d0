using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Balances;

/// <summary>Something that changes what a customer owes.</summary>
/// <param name="Record">The record it comes from.</param>
/// <param name="Line">Which part of the record: an entry is there once for each.</param>
/// <param name="Customer">Who owes.</param>
/// <param name="Kind">Kind of the record.</param>
/// <param name="Amount">More owed, or less where it is negative.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="At">When it was captured.</param>
internal sealed record CustomerEntry(Guid Record, int Line, Guid Customer, string Kind, decimal Amount, string Currency, DateTimeOffset At);

/// <summary>The statement that writes entries. An entry that stands stays as it is: whatever comes again counts once. A balance is their sum when it is asked for.</summary>
internal static class CustomerEntries
{
    public static void Add(NpgsqlBatch batch, Guid company, IReadOnlyList<CustomerEntry> entries)
    {
        if (entries.Count > 0)
            batch.Add("""
                insert into customer_entry (company_id, record_id, line, customer_id, kind, amount, currency, at)
                select $1, e.* from unnest($2::uuid[], $3::int[], $4::uuid[], $5::text[], $6::numeric[], $7::text[], $8::timestamptz[]) as e
                on conflict do nothing
                """, company, entries.Select(e => e.Record).ToArray(), entries.Select(e => e.Line).ToArray(), entries.Select(e => e.Customer).ToArray(),
                entries.Select(e => e.Kind).ToArray(), entries.Select(e => e.Amount).ToArray(), entries.Select(e => e.Currency).ToArray(),
                entries.Select(e => e.At.ToUniversalTime()).ToArray());
    }
}
