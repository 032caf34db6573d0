namespace OrderSync.Framework.Connections;

/// <summary>Settings that cannot be taken: what is wrong with each field, and with all of them.</summary>
internal sealed class SettingsRefusedException : Exception
{
    private readonly Dictionary<string, string> errors = new(StringComparer.OrdinalIgnoreCase);
    private string? whole;

    public SettingsRefusedException()
    {
    }

    /// <param name="field">Name of the setting; null where it is about several.</param>
    /// <param name="message">What is wrong and what to enter.</param>
    public SettingsRefusedException(string? field, string message) => Put(field, message);

    /// <summary>The first field that is wrong; null where it is about several.</summary>
    public string? Field => errors.Keys.FirstOrDefault();

    /// <summary>What is wrong, by field.</summary>
    public IReadOnlyDictionary<string, string> Errors => errors;

    /// <summary>What is wrong, in a sentence.</summary>
    public override string Message => whole ?? errors.Values.FirstOrDefault() ?? "";

    /// <summary>Adds what is wrong with a field; the first word on it stays.</summary>
    public void Add(string field, string message) => errors.TryAdd(field, message);

    /// <summary>Sets what is wrong with a field, or with several.</summary>
    public void Put(string? field, string message)
    {
        if (field is null)
            whole = message;
        else
            errors[field] = message;
    }

    /// <summary>Throws this if anything is wrong.</summary>
    public void ThrowIfAny()
    {
        if (whole is not null || errors.Count > 0)
            throw this;
    }
}
