using Microsoft.AspNetCore.Identity;
using Npgsql;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Traffic;

namespace OrderSync.Gateway.Office.People;

internal sealed record InvitationCode(string? Code);

/// <summary>An invitation as whoever holds its code may see it.</summary>
internal sealed record InvitationAnswer(string Company, string Name, string? Email, string Role, DateTimeOffset ExpiresAt);

/// <summary>What an invited person chooses.</summary>
/// <param name="Code">The invitation's code.</param>
/// <param name="Email">Signs in from then on; left out it is the one invited.</param>
/// <param name="Name">Left out it is the one invited.</param>
/// <param name="Password">At least ten characters.</param>
/// <param name="Device">As at sign-in.</param>
internal sealed record WelcomeRequest(string? Code, string? Email, string? Name, string? Password, string? Device);

/// <summary>Invited people choose how they sign in. The code works once; wrong ones are held up as those of devices are.</summary>
internal sealed class Welcome(
    UserManager<Person> people, PersonStore store, Sessions sessions, Guesses guesses, NpgsqlDataSource database, [FromKeyedServices(GatewaySchema.AuthRole)] NpgsqlDataSource auth, TimeProvider time)
{
    public Task<IResult> LookAsync(HttpContext http, InvitationCode request, CancellationToken stop) => WithInvitationAsync(http, request.Code, async person =>
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, person.CompanyId);
        batch.Add("select name from company where company_id = $1", person.CompanyId);
        await using var reader = await batch.ReadAsync(stop);
        await reader.ReadAsync(stop);
        return Results.Ok(new InvitationAnswer(reader.GetString(0), person.Name, person.Email, person.Role, person.InvitationUntil!.Value));
    }, stop);

    public Task<IResult> JoinAsync(HttpContext http, WelcomeRequest request, CancellationToken stop) => WithInvitationAsync(http, request.Code, async person =>
    {
        var now = time.GetUtcNow();
        if (PersonRules.Email(request.Email ?? person.Email) is not { } email)
            return Problems.Bad("person.email", "Enter an e-mail address, such as ann@company.example.");
        if (!PersonRules.IsName(request.Name ?? person.Name))
            return Problems.Bad("person.name", $"Enter a name of at most {PersonRules.MostName} characters.");

        var before = person.JoinedAt is null ? null : new { person.Name, person.Email };
        (person.Email, person.Name, person.JoinedAt, person.Invitation, person.InvitationUntil) = (email, request.Name ?? person.Name, person.JoinedAt ?? now, null, null);
        NewSession? session = null;
        person.Alongside = batch =>
        {
            session = sessions.AddStart(batch, person, http, request.Device);
            AuditLog.Add(batch, new OfficeIdentity(person.CompanyId, person.Id, person.Name, person.Role), now, "person.welcome", person.Id.ToString(), before, new { person.Name, person.Email });
        };
        if (Me.Trouble(await people.AddPasswordAsync(person, request.Password ?? "")) is { } trouble)
            return trouble;
        await people.SetLockoutEndDateAsync(person, null);
        await people.ResetAccessFailedCountAsync(person);
        guesses.Succeeded(Secrets.Hash(session!.Token));
        return Results.Ok(session);
    }, stop);

    private async Task<IResult> WithInvitationAsync(HttpContext http, string? code, Func<Person, Task<IResult>> act, CancellationToken stop)
    {
        if (code is not { Length: > 0 and <= PersonRules.MostCode })
            return Problems.Bad("welcome.incomplete", "Send the code of the invitation.");
        var (turn, refusal) = await guesses.TakeCodeTurnAsync(http, stop);
        if (turn is null)
            return refusal!;
        using (turn)
        {
            if (await FindAsync(Secrets.HashOfCode(code), stop) is not { } person)
            {
                guesses.CodeFailed(http);
                return Problems.NotFound("welcome.codeUnknown", "This invitation is not known here, or was used. Sign in, or ask an owner of your company for a new one.");
            }

            return person.InvitationUntil > time.GetUtcNow()
                ? await act(person)
                : Problems.Conflict("welcome.codeExpired", "This invitation has expired. Ask an owner of your company for a new one.");
        }
    }

    private async Task<Person?> FindAsync(byte[] hash, CancellationToken stop)
    {
        (Guid Company, Guid Person) found;
        await using (var command = auth.CreateCommand("select company_id, person_id from find_invitation($1)"))
        {
            command.Parameters.Add(new NpgsqlParameter { Value = hash });
            await using var reader = await command.ExecuteReaderAsync(stop);
            if (!await reader.ReadAsync(stop))
                return null;
            found = (reader.GetGuid(0), reader.GetGuid(1));
        }

        // Between the two it may have been used.
        return await store.FindAsync(found.Company, found.Person, stop) is { } person && person.Invitation?.AsSpan().SequenceEqual(hash) == true ? person : null;
    }
}
