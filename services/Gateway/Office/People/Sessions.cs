using Npgsql;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Office.People;

/// <summary>A place where a person is signed in.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Device">What the browser calls itself.</param>
/// <param name="Address">Where it was begun from.</param>
/// <param name="Current">The one that asks.</param>
/// <param name="CreatedAt">When it was begun.</param>
/// <param name="LastSeenAt">When it was last used, to the minute.</param>
/// <param name="ExpiresAt">When it ends however much it is used.</param>
internal sealed record SessionRow(Guid Id, string? Device, string? Address, bool Current, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, DateTimeOffset ExpiresAt);

internal sealed record SessionList(IReadOnlyList<SessionRow> Sessions);

/// <summary>A new session; its token is given this once and only its hash is kept.</summary>
internal sealed record NewSession(string Token, DateTimeOffset ExpiresAt, PersonAnswer Person);

/// <summary>Sessions of people: rows that can be looked at and ended from elsewhere. They end by themselves after 12 hours without use, and after 7 days.</summary>
internal sealed class Sessions(NpgsqlDataSource database, TimeProvider time)
{
    private const int MostDevice = 200;
    public static readonly TimeSpan Idle = TimeSpan.FromHours(12);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(1);

    public static bool IsLive(DateTimeOffset lastSeen, DateTimeOffset expires, DateTimeOffset now) => now < expires && now - lastSeen < Idle;

    /// <summary>Adds a new session to a transaction.</summary>
    public NewSession AddStart(NpgsqlBatch batch, Person person, HttpContext http, string? device)
    {
        var now = time.GetUtcNow();
        var token = Secrets.NewToken("oss_");
        if (device is not { Length: > 0 })
            device = http.Request.Headers.UserAgent.ToString();
        batch.Add("""
            insert into office_session (company_id, session_id, person_id, hash, stamp, device, address, created_at, last_seen_at, expires_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)
            """, person.CompanyId, Guid.CreateVersion7(now), person.Id, Secrets.Hash(token), person.Stamp, CompanyBatch.Maybe(device.Length == 0 ? null : Texts.Fit(device, MostDevice)),
            CompanyBatch.Maybe(http.Connection.RemoteIpAddress?.ToString()), now, now + Longest);
        return new(token, now + Longest, person.AsAnswer());
    }

    /// <summary>Adds to a transaction that changes the person's stamp: the sessions begun under the old one end, but not this one.</summary>
    public void AddEndOthers(NpgsqlBatch batch, OfficeIdentity office, Person person)
    {
        AddEnd(batch, office.CompanyId, person.Id, except: office.SessionId);
        batch.Add("update office_session set stamp = $3 where company_id = $1 and session_id = $2", office.CompanyId, office.SessionId!.Value, person.Stamp);
    }

    /// <summary>Adds to a transaction that all sessions of a person end.</summary>
    public void AddEnd(NpgsqlBatch batch, Guid company, Guid person, Guid? except = null) => batch.Add("""
        update office_session set ended_at = $4 where company_id = $1 and person_id = $2 and ($3::uuid is null or session_id <> $3) and ended_at is null
        """, company, person, CompanyBatch.Maybe(except), time.GetUtcNow());

    /// <summary>Notes that a session was used, at most once a minute.</summary>
    public async Task SeenAsync(OfficeIdentity office, DateTimeOffset last, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if (now - last < SeenEvery)
            return;
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("update office_session set last_seen_at = $3 where company_id = $1 and session_id = $2 and last_seen_at < $3", office.CompanyId, office.SessionId!.Value, now);
        await batch.ExecuteNonQueryAsync(stop);
    }

    public async Task<IResult> ListAsync(OfficeIdentity office, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("""
            select s.session_id, s.device, s.address, s.session_id = $3, s.created_at, s.last_seen_at, s.expires_at
            from office_session s join person p on p.company_id = s.company_id and p.person_id = s.person_id and p.stamp = s.stamp
            where s.company_id = $1 and s.person_id = $2 and s.ended_at is null and s.expires_at > $4 and s.last_seen_at > $5 order by s.last_seen_at desc limit 100
            """, office.CompanyId, office.ActorId, office.SessionId!.Value, now, now - Idle);
        var rows = new List<SessionRow>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            rows.Add(new(reader.GetGuid(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetBoolean(3),
                reader.GetFieldValue<DateTimeOffset>(4), reader.GetFieldValue<DateTimeOffset>(5), reader.GetFieldValue<DateTimeOffset>(6)));
        }

        return Results.Ok(new SessionList(rows));
    }

    /// <summary>Ends one of the person's own sessions; a repeat changes nothing.</summary>
    public async Task<IResult> EndAsync(OfficeIdentity office, Guid id, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("select 1 from office_session where company_id = $1 and person_id = $2 and session_id = $3", office.CompanyId, office.ActorId, id);
        batch.Add("""
            with ended as (update office_session set ended_at = $4 where company_id = $1 and person_id = $2 and session_id = $3 and ended_at is null returning session_id)
            insert into audit (company_id, audit_id, at, actor_id, action, subject) select $1, $5, $4, $2, 'session.end', session_id::text from ended
            """, office.CompanyId, office.ActorId, id, time.GetUtcNow(), Guid.CreateVersion7(time.GetUtcNow()));
        await using var reader = await batch.ReadAsync(stop);
        var known = await reader.ReadAsync(stop);
        await reader.EndAsync(stop);
        return known ? Results.NoContent() : Problems.NotFound("session.unknown", "You have no session with this id. Load the list again.");
    }

    /// <summary>Ends all of the person's own sessions but this one.</summary>
    public async Task<IResult> EndOthersAsync(OfficeIdentity office, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        AddEnd(batch, office.CompanyId, office.ActorId, except: office.SessionId);
        AuditLog.Add(batch, office, time.GetUtcNow(), "session.endOthers", office.ActorId.ToString(), null, null);
        await batch.ExecuteNonQueryAsync(stop);
        return Results.NoContent();
    }
}
