using System.Net.Mail;
using Microsoft.AspNetCore.Identity;

namespace OrderSync.Gateway.Office.People;

/// <summary>What may be a person's e-mail, name and password. Long passwords instead of odd ones: no rule asks for a digit or a sign.</summary>
internal sealed class PersonRules : IPasswordValidator<Person>, ILookupNormalizer
{
    public const int MostName = 100;
    public const int MostEmail = 254;
    public const int LeastPassword = 10;
    public const int MostPassword = 200;
    public const int MostCode = 60;

    /// <summary>An e-mail however it was typed; null if it is none.</summary>
    public static string? Email(string? typed) =>
        typed?.Trim() is { Length: > 0 and <= MostEmail } email && MailAddress.TryCreate(email, out var address) && address.Address == email && !email.Contains('\0', StringComparison.Ordinal) ? Fold(email) : null;

    public static bool IsName(string? name) => name is { Length: > 0 and <= MostName } && !string.IsNullOrWhiteSpace(name);

    public Task<IdentityResult> ValidateAsync(UserManager<Person> manager, Person user, string? password)
    {
        string? trouble = password switch
        {
            null or { Length: < LeastPassword } => $"Choose a password of at least {LeastPassword} characters, such as three words nobody would put together.",
            { Length: > MostPassword } => $"Choose a password of at most {MostPassword} characters.",
            _ when password.Distinct().Count() < 5 => "Choose a password with at least five different characters.",
            _ when SaysWho(password, user.Email) || SaysWho(password, user.Name) => "Choose a password that is not your name or e-mail.",
            _ => null,
        };
        return Task.FromResult(trouble is null ? IdentityResult.Success : IdentityResult.Failed(new IdentityError { Code = "password.weak", Description = trouble }));
    }

    public string? NormalizeEmail(string? email) => email is null ? null : Fold(email.Trim());

    public string? NormalizeName(string? name) => NormalizeEmail(name);

    private static bool SaysWho(string password, string? word) => word is { Length: >= 4 } && password.Replace(word, "", StringComparison.OrdinalIgnoreCase).Length < password.Length / 2;

    private static string Fold(string email) => email.Normalize().ToLowerInvariant();
}
