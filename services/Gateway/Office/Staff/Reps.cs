using System.Net.Mail;
using Npgsql;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Office.Staff;

/// <summary>A rep as the office wants it.</summary>
/// <param name="Name">Name for people.</param>
/// <param name="Email">Gets copies of what the rep captured.</param>
/// <param name="Disabled">Switched off: what the rep's devices send is stored and waits until the rep is on again.</param>
internal sealed record RepRequest(string? Name, string? Email, bool Disabled);

internal sealed record RepAnswer(Guid Id, string Name, string? Email, bool Disabled);

internal sealed record StaffRow(Guid Id, string Name, string? Email, bool Disabled, long Devices, long Waiting);

internal sealed record RepList(IReadOnlyList<StaffRow> Reps, Guid? Next);

/// <summary>Reps: who they are and whether they are switched off.</summary>
internal sealed class Reps(NpgsqlDataSource database, TimeProvider time)
{
    private const string Select = """
        select p.rep_id, p.name, p.email, p.disabled,
            (select count(*) from device d where d.company_id = p.company_id and d.rep_id = p.rep_id and d.revoked_at is null),
            (select count(*) from record r where r.company_id = p.company_id and r.rep_id = p.rep_id and r.state = 'waiting')
        from rep p
        """;

    public async Task<IResult> ListAsync(OfficeIdentity office, Guid? after, int? limit, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add($"{Select} where p.company_id = $1 and ($2::uuid is null or p.rep_id > $2) order by p.rep_id limit $3", office.CompanyId, CompanyBatch.Maybe(after), Page.Size(limit));
        var rows = await RowsAsync(batch, stop);
        return Results.Ok(new RepList(rows, rows.Count == Page.Size(limit) ? rows[^1].Id : null));
    }

    public async Task<IResult> GetAsync(OfficeIdentity office, Guid id, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add($"{Select} where p.company_id = $1 and p.rep_id = $2", office.CompanyId, id);
        return await RowsAsync(batch, stop) is [var rep] ? Results.Ok(rep) : Problems.NotFound("rep.unknown", "No rep with this id.");
    }

    public async Task<IResult> PutAsync(OfficeIdentity office, Guid id, RepRequest request, CancellationToken stop)
    {
        if (id == Guid.Empty || request.Name is not { Length: > 0 and <= 100 } || string.IsNullOrWhiteSpace(request.Name))
            return Problems.Bad("rep.incomplete", "Send name (100 characters at most), and email and disabled as they shall be.");
        var email = string.IsNullOrWhiteSpace(request.Email) ? null : request.Email;
        if (email is not null && (email.Length > 254 || !MailAddress.TryCreate(email, out _)))
            return Problems.Bad("rep.email", $"\"{email[..Math.Min(email.Length, 100)]}\" is not an e-mail address. Correct it or leave it empty.");

        var wanted = new RepState(request.Name, email, request.Disabled);
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var before = await ReadAsync(connection, transaction, office.CompanyId, id, stop);
        if (before == wanted)
            return Results.Ok(new RepAnswer(id, wanted.Name, wanted.Email, wanted.Disabled));

        await using var batch = CompanyBatch.For(connection, office.CompanyId, transaction);
        batch.Add("""
            insert into rep (company_id, rep_id, name, email, disabled) values ($1, $2, $3, $4, $5)
            on conflict (company_id, rep_id) do update set name = excluded.name, email = excluded.email, disabled = excluded.disabled
            """, office.CompanyId, id, wanted.Name, CompanyBatch.Maybe(wanted.Email), wanted.Disabled);
        AuditLog.Add(batch, office, time.GetUtcNow(), "rep.put", id.ToString(), before, wanted);
        try
        {
            await batch.ExecuteNonQueryAsync(stop);
            await transaction.CommitAsync(stop);
        }
        catch (PostgresException twin) when (twin.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return Problems.Conflict("rep.taken", $"Another rep is called {wanted.Name} and has the same e-mail address. Change one of them.");
        }

        return Results.Ok(new RepAnswer(id, wanted.Name, wanted.Email, wanted.Disabled));
    }

    private static async Task<List<StaffRow>> RowsAsync(NpgsqlBatch batch, CancellationToken stop)
    {
        var rows = new List<StaffRow>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
            rows.Add(new(reader.GetGuid(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetBoolean(3), reader.GetInt64(4), reader.GetInt64(5)));
        return rows;
    }

    private static async Task<RepState?> ReadAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid company, Guid id, CancellationToken stop)
    {
        await using var batch = CompanyBatch.For(connection, company, transaction);
        batch.Add("select name, email, disabled from rep where company_id = $1 and rep_id = $2 for update", company, id);
        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop) ? new RepState(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetBoolean(2)) : null;
    }

    private sealed record RepState(string Name, string? Email, bool Disabled);
}
