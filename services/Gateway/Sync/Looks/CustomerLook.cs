using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Sync.Looks;

/// <summary>The customers that records name, by id, by number or by code.</summary>
internal sealed class CustomerLook : ILook
{
    public bool Add(NpgsqlBatch batch, Guid company, Wanted wanted)
    {
        if (wanted is { Customers.Count: 0, Awaited.Count: 0, CustomerNumbers.Count: 0, CustomerCodes.Count: 0 })
            return false;
        batch.Add("select * from customers_wanted($1, $2, $3, $4, $5, $6)",
            company, wanted.Customers.Concat(wanted.Awaited).ToArray(), wanted.CustomerNumbers.ToArray(), wanted.CustomerCodes.ToArray(), wanted.Terms, wanted.Raising.ToArray());
        return true;
    }

    public async Task ReadAsync(NpgsqlDataReader reader, Known known, CancellationToken stop)
    {
        var captured = new List<(string Code, Guid Id)>();
        while (await reader.ReadAsync(stop))
        {
            var id = reader.GetGuid(0);
            known.Customers.Add(id);
            if (!reader.GetBoolean(1))
                known.OfficeCustomers.Add(id);
            if (!reader.IsDBNull(5))
                known.Survivors[id] = id = reader.GetGuid(5);
            if (!reader.IsDBNull(2))
                known.CustomersByNumber[reader.GetString(2)] = id;
            if (!reader.IsDBNull(3))
                known.CustomersByCode[reader.GetString(3)] = id;
            if (!reader.IsDBNull(4))
                captured.Add((reader.GetString(4), id));
            if (!reader.IsDBNull(6) || !reader.IsDBNull(9))
            {
                known.Credit[id] = new(
                    reader.IsDBNull(6) ? null : reader.GetDecimal(6), reader.IsDBNull(7) ? null : reader.GetString(7), reader.IsDBNull(8) ? 0 : reader.GetDecimal(8), reader.IsDBNull(9) ? null : reader.GetString(9));
                known.Counted.UnionWith(reader.IsDBNull(10) ? [] : reader.GetFieldValue<Guid[]>(10));
            }
        }

        // The office's code goes first; of two captured ones the same always wins.
        foreach (var (code, id) in captured.OrderBy(found => found.Id))
            known.CustomersByCode.TryAdd(code, id);
    }
}
