using Microsoft.AspNetCore.Authentication;

namespace OrderSync.Console.SignIn;

internal static class AddSessionsExtensions
{
    public static void AddSessions(this WebApplicationBuilder builder)
    {
        builder.Services.AddAuthentication(SessionAuthentication.Scheme_)
            .AddScheme<AuthenticationSchemeOptions, SessionAuthentication>(SessionAuthentication.Scheme_, null);
        builder.Services.AddSingleton<SignInStep>();
        builder.Services.AddAuthorization();
        builder.Services.AddCascadingAuthenticationState();
        // Null where nobody has signed in, such as on the page that asks them to.
        builder.Services.AddCascadingValue(services => services.GetRequiredService<IHttpContextAccessor>().HttpContext?.Features.Get<Session>());
    }
}
