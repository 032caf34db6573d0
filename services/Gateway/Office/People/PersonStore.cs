using Microsoft.AspNetCore.Identity;
using Npgsql;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Office.People;

/// <summary>
/// Where the framework's UserManager finds people and keeps what it decides. An e-mail nobody has finds a nobody with a password nobody knows: it costs the
/// same statements and the same hashing, is locked after as many wrong tries, and so tells nothing.
/// </summary>
internal sealed class PersonStore(
    NpgsqlDataSource database, [FromKeyedServices(GatewaySchema.AuthRole)] NpgsqlDataSource auth, IPasswordHasher<Person> hasher, Sealing sealing, TimeProvider time)
    : IUserPasswordStore<Person>, IUserEmailStore<Person>, IUserSecurityStampStore<Person>, IUserLockoutStore<Person>, IUserTwoFactorStore<Person>,
        IUserAuthenticatorKeyStore<Person>, IUserTwoFactorRecoveryCodeStore<Person>
{
    /// <summary>Five wrong tries lock an e-mail for so long; a try older than that no longer counts.</summary>
    public static readonly TimeSpan Lock = TimeSpan.FromMinutes(15);

    // What nobody's password is: as costly to check as any.
    private static string? unknowable;

    public async Task<Person?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken)
    {
        (Guid Company, Guid Id) found = default;
        await using (var command = auth.CreateCommand("select company_id, person_id from find_person($1)"))
        {
            command.Parameters.Add(new NpgsqlParameter { Value = normalizedEmail });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            if (await reader.ReadAsync(cancellationToken))
                found = (reader.GetGuid(0), reader.GetGuid(1));
        }

        var person = await ReadAsync(found.Company, found.Id, normalizedEmail, cancellationToken);
        if (person.PasswordHash is null)
        {
            // Checked, never kept.
            person.PasswordHash = unknowable ??= hasher.HashPassword(person, Secrets.NewToken(""));
            person.Before = person.Kept;
        }

        return person;
    }

    /// <summary>A person of a company; null if it has none with this id.</summary>
    public async Task<Person?> FindAsync(Guid company, Guid id, CancellationToken stop) => await ReadAsync(company, id, null, stop) is { IsNobody: false } person ? person : null;

    public async Task<IdentityResult> UpdateAsync(Person user, CancellationToken cancellationToken)
    {
        if (user.IsNobody || (user.Kept.Equals(user.Before) && user.Alongside is null))
            return IdentityResult.Success;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = CompanyBatch.For(connection, user.CompanyId, transaction);
        batch.Add("""
            update person set name = $4, email = $5, joined_at = $6, password_hash = $7, stamp = $8, totp_on = $9, totp_key = $10, totp_used = $11, recovery_codes = $12,
                invitation = $13, invitation_until = $14, version = version + 1
            where company_id = $1 and person_id = $2 and version = $3 returning version
            """, user.CompanyId, user.Id, user.Version, user.Name, CompanyBatch.Maybe(user.Email), CompanyBatch.Maybe(user.JoinedAt), CompanyBatch.Maybe(user.PasswordHash), user.Stamp,
            user.TotpOn, CompanyBatch.Maybe(user.TotpKey is null ? null : sealing.Seal(user.TotpKey, user)), user.TotpUsed.ToArray(), user.RecoveryCodes.ToArray(),
            CompanyBatch.Maybe(user.Invitation), CompanyBatch.Maybe(user.InvitationUntil));
        user.Alongside?.Invoke(batch);
        try
        {
            await using (var reader = await batch.ReadAsync(cancellationToken))
            {
                if (!await reader.ReadAsync(cancellationToken))
                    return IdentityResult.Failed(new IdentityErrorDescriber().ConcurrencyFailure());
                user.Version = reader.GetInt32(0);
                await reader.EndAsync(cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }
        catch (PostgresException trouble) when (trouble.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return IdentityResult.Failed(new IdentityErrorDescriber().DuplicateEmail(user.Email ?? ""));
        }

        (user.Alongside, user.Before) = (null, user.Kept);
        return IdentityResult.Success;
    }

    /// <summary>Counts a wrong try at once and in the database: tries side by side, and at several gateways, are all counted.</summary>
    public async Task<int> IncrementAccessFailedCountAsync(Person user, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = CompanyBatch.For(connection, user.CompanyId);
        batch.Add("""
            insert into sign_in_try (company_id, email_hash, failed, last_at) values ($1, $2, 1, $3)
            on conflict (company_id, email_hash) do update set failed = case when sign_in_try.last_at < $4 then 1 else sign_in_try.failed + 1 end, last_at = $3 returning failed
            """, user.CompanyId, Secrets.Hash(user.Email!), now, now - Lock);
        // What no longer counts of those nobody has; of people there is one row each.
        batch.Add("delete from sign_in_try where company_id = $1 and last_at < $2 and $1 = '00000000-0000-0000-0000-000000000000'", user.CompanyId, now - Lock);
        await using var reader = await batch.ReadAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        user.Failed = reader.GetInt32(0);
        await reader.EndAsync(cancellationToken);
        return user.Failed;
    }

    public async Task SetLockoutEndDateAsync(Person user, DateTimeOffset? lockoutEnd, CancellationToken cancellationToken)
    {
        user.LockedUntil = lockoutEnd;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = CompanyBatch.For(connection, user.CompanyId);
        batch.Add("update sign_in_try set locked_until = $3 where company_id = $1 and email_hash = $2", user.CompanyId, Secrets.Hash(user.Email!), CompanyBatch.Maybe(lockoutEnd));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task ResetAccessFailedCountAsync(Person user, CancellationToken cancellationToken)
    {
        user.Failed = 0;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = CompanyBatch.For(connection, user.CompanyId);
        batch.Add("update sign_in_try set failed = 0 where company_id = $1 and email_hash = $2", user.CompanyId, Secrets.Hash(user.Email!));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    public Task ReplaceCodesAsync(Person user, IEnumerable<string> recoveryCodes, CancellationToken cancellationToken)
    {
        user.RecoveryCodes = [.. recoveryCodes.Select(code => sealing.HashOf(code, user))];
        return Task.CompletedTask;
    }

    public Task<bool> RedeemCodeAsync(Person user, string code, CancellationToken cancellationToken)
    {
        var hash = sealing.HashOf(code, user);
        var left = user.RecoveryCodes.Where(one => !one.AsSpan().SequenceEqual(hash)).ToList();
        var known = left.Count < user.RecoveryCodes.Count;
        user.RecoveryCodes = left;
        return Task.FromResult(known);
    }

    public Task<int> CountCodesAsync(Person user, CancellationToken cancellationToken) => Task.FromResult(user.RecoveryCodes.Count);

    private async Task<Person> ReadAsync(Guid company, Guid id, string? email, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add("""
            select p.name, p.email, p.role, p.disabled, p.joined_at, p.password_hash, p.stamp, p.totp_on, p.totp_key, p.totp_used, p.recovery_codes, p.invitation, p.invitation_until, p.version,
                t.failed, t.locked_until
            from (select $1::uuid as company_id, $2::uuid as person_id) wanted
            left join person p on p.company_id = wanted.company_id and p.person_id = wanted.person_id
            left join sign_in_try t on t.company_id = wanted.company_id and t.email_hash = coalesce($3, sha256(convert_to(p.email, 'UTF8')))
            """, company, id, CompanyBatch.Maybe(email is null ? null : Secrets.Hash(email)));
        await using var reader = await batch.ReadAsync(stop);
        await reader.ReadAsync(stop);
        var (failed, locked) = (reader.IsDBNull(14) ? 0 : reader.GetInt32(14), Maybe<DateTimeOffset>(15));
        if (reader.IsDBNull(0))
            return new Person { Email = email, Failed = failed, LockedUntil = locked };

        var person = new Person
        {
            CompanyId = company, Id = id, Name = reader.GetString(0), Email = reader.IsDBNull(1) ? null : reader.GetString(1), Role = reader.GetString(2), Disabled = reader.GetBoolean(3),
            JoinedAt = Maybe<DateTimeOffset>(4), PasswordHash = reader.IsDBNull(5) ? null : reader.GetString(5), Stamp = reader.GetString(6), TotpOn = reader.GetBoolean(7),
            TotpUsed = reader.GetFieldValue<string[]>(9), RecoveryCodes = reader.GetFieldValue<byte[][]>(10), Invitation = reader.IsDBNull(11) ? null : reader.GetFieldValue<byte[]>(11),
            InvitationUntil = Maybe<DateTimeOffset>(12), Version = reader.GetInt32(13), Failed = failed, LockedUntil = locked,
        };
        person.TotpKey = reader.IsDBNull(8) ? null : sealing.Open(reader.GetFieldValue<byte[]>(8), person);
        person.Before = person.Kept;
        return person;

        T? Maybe<T>(int column) where T : struct => reader.IsDBNull(column) ? null : reader.GetFieldValue<T>(column);
    }

    // What UserManager asks of the object in hand.
    public Task<string> GetUserIdAsync(Person user, CancellationToken cancellationToken) => Task.FromResult(user.Id.ToString());
    public Task<string?> GetUserNameAsync(Person user, CancellationToken cancellationToken) => Task.FromResult(user.Email);
    public Task<string?> GetNormalizedUserNameAsync(Person user, CancellationToken cancellationToken) => Task.FromResult(user.Email);
    public Task<string?> GetEmailAsync(Person user, CancellationToken cancellationToken) => Task.FromResult(user.Email);
    public Task<string?> GetNormalizedEmailAsync(Person user, CancellationToken cancellationToken) => Task.FromResult(user.Email);
    public Task<bool> GetEmailConfirmedAsync(Person user, CancellationToken cancellationToken) => Task.FromResult(user.JoinedAt is not null);
    public Task<string?> GetPasswordHashAsync(Person user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);
    public Task<bool> HasPasswordAsync(Person user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash is not null);
    public Task<string?> GetSecurityStampAsync(Person user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Stamp);
    public Task<DateTimeOffset?> GetLockoutEndDateAsync(Person user, CancellationToken cancellationToken) => Task.FromResult(user.LockedUntil);
    public Task<int> GetAccessFailedCountAsync(Person user, CancellationToken cancellationToken) => Task.FromResult(user.Failed);
    public Task<bool> GetLockoutEnabledAsync(Person user, CancellationToken cancellationToken) => Task.FromResult(true);
    public Task<bool> GetTwoFactorEnabledAsync(Person user, CancellationToken cancellationToken) => Task.FromResult(user.TotpOn);
    public Task<string?> GetAuthenticatorKeyAsync(Person user, CancellationToken cancellationToken) => Task.FromResult(user.TotpKey);
    public Task SetPasswordHashAsync(Person user, string? passwordHash, CancellationToken cancellationToken) => Done(() => user.PasswordHash = passwordHash);
    public Task SetSecurityStampAsync(Person user, string stamp, CancellationToken cancellationToken) => Done(() => user.Stamp = stamp);
    public Task SetTwoFactorEnabledAsync(Person user, bool enabled, CancellationToken cancellationToken) => Done(() => user.TotpOn = enabled);
    public Task SetAuthenticatorKeyAsync(Person user, string key, CancellationToken cancellationToken) => Done(() => user.TotpKey = key);
    public Task SetEmailAsync(Person user, string? email, CancellationToken cancellationToken) => Done(() => user.Email = email);

    // The name is the e-mail, and folded when it is taken.
    public Task SetUserNameAsync(Person user, string? userName, CancellationToken cancellationToken) => Task.CompletedTask;
    public Task SetNormalizedUserNameAsync(Person user, string? normalizedName, CancellationToken cancellationToken) => Task.CompletedTask;
    public Task SetNormalizedEmailAsync(Person user, string? normalizedEmail, CancellationToken cancellationToken) => Task.CompletedTask;
    public Task SetEmailConfirmedAsync(Person user, bool confirmed, CancellationToken cancellationToken) => Task.CompletedTask;
    public Task SetLockoutEnabledAsync(Person user, bool enabled, CancellationToken cancellationToken) => Task.CompletedTask;

    // People are made by an invitation and never removed: what they did keeps their name.
    public Task<IdentityResult> CreateAsync(Person user, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<IdentityResult> DeleteAsync(Person user, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<Person?> FindByIdAsync(string userId, CancellationToken cancellationToken) => throw new NotSupportedException();
    public Task<Person?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => FindByEmailAsync(normalizedUserName, cancellationToken);

    public void Dispose()
    {
    }

    private static Task Done(Action act)
    {
        act();
        return Task.CompletedTask;
    }
}
