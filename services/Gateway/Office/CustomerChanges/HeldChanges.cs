using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;
using Changes = OrderSync.Gateway.Customers.CustomerChanges;

namespace OrderSync.Gateway.Office.CustomerChanges;

/// <summary>A field of a held change.</summary>
/// <param name="Field">Its name.</param>
/// <param name="Base">As the device knew it.</param>
/// <param name="Current">As it stands.</param>
/// <param name="Captured">As the device wants it.</param>
/// <param name="Conflicts">Somebody else has changed it meanwhile, to something else.</param>
internal sealed record HeldField(string Field, JsonNode? Base, JsonNode? Current, JsonNode? Captured, bool Conflicts);

/// <summary>A change that cannot go in by itself.</summary>
/// <param name="Id">The record.</param>
/// <param name="Customer">Whom it changes.</param>
/// <param name="Name">Their name as it stands.</param>
/// <param name="Rep">Who captured it.</param>
/// <param name="CapturedAt">When.</param>
/// <param name="ReceivedAt">When it came.</param>
/// <param name="Fields">What it changes.</param>
internal sealed record HeldChange(Guid Id, Guid Customer, string Name, string Rep, DateTimeOffset CapturedAt, DateTimeOffset ReceivedAt, IReadOnlyList<HeldField> Fields);

/// <param name="Changes">The oldest first.</param>
/// <param name="Next">The value of <c>after</c> for the next page.</param>
internal sealed record HeldChangeList(IReadOnlyList<HeldChange> Changes, Guid? Next);

/// <summary>Changes of customers that the office chooses about: the version that was captured, or the one that stands.</summary>
internal sealed class HeldChanges(NpgsqlDataSource database, Releases releases, TimeProvider time)
{
    private const int UsualRows = 25;
    private const int MostRows = 100;

    public async Task<IResult> ListAsync(OfficeIdentity office, Guid? after, int? limit, CancellationToken stop)
    {
        var size = Math.Clamp(limit ?? UsualRows, 1, MostRows);
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("""
            select r.record_id, s.customer_id, s.name, p.name, r.captured_at, r.captured_offset, r.received_at, x.bytes, s.body
            from record r join rep p on p.company_id = $1 and p.rep_id = r.rep_id
            join capture x on x.company_id = $1 and x.record_id = r.record_id and x.rev = r.rev and x.sha256 = r.sha256
            join customer c on c.company_id = $1 and c.customer_id = r.customer_id join customer s on s.company_id = $1 and s.customer_id = coalesce(c.merged_into, c.customer_id)
            where r.company_id = $1 and r.state = 'held' and r.code = 'customer.changeConflict'
                and ($2::uuid is null or (r.received_at, r.record_id) > (select a.received_at, a.record_id from record a where a.company_id = $1 and a.record_id = $2))
            order by r.received_at, r.record_id limit $3
            """, office.CompanyId, CompanyBatch.Maybe(after), size + 1);
        var rows = new List<HeldChange>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            var change = JsonSerializer.SerializeToNode(PushedRecord.BodyOf(reader.GetFieldValue<byte[]>(7)))!.AsObject();
            var fields = Changes.Compare(change, JsonNode.Parse(reader.GetString(8))!.AsObject());
            rows.Add(new(
                reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.GetFieldValue<DateTimeOffset>(4).ToOffset(TimeSpan.FromMinutes(reader.GetInt16(5))),
                reader.GetFieldValue<DateTimeOffset>(6), [.. fields.Select(field => new HeldField(field.Field, field.Base, field.Current, field.Captured, field.Conflicts))]));
        }

        return Results.Ok(rows.Count > size ? new HeldChangeList(rows[..size], rows[size - 1].Id) : new HeldChangeList(rows, null));
    }

    /// <summary>The captured version goes in as it is.</summary>
    public Task<IResult> TakeAsync(OfficeIdentity office, Guid id, CancellationToken stop) => DecideAsync(office, id, "customer.takeChange", """
        update record set state = 'waiting', code = 'customer.changing', field = null, params = jsonb_build_object('insist', 'true')
        where company_id = $1 and record_id = $2 and state = 'held' and code = 'customer.changeConflict' returning customer_id
        """, stop);

    /// <summary>The customer stays as it is; the change is put aside.</summary>
    public Task<IResult> LeaveAsync(OfficeIdentity office, Guid id, CancellationToken stop) => DecideAsync(office, id, "customer.leaveChange", """
        update record set state = 'stopped', code = 'customer.changeLeft', field = null, params = jsonb_build_object('was', 'waiting')
        where company_id = $1 and record_id = $2 and state = 'held' and code = 'customer.changeConflict' returning customer_id
        """, stop);

    private async Task<IResult> DecideAsync(OfficeIdentity office, Guid id, string action, string sql, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        Guid? customer = null;
        await using (var batch = CompanyBatch.For(connection, office.CompanyId, transaction))
        {
            batch.Add(sql, office.CompanyId, id);
            await using var reader = await batch.ReadAsync(stop);
            if (await reader.ReadAsync(stop))
                customer = reader.GetGuid(0);
        }

        if (customer is null)
            return Problems.Conflict("change.decided", "This change was decided meanwhile, or it is none. Load the list again.");
        await using var last = CompanyBatch.For(connection, office.CompanyId, transaction);
        AuditLog.Add(last, office, time.GetUtcNow(), action, customer.Value.ToString(), null, new { Record = id });
        RecordRows.AddLast(last, office.CompanyId, [id], []);
        last.Add("commit");
        await last.ExecuteNonQueryAsync(stop);
        releases.Look();
        return Results.NoContent();
    }
}
