using Microsoft.AspNetCore.Identity;

namespace OrderSync.Gateway.Office.People;

/// <summary>Codes of authenticator apps and recovery codes; each opens once.</summary>
internal sealed class SecondFactor(UserManager<Person> people)
{
    public static readonly IResult Wrong = Problems.Unauthorized("signIn.codeWrong", "This code is not right, or was used already. Wait for the next one in your app, or use another recovery code.");

    // A code is right for two minutes and a half, five steps of 30 seconds: no more than nine others can have been used while it still is.
    private const int Remembered = 10;

    /// <summary>Whether the code is right. It is used up by the next update of the person.</summary>
    public async Task<bool> IsRightAsync(Person person, string code)
    {
        var digits = code.Replace(" ", "", StringComparison.Ordinal).Trim();
        if (digits.Length != 6 || !digits.All(char.IsAsciiDigit))
            return await people.RedeemTwoFactorRecoveryCodeAsync(person, code) is { Succeeded: true };
        if (person.TotpUsed.Contains(digits) || !await people.VerifyTwoFactorTokenAsync(person, TokenOptions.DefaultAuthenticatorProvider, digits))
            return false;
        person.TotpUsed = [.. person.TotpUsed.TakeLast(Remembered - 1), digits];
        return true;
    }
}
