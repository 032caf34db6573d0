using System.Text.Json;
using Npgsql;
using OrderSync.Contracts;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Office.Access;

internal sealed record AuditRow(Guid Id, DateTimeOffset At, Guid ActorId, string Actor, string Action, string Subject, JsonElement? Before, JsonElement? After);

internal sealed record AuditList(IReadOnlyList<AuditRow> Changes, Guid? Next);

/// <summary>Who changed what, from what to what; newest first. Rows are never changed or removed.</summary>
internal sealed class AuditLog(NpgsqlDataSource database)
{
    /// <summary>Adds what was changed to the transaction that changes it.</summary>
    /// <param name="batch">Its batch.</param>
    /// <param name="office">Who.</param>
    /// <param name="at">When.</param>
    /// <param name="action">What was done, such as "device.revoke".</param>
    /// <param name="subject">To which thing: an id, a code or a name.</param>
    /// <param name="before">How it was; null when it is new. Never a secret.</param>
    /// <param name="after">How it is now.</param>
    public static void Add(NpgsqlBatch batch, OfficeIdentity office, DateTimeOffset at, string action, string subject, object? before, object? after) => batch.Add("""
        insert into audit (company_id, audit_id, at, actor_id, action, subject, before, after) values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8::jsonb)
        """, office.CompanyId, Guid.CreateVersion7(at), at, office.ActorId, action, subject, Json(before), Json(after));

    public async Task<IResult> ListAsync(OfficeIdentity office, string? subject, Guid? after, int? limit, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("""
            select a.audit_id, a.at, a.actor_id, w.name, a.action, a.subject, a.before::text, a.after::text
            from audit a join actor w on w.company_id = a.company_id and w.actor_id = a.actor_id
            where a.company_id = $1 and ($2::uuid is null or a.audit_id < $2) and ($4::text is null or a.subject = $4)
            order by a.audit_id desc limit $3
            """, office.CompanyId, CompanyBatch.Maybe(after), Page.Size(limit), CompanyBatch.Maybe(subject?.Replace("\0", "", StringComparison.Ordinal)));
        var rows = new List<AuditRow>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            rows.Add(new(reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetGuid(2), reader.GetString(3), reader.GetString(4), reader.GetString(5),
                Read(reader, 6), Read(reader, 7)));
        }

        return Results.Ok(new AuditList(rows, rows.Count == Page.Size(limit) ? rows[^1].Id : null));
    }

    private static NpgsqlParameter Json(object? value) => CompanyBatch.Maybe(value is null ? null : JsonSerializer.Serialize(value, ContractJson.Options));

    private static JsonElement? Read(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : JsonSerializer.Deserialize<JsonElement>(row.GetString(column));
}
