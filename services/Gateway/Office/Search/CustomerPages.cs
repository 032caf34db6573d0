using System.Text.Json;
using Npgsql;
using OrderSync.Contracts;
using OrderSync.Contracts.Records;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Office.Search;

/// <summary>A customer in a list of names.</summary>
/// <param name="Id">The customer's id.</param>
/// <param name="Number">Number in the ERP.</param>
/// <param name="Code">Customer code.</param>
/// <param name="Name">As shown.</param>
/// <param name="Email">Address for confirmations.</param>
/// <param name="City">Where they are billed.</param>
/// <param name="Active">False = its destination does not sell to it any more.</param>
/// <param name="Source">The connection that brings it.</param>
/// <param name="Captured">Whether a device made it.</param>
internal sealed record NamedCustomer(Guid Id, string? Number, string? Code, string Name, string? Email, string? City, bool Active, string? Source, bool Captured);

/// <param name="Customers">By name.</param>
/// <param name="Next">The value of <c>after</c> for the next page; absent on the last.</param>
internal sealed record NamedCustomerList(IReadOnlyList<NamedCustomer> Customers, Guid? Next);

/// <summary>How a customer came from a device.</summary>
internal sealed record CustomerCapture(string State, int Rev, string Rep, Guid DeviceId, DateTimeOffset CapturedAt, DateTimeOffset ReceivedAt);

/// <summary>One customer with all that is known of it.</summary>
/// <param name="Id">The customer's id.</param>
/// <param name="Number">Number in the ERP.</param>
/// <param name="Code">Customer code.</param>
/// <param name="Body">Name, addresses and terms.</param>
/// <param name="Active">False = its destination does not sell to it any more.</param>
/// <param name="Removed">It is gone where it came from; orders still speak of it.</param>
/// <param name="Source">The connection that brings it; absent = the office's own or a device's.</param>
/// <param name="Capture">How a device captured it; absent = none did.</param>
/// <param name="Deliveries">Where it was written to.</param>
/// <param name="Balances">What the customer owes by what devices captured: sales on account less receipts.</param>
/// <param name="Records">The newest of what was captured for it.</param>
/// <param name="Next">Where their next page begins: <c>/v1/office/records?customerId=…&amp;next=…</c></param>
internal sealed record CustomerDetail(
    Guid Id, string? Number, string? Code, CustomerBody? Body, bool Active, bool Removed, string? Source, CustomerCapture? Capture, IReadOnlyList<DeliveryRow> Deliveries,
    IReadOnlyList<FoundRecord> Records, string? Next, IReadOnlyList<CustomerBalance>? Balances = null);

/// <summary>What a customer owes in one currency; less than 0 = paid ahead.</summary>
internal sealed record CustomerBalance(string Currency, decimal Amount);

/// <summary>Customers as people look for them: by name, and one with what was captured for it.</summary>
internal sealed class CustomerPages(NpgsqlDataSource database, RecordSearch records)
{
    private const int UsualRows = 50;
    private const int MostRows = 200;

    public async Task<IResult> ListAsync(OfficeIdentity office, string? search, Guid? after, int? limit, CancellationToken stop)
    {
        if (search?.Length > 200 || search?.Contains('\0', StringComparison.Ordinal) == true)
            return Problems.Bad("search.text", "search is longer than 200 characters or contains a NUL character. Give a shorter text.");
        var size = Math.Clamp(limit ?? UsualRows, 1, MostRows);
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("""
            select c.customer_id, c.number, coalesce(c.code, c.captured_code), c.name, c.email, c.body::jsonb -> 'billing' ->> 'city', c.active, x.name, c.captured
            from customer c left join connection x on x.company_id = c.company_id and x.connection_id = c.owner
            where c.company_id = $1 and not c.removed and ($2::text is null or c.search like lower($2))
                and ($3::uuid is null or (c.search, c.customer_id) > ((select a.search from customer a where a.company_id = $1 and a.customer_id = $3), $3))
            order by c.search, c.customer_id limit $4
            """, office.CompanyId, CompanyBatch.Maybe(string.IsNullOrWhiteSpace(search) ? null : Candidates.Pattern(search)), CompanyBatch.Maybe(after), size + 1);
        var rows = new List<NamedCustomer>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
            rows.Add(new(reader.GetGuid(0), Text(reader, 1), Text(reader, 2), reader.GetString(3), Text(reader, 4), Text(reader, 5), reader.GetBoolean(6), Text(reader, 7), reader.GetBoolean(8)));
        return Results.Ok(rows.Count > size ? new NamedCustomerList(rows[..size], rows[size - 1].Id) : new NamedCustomerList(rows, null));
    }

    public async Task<IResult> GetAsync(OfficeIdentity office, Guid id, string language, CancellationToken stop)
    {
        if (await ReadAsync(office.CompanyId, id, stop) is not { } customer)
            return Problems.NotFound("customer.unknown", "No customer with this id.");
        var (rows, next) = await records.FindAsync(office, RecordFilter.OfCustomer(id), language, stop);
        return Results.Ok(customer with { Records = rows, Next = next });
    }

    private async Task<CustomerDetail?> ReadAsync(Guid company, Guid id, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add("""
            select c.number, coalesce(c.code, c.captured_code), c.body, c.active, c.removed, x.name
            from customer c left join connection x on x.company_id = c.company_id and x.connection_id = c.owner where c.company_id = $1 and c.customer_id = $2
            """, company, id);
        batch.Add("""
            select r.state, r.rev, p.name, r.device_id, r.captured_at, r.captured_offset, r.received_at
            from record r join rep p on p.company_id = r.company_id and p.rep_id = r.rep_id where r.company_id = $1 and r.record_id = $2
            """, company, id);
        batch.Add(Office.Records.Deliveries, company, id);
        batch.Add("select currency, trim_scale(sum(amount)) from customer_entry where company_id = $1 and customer_id = $2 group by currency order by currency", company, id);

        await using var reader = await batch.ReadAsync(stop);
        if (!await reader.ReadAsync(stop))
            return null;
        var detail = new CustomerDetail(
            id, Text(reader, 0), Text(reader, 1), JsonSerializer.Deserialize<CustomerBody>(reader.GetString(2), ContractJson.Options), reader.GetBoolean(3), reader.GetBoolean(4), Text(reader, 5), null, [], [], null);

        await reader.NextResultAsync(stop);
        var capture = await reader.ReadAsync(stop)
            ? new CustomerCapture(
                reader.GetString(0), reader.GetInt32(1), reader.GetString(2), reader.GetGuid(3),
                reader.GetFieldValue<DateTimeOffset>(4).ToOffset(TimeSpan.FromMinutes(reader.GetInt16(5))), reader.GetFieldValue<DateTimeOffset>(6))
            : null;

        await reader.NextResultAsync(stop);
        var deliveries = await Office.Records.ReadDeliveriesAsync(reader, stop);

        await reader.NextResultAsync(stop);
        var balances = new List<CustomerBalance>();
        while (await reader.ReadAsync(stop))
            balances.Add(new(reader.GetString(0), reader.GetDecimal(1)));
        return detail with { Capture = capture, Deliveries = deliveries, Balances = balances };
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
