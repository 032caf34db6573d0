using Microsoft.AspNetCore.Identity;
using Npgsql;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Traffic;

namespace OrderSync.Gateway.Office.People;

/// <summary>What a person types to sign in.</summary>
/// <param name="Email">In any case.</param>
/// <param name="Password">The password.</param>
/// <param name="Code">Six digits of an authenticator app, or a recovery code, once <c>signIn.codeNeeded</c> asks for it.</param>
/// <param name="Device">What the list of sessions calls it; without it the header User-Agent.</param>
internal sealed record SignInRequest(string? Email, string? Password, string? Code, string? Device);

/// <summary>Exchanges e-mail, password and, where it is turned on, a second factor for a session. What is wrong is not told, nor whether an e-mail is known.</summary>
internal sealed class SignIn(UserManager<Person> people, SecondFactor secondFactor, Sessions sessions, Guesses guesses, NpgsqlDataSource database, TimeProvider time)
{
    private static readonly IResult Wrong = Problems.Unauthorized("signIn.wrong", "E-mail and password do not belong together. Check both and try again.");

    public async Task<IResult> SignInAsync(HttpContext http, SignInRequest request, CancellationToken stop)
    {
        if (request is not { Email.Length: > 0 and <= PersonRules.MostEmail, Password.Length: > 0 and <= PersonRules.MostPassword } || request.Code?.Length > PersonRules.MostCode)
            return Problems.Bad("signIn.incomplete", "Send email and password, and code if it is asked for.");

        var (turn, refusal) = await guesses.TakePasswordTurnAsync(http, stop);
        if (turn is null)
            return refusal!;
        using (turn)
        {
            var person = (await people.FindByEmailAsync(request.Email))!;
            if (await people.IsLockedOutAsync(person))
                return Locked(person);
            if (!await people.CheckPasswordAsync(person, request.Password) || person.IsNobody || person.Disabled)
                return await FailedAsync(http, person, Wrong);
            if (!person.TotpOn)
                return await BeginAsync(http, person, request.Device, stop);
            if (string.IsNullOrWhiteSpace(request.Code))
                return Problems.Unauthorized("signIn.codeNeeded", "Enter the six digits your authenticator app shows, or a recovery code.");
            if (!await secondFactor.IsRightAsync(person, request.Code))
                return await FailedAsync(http, person, SecondFactor.Wrong);

            // The code is used up in the transaction that begins the session: of two tries with one code at once, one finds the person changed.
            NewSession? session = null;
            person.Alongside = batch => session = sessions.AddStart(batch, person, http, request.Device);
            if (!(await people.UpdateAsync(person)).Succeeded)
                return await FailedAsync(http, person, SecondFactor.Wrong);
            return await DoneAsync(person, session!);
        }
    }

    /// <summary>The session ends; its token opens nothing from then on.</summary>
    public async Task<IResult> SignOutAsync(OfficeIdentity office, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("update office_session set ended_at = $3 where company_id = $1 and session_id = $2 and ended_at is null", office.CompanyId, office.SessionId!.Value, time.GetUtcNow());
        await batch.ExecuteNonQueryAsync(stop);
        return Results.NoContent();
    }

    private async Task<IResult> BeginAsync(HttpContext http, Person person, string? device, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, person.CompanyId);
        var session = sessions.AddStart(batch, person, http, device);
        await batch.ExecuteNonQueryAsync(stop);
        return await DoneAsync(person, session);
    }

    private async Task<IResult> DoneAsync(Person person, NewSession session)
    {
        await people.ResetAccessFailedCountAsync(person);
        guesses.Succeeded(Secrets.Hash(session.Token));
        return Results.Ok(session);
    }

    private async Task<IResult> FailedAsync(HttpContext http, Person person, IResult answer)
    {
        guesses.Failed(http);
        await people.AccessFailedAsync(person);
        return await people.IsLockedOutAsync(person) ? Locked(person) : answer;
    }

    private IResult Locked(Person person)
    {
        var wait = person.LockedUntil!.Value - time.GetUtcNow();
        return Problems.TooMany("signIn.locked", $"Too many wrong tries for this e-mail. Try again in {Math.Max(1, (int)Math.Ceiling(wait.TotalMinutes))} minutes, or ask an owner of the company for a new invitation.", wait);
    }
}
