using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace OrderSync.Console.SignIn;

/// <summary>A session as the gateway gives it to who signs in or uses an invitation.</summary>
internal sealed record NewSession(string Token, DateTimeOffset ExpiresAt);

/// <summary>Carries e-mail and password from the first step of signing in to the second: in the form itself, sealed, for five minutes.</summary>
internal sealed class SignInStep(IDataProtectionProvider protection)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private readonly ITimeLimitedDataProtector seal = protection.CreateProtector("OrderSync.Console.SignIn").ToTimeLimitedDataProtector();

    public string Seal(string email, string password) => seal.Protect(JsonSerializer.Serialize(new[] { email, password }), Lifetime);

    /// <summary>Null when it is older, or was not made here.</summary>
    public (string Email, string Password)? Open(string? held)
    {
        try
        {
            return held is { Length: > 0 } && JsonSerializer.Deserialize<string[]>(seal.Unprotect(held)) is [var email, var password] ? (email, password) : null;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    /// <summary>A path of this console and of nobody else's.</summary>
    public static string Within(string? back) =>
        back is ['/', not ('/' or '\\'), ..] && Uri.TryCreate(back, UriKind.Relative, out _) && !back.Any(char.IsControl) ? back : "/";
}
