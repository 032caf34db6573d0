using Npgsql;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Office.People;

internal sealed record PersonInvite(string? Name, string? Email, string? Role);

/// <summary>An invitation; its code is shown this once and kept nowhere.</summary>
internal sealed record NewInvitation(Guid Id, string Code, DateTimeOffset ExpiresAt);

internal sealed record PersonChange(string? Role, bool Disabled);

/// <summary>A person for the company's owners.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">The name.</param>
/// <param name="Email">The e-mail.</param>
/// <param name="Role">owner, office, viewer or ops.</param>
/// <param name="Disabled">Switched off: cannot sign in.</param>
/// <param name="Totp">Whether signing in asks for a code.</param>
/// <param name="JoinedAt">When the first invitation was used.</param>
/// <param name="InvitedUntil">Until when an invitation not yet used is good.</param>
/// <param name="LastSeenAt">When the person last used the office.</param>
internal sealed record PersonRow(
    Guid Id, string Name, string? Email, string Role, bool Disabled, bool Totp, DateTimeOffset? JoinedAt, DateTimeOffset? InvitedUntil, DateTimeOffset? LastSeenAt);

internal sealed record PersonList(IReadOnlyList<PersonRow> People);

/// <summary>The people of a company, for its owners. Nobody is removed: what they did keeps their name.</summary>
internal sealed class CompanyPeople(NpgsqlDataSource database, Sessions sessions, TimeProvider time)
{
    public static readonly TimeSpan InvitationLifetime = TimeSpan.FromDays(7);

    public async Task<IResult> ListAsync(OfficeIdentity office, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("""
            select p.person_id, p.name, p.email, p.role, p.disabled, p.totp_on, p.joined_at, p.invitation_until,
                (select max(s.last_seen_at) from office_session s where s.company_id = p.company_id and s.person_id = p.person_id)
            from person p where p.company_id = $1 order by p.disabled, lower(p.name), p.person_id
            """, office.CompanyId);
        var rows = new List<PersonRow>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            rows.Add(new(reader.GetGuid(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetString(3), reader.GetBoolean(4), reader.GetBoolean(5),
                Maybe(reader, 6), Maybe(reader, 7), Maybe(reader, 8)));
        }

        return Results.Ok(new PersonList(rows));
    }

    public async Task<IResult> InviteAsync(OfficeIdentity office, PersonInvite request, CancellationToken stop)
    {
        if (!PersonRules.IsName(request.Name) || PersonRules.Email(request.Email) is not { } email || !Roles.IsKnown(request.Role))
            return Problems.Bad("person.incomplete", $"Send name ({PersonRules.MostName} characters at most), email and role: owner, office, viewer or ops.");

        var (now, id, code) = (time.GetUtcNow(), Guid.CreateVersion7(), Secrets.NewCode());
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("""
            insert into person (company_id, person_id, name, email, role, stamp, invitation, invitation_until, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """, office.CompanyId, id, request.Name!, email, request.Role!, Secrets.NewToken(""), Secrets.HashOfCode(code), now + InvitationLifetime, now);
        AuditLog.Add(batch, office, now, "person.invite", id.ToString(), null, new { request.Name, email, request.Role });
        try
        {
            await batch.ExecuteNonQueryAsync(stop);
        }
        catch (PostgresException trouble) when (trouble.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return Problems.Conflict("person.emailTaken", $"{email} is in the list already. Make a new invitation there, if it is needed.");
        }

        return Results.Created($"/v1/office/people/{id}", new NewInvitation(id, code, now + InvitationLifetime));
    }

    public Task<IResult> PutAsync(OfficeIdentity office, Guid id, PersonChange request, CancellationToken stop) =>
        !Roles.IsKnown(request.Role) ? Task.FromResult(Problems.Bad("person.role", "Send role (owner, office, viewer or ops) and disabled.")) : ChangeAsync(office, id, (person, others, batch) =>
        {
            if (person is { Role: Roles.Owner, Disabled: false } && (request.Role != Roles.Owner || request.Disabled) && !others.Exists(one => one is { Role: Roles.Owner, Disabled: false, SignsIn: true }))
                return Problems.Conflict("person.lastOwner", $"{person.Name} is the last owner who can sign in. Make somebody else an owner first.");
            if ((person.Role, person.Disabled) != (request.Role, request.Disabled))
            {
                batch.Add("update person set role = $3, disabled = $4, version = version + 1 where company_id = $1 and person_id = $2", office.CompanyId, id, request.Role!, request.Disabled);
                if (request.Disabled)
                    sessions.AddEnd(batch, office.CompanyId, id);
                AuditLog.Add(batch, office, time.GetUtcNow(), "person.put", id.ToString(), new { person.Name, person.Role, person.Disabled }, new { person.Name, request.Role, request.Disabled });
            }

            return Results.NoContent();
        }, stop);

    /// <summary>A new invitation for who lost the password or the second factor: both are gone, and every session ends.</summary>
    public Task<IResult> ResetAsync(OfficeIdentity office, Guid id, CancellationToken stop) => ChangeAsync(office, id, (person, _, batch) =>
    {
        var (now, code) = (time.GetUtcNow(), Secrets.NewCode());
        batch.Add("""
            update person set invitation = $3, invitation_until = $4, password_hash = null, stamp = $5, totp_on = false, totp_key = null, totp_used = '{}', recovery_codes = '{}', version = version + 1
            where company_id = $1 and person_id = $2
            """, office.CompanyId, id, Secrets.HashOfCode(code), now + InvitationLifetime, Secrets.NewToken(""));
        sessions.AddEnd(batch, office.CompanyId, id);
        AuditLog.Add(batch, office, now, "person.reset", id.ToString(), null, new { person.Name });
        return Results.Ok(new NewInvitation(id, code, now + InvitationLifetime));
    }, stop);

    // All of them and locked, in one order: two owners who lower each other at once must not both succeed.
    private async Task<IResult> ChangeAsync(OfficeIdentity office, Guid id, Func<LockedPerson, List<LockedPerson>, NpgsqlBatch, IResult> change, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var people = new List<LockedPerson>();
        await using (var look = CompanyBatch.For(connection, office.CompanyId, transaction))
        {
            look.Add("select person_id, name, role, disabled, joined_at is not null and password_hash is not null from person where company_id = $1 order by person_id for no key update", office.CompanyId);
            await using var reader = await look.ReadAsync(stop);
            while (await reader.ReadAsync(stop))
                people.Add(new(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetBoolean(3), reader.GetBoolean(4)));
        }

        if (people.Find(one => one.Id == id) is not { } person)
            return Problems.NotFound("person.unknown", "Nobody here has this id. Load the list again.");
        people.Remove(person);
        await using var batch = CompanyBatch.For(connection, office.CompanyId, transaction);
        var answer = change(person, people, batch);
        await batch.ExecuteNonQueryAsync(stop);
        await transaction.CommitAsync(stop);
        return answer;
    }

    private static DateTimeOffset? Maybe(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    private sealed record LockedPerson(Guid Id, string Name, string Role, bool Disabled, bool SignsIn);
}
