using System.Security.Cryptography;
using OrderSync.AppHost.Local;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value made once for this machine and kept in the state folder.</summary>
internal sealed class ParameterResource(string name, GenerateParameterDefault generate) : IResource, IValueProvider
{
    public string Name => name;

    /// <summary>Set for a parameter that people need to know: the last screen of `up` shows it.</summary>
    public string? Description { get; set; }

    public string GetValue(Machine machine) => machine.Secrets.Of(name, generate.GetDefaultValue);
}

/// <summary>How a value is made up.</summary>
internal sealed class GenerateParameterDefault
{
    public int MinLength { get; set; }
    public bool Special { get; set; } = true;

    public string GetDefaultValue() =>
        RandomNumberGenerator.GetString(
            "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789" + (Special ? "-_.~" : ""), Math.Max(MinLength, 22));
}
