using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace OrderSync.ServiceDefaults;

/// <summary>Options that are checked when the service starts, so that a service with a bad setting never becomes healthy.</summary>
public static class ValidatedOptions
{
    /// <summary>Binds <typeparamref name="T"/> to a section and checks it at start; the error names the configuration key.</summary>
    /// <param name="builder">The host being built.</param>
    /// <param name="section">Section of the configuration, such as "Tokens".</param>
    /// <param name="whyNot">Null when good; else what is wrong, beginning with the key below the section, such as "Key is missing".</param>
    public static void AddValidatedOptions<T>(this IHostApplicationBuilder builder, string section, Func<T, string?> whyNot) where T : class
    {
        builder.Services.AddSingleton<IValidateOptions<T>>(new Check<T>(section, whyNot));
        builder.Services.AddOptions<T>().Bind(builder.Configuration.GetSection(section)).ValidateOnStart();
    }

    private sealed class Check<T>(string section, Func<T, string?> whyNot) : IValidateOptions<T> where T : class
    {
        public ValidateOptionsResult Validate(string? name, T options) =>
            whyNot(options) is { } reason ? ValidateOptionsResult.Fail($"{section}:{reason}") : ValidateOptionsResult.Success;
    }
}
