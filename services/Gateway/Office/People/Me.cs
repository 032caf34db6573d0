using Microsoft.AspNetCore.Identity;
using Npgsql;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Traffic;

namespace OrderSync.Gateway.Office.People;

/// <summary>Whoever asks, and what they may do.</summary>
/// <param name="Id">Of the person or the key.</param>
/// <param name="Name">The name.</param>
/// <param name="Email">A key has none.</param>
/// <param name="Role">owner, office, viewer or ops.</param>
/// <param name="Company">The company's name.</param>
/// <param name="Totp">Whether signing in asks for a code.</param>
/// <param name="RecoveryCodes">How many recovery codes are left.</param>
/// <param name="Sessions">In how many places the person is signed in.</param>
internal sealed record MeAnswer(Guid Id, string Name, string? Email, string Role, string Company, bool Totp, int RecoveryCodes, long Sessions);

internal sealed record PasswordChange(string? Current, string? Password);

internal sealed record TotpBegun(string Secret, string Uri);

/// <summary>Turns codes on.</summary>
/// <param name="Code">What the app shows.</param>
/// <param name="Password">The present password.</param>
internal sealed record TotpCode(string? Code, string? Password);

/// <summary>Each signs in once instead of a code of the app; shown this once.</summary>
internal sealed record RecoveryCodes(IReadOnlyList<string> Codes);

internal sealed record PasswordAgain(string? Password);

/// <summary>What people change of how they themselves sign in. Each change ends their sessions elsewhere.</summary>
internal sealed class Me(UserManager<Person> people, PersonStore store, SecondFactor secondFactor, Sessions sessions, Guesses guesses, NpgsqlDataSource database, TimeProvider time)
{
    private const int Codes = 10;

    public async Task<IResult> GetAsync(OfficeIdentity office, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("""
            select c.name, p.email, coalesce(p.totp_on, false), coalesce(cardinality(p.recovery_codes), 0),
                (select count(*) from office_session s where s.company_id = $1 and s.person_id = $2 and s.stamp = p.stamp and s.ended_at is null and s.expires_at > $3 and s.last_seen_at > $4)
            from company c left join person p on p.company_id = c.company_id and p.person_id = $2 where c.company_id = $1
            """, office.CompanyId, office.ActorId, time.GetUtcNow(), time.GetUtcNow() - Sessions.Idle);
        await using var reader = await batch.ReadAsync(stop);
        await reader.ReadAsync(stop);
        return Results.Ok(new MeAnswer(office.ActorId, office.Name, reader.IsDBNull(1) ? null : reader.GetString(1), office.Role, reader.GetString(0), reader.GetBoolean(2), reader.GetInt32(3), reader.GetInt64(4)));
    }

    public Task<IResult> ChangePasswordAsync(HttpContext http, OfficeIdentity office, PasswordChange request, CancellationToken stop) =>
        WithPasswordAsync(http, office, request.Current, async person =>
        {
            AddChange(person, office, "me.password");
            return Trouble(await people.ChangePasswordAsync(person, request.Current!, request.Password ?? "")) ?? Results.NoContent();
        }, stop);

    /// <summary>Makes a secret for an authenticator app; it counts once a code of it has come.</summary>
    public async Task<IResult> BeginTotpAsync(OfficeIdentity office, CancellationToken stop)
    {
        var person = (await store.FindAsync(office.CompanyId, office.ActorId, stop))!;
        if (person.TotpOn)
            return AlreadyOn();
        person.TotpKey = people.GenerateNewAuthenticatorKey();
        var label = $"OrderSync:{person.Email}";
        return Trouble(await people.UpdateAsync(person)) ?? Results.Ok(new TotpBegun(person.TotpKey, $"otpauth://totp/{Uri.EscapeDataString(label)}?secret={person.TotpKey}&issuer=OrderSync&digits=6&period=30"));
    }

    public Task<IResult> ConfirmTotpAsync(HttpContext http, OfficeIdentity office, TotpCode request, CancellationToken stop) => WithPasswordAsync(http, office, request.Password, async person =>
    {
        if (person.TotpOn)
            return AlreadyOn();
        if (person.TotpKey is null)
            return Problems.Conflict("totp.notBegun", "Begin first: scan the picture with your app, then enter the code it shows.");
        if (request.Code is not { Length: > 0 and <= PersonRules.MostCode } || !await secondFactor.IsRightAsync(person, request.Code))
            return Problems.Bad("totp.codeWrong", "This code is not right. Check that your phone's clock is set by the network, and enter the code the app shows now.");

        // First the recovery codes, then that codes are asked for: nobody is locked out by a crash in between.
        var codes = await people.GenerateNewTwoFactorRecoveryCodesAsync(person, Codes);
        AddChange(person, office, "me.totp.on");
        return Trouble(await people.SetTwoFactorEnabledAsync(person, true)) ?? Results.Ok(new RecoveryCodes([.. codes!]));
    }, stop);

    public Task<IResult> EndTotpAsync(HttpContext http, OfficeIdentity office, PasswordAgain? request, CancellationToken stop) => WithPasswordAsync(http, office, request?.Password, async person =>
    {
        if (!person.TotpOn)
            return Results.NoContent();
        (person.TotpKey, person.TotpUsed, person.RecoveryCodes) = (null, [], []);
        AddChange(person, office, "me.totp.off");
        return Trouble(await people.SetTwoFactorEnabledAsync(person, false)) ?? Results.NoContent();
    }, stop);

    /// <summary>Whoever found an open session must not take the account over with it: the password is asked for again, and wrong ones lock as at sign-in.</summary>
    private async Task<IResult> WithPasswordAsync(HttpContext http, OfficeIdentity office, string? password, Func<Person, Task<IResult>> act, CancellationToken stop)
    {
        if (password is not { Length: > 0 and <= PersonRules.MostPassword })
            return Problems.Bad("password.missing", "Enter your present password.");
        var (turn, refusal) = await guesses.TakePasswordTurnAsync(http, stop);
        if (turn is null)
            return refusal!;
        using (turn)
        {
            var person = (await store.FindAsync(office.CompanyId, office.ActorId, stop))!;
            if (await people.IsLockedOutAsync(person))
                return Problems.TooMany("signIn.locked", "Too many wrong tries for this e-mail. Try again later.", person.LockedUntil!.Value - time.GetUtcNow());
            if (await people.CheckPasswordAsync(person, password))
            {
                await people.ResetAccessFailedCountAsync(person);
                return await act(person);
            }

            guesses.Failed(http);
            await people.AccessFailedAsync(person);
            return Problems.Bad("password.wrong", "This is not your present password. Type it again.");
        }
    }

    private void AddChange(Person person, OfficeIdentity office, string action) => person.Alongside = batch =>
    {
        sessions.AddEndOthers(batch, office, person);
        AuditLog.Add(batch, office, time.GetUtcNow(), action, person.Id.ToString(), null, null);
    };

    private static IResult AlreadyOn() => Problems.Conflict("totp.on", "Codes are asked for already. Turn that off first to use another app.");

    /// <summary>Null if it was done.</summary>
    public static IResult? Trouble(IdentityResult result) => result.Errors.FirstOrDefault() switch
    {
        null => null,
        { Code: nameof(IdentityErrorDescriber.ConcurrencyFailure) } => Problems.Conflict("person.changed", "This was changed somewhere else at the same time. Load the page again and repeat it."),
        { Code: nameof(IdentityErrorDescriber.DuplicateEmail) } => Problems.Conflict("person.emailTaken", "This e-mail signs in here already. Choose another one."),
        { Code: nameof(IdentityErrorDescriber.PasswordMismatch) } => Problems.Bad("password.wrong", "This is not your present password. Type it again."),
        var error => Problems.Bad("password.weak", error.Description),
    };
}
