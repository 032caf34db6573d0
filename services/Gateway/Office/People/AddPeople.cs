using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrderSync.Gateway.Office.Access;

namespace OrderSync.Gateway.Office.People;

/// <summary>People who sign in, on ASP.NET Core Identity with a store of our own.</summary>
internal static class AddPeopleExtensions
{
    public static void AddPeople(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Sessions>().AddSingleton<Sealing>().AddSingleton<CompanyPeople>()
            .AddScoped<PersonStore>().AddScoped<SecondFactor>().AddScoped<SignIn>().AddScoped<Me>().AddScoped<Welcome>();
        builder.Services.Configure<PasswordHasherOptions>(passwords => passwords.IterationCount = 210_000);
        builder.Services.AddIdentityCore<Person>(identity =>
        {
            identity.Lockout.MaxFailedAccessAttempts = 5;
            identity.Lockout.DefaultLockoutTimeSpan = PersonStore.Lock;
        }).AddTokenProvider<AuthenticatorTokenProvider<Person>>(TokenOptions.DefaultAuthenticatorProvider);
        // The rules are ours: see PersonRules.
        builder.Services.RemoveAll<IUserValidator<Person>>().RemoveAll<IPasswordValidator<Person>>();
        builder.Services.AddSingleton<IPasswordValidator<Person>, PersonRules>();
        builder.Services.Replace(ServiceDescriptor.Scoped<ILookupNormalizer, PersonRules>());
        builder.Services.AddScoped<IUserStore<Person>>(services => services.GetRequiredService<PersonStore>());
    }

    /// <summary>What is called before anybody is known.</summary>
    public static void MapSignIn(this IEndpointRouteBuilder app)
    {
        var open = app.MapGroup("/v1/office").WithTags("People");
        open.MapPost("/sign-in", (HttpContext http, SignInRequest request, SignIn signIn, CancellationToken stop) => signIn.SignInAsync(http, request, stop))
            .WithSummary("Begins a session of a person").Produces<NewSession>().ProducesProblem(StatusCodes.Status401Unauthorized);
        open.MapPost("/welcome", (HttpContext http, WelcomeRequest request, Welcome welcome, CancellationToken stop) => welcome.JoinAsync(http, request, stop))
            .WithSummary("Uses an invitation: chooses e-mail, name and password, and begins a session").Produces<NewSession>()
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        open.MapPost("/welcome/look", (HttpContext http, InvitationCode request, Welcome welcome, CancellationToken stop) => welcome.LookAsync(http, request, stop))
            .WithSummary("Shows an invitation to whoever holds its code").Produces<InvitationAnswer>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    public static void MapPeople(this IEndpointRouteBuilder office)
    {
        office.MapGet("/me", (OfficeIdentity who, Me me, CancellationToken stop) => me.GetAsync(who, stop)).ForOps().WithSummary("Says who asks").Produces<MeAnswer>();

        var own = office.MapGroup("").RequireAuthorization(Roles.Person).ForOps();
        own.MapPost("/sign-out", (OfficeIdentity who, SignIn signIn, CancellationToken stop) => signIn.SignOutAsync(who, stop))
            .WithSummary("Ends this session").Produces(StatusCodes.Status204NoContent);
        own.MapPost("/me/password", (HttpContext http, OfficeIdentity who, Me me, PasswordChange request, CancellationToken stop) => me.ChangePasswordAsync(http, who, request, stop))
            .WithSummary("Changes one's own password").Produces(StatusCodes.Status204NoContent);
        own.MapPost("/me/totp", (OfficeIdentity who, Me me, CancellationToken stop) => me.BeginTotpAsync(who, stop))
            .WithSummary("Makes a secret for an authenticator app; it counts once it is confirmed").Produces<TotpBegun>().ProducesProblem(StatusCodes.Status409Conflict);
        own.MapPut("/me/totp", (HttpContext http, OfficeIdentity who, Me me, TotpCode request, CancellationToken stop) => me.ConfirmTotpAsync(http, who, request, stop))
            .WithSummary("Confirms the authenticator app by a code of it and the password, and shows recovery codes this once").Produces<RecoveryCodes>().ProducesProblem(StatusCodes.Status409Conflict);
        own.MapDelete("/me/totp", (HttpContext http, OfficeIdentity who, Me me, [FromBody] PasswordAgain request, CancellationToken stop) => me.EndTotpAsync(http, who, request, stop))
            .WithSummary("No longer asks for codes").Produces(StatusCodes.Status204NoContent);
        own.MapGet("/me/sessions", (OfficeIdentity who, Sessions sessions, CancellationToken stop) => sessions.ListAsync(who, stop))
            .WithSummary("Lists where one is signed in").Produces<SessionList>();
        own.MapPost("/me/sessions/{id:guid}/end", (OfficeIdentity who, Sessions sessions, Guid id, CancellationToken stop) => sessions.EndAsync(who, id, stop))
            .WithSummary("Ends one of one's own sessions").Produces(StatusCodes.Status204NoContent);
        own.MapPost("/me/sessions/end-others", (OfficeIdentity who, Sessions sessions, CancellationToken stop) => sessions.EndOthersAsync(who, stop))
            .WithSummary("Ends all of one's own sessions but this one").Produces(StatusCodes.Status204NoContent);

        var people = office.MapGroup("/people").RequireAuthorization(Roles.Own);
        people.MapGet("", (OfficeIdentity who, CompanyPeople company, CancellationToken stop) => company.ListAsync(who, stop)).WithSummary("Lists the people of the company").Produces<PersonList>();
        people.MapPost("", (OfficeIdentity who, CompanyPeople company, PersonInvite request, CancellationToken stop) => company.InviteAsync(who, request, stop))
            .WithSummary("Invites a person and shows the code this once").Produces<NewInvitation>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status409Conflict);
        people.MapPut("/{id:guid}", (OfficeIdentity who, CompanyPeople company, Guid id, PersonChange request, CancellationToken stop) => company.PutAsync(who, id, request, stop))
            .WithSummary("Changes a person's role, or switches a person off or on").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status409Conflict);
        people.MapPost("/{id:guid}/reset", (OfficeIdentity who, CompanyPeople company, Guid id, CancellationToken stop) => company.ResetAsync(who, id, stop))
            .WithSummary("Makes a new invitation; password, second factor and sessions are gone").Produces<NewInvitation>();
    }
}
