using OrderSync.AppHost.Local;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that is known only once the machine's ports and secrets are.</summary>
internal interface IValueProvider
{
    string GetValue(Machine machine);
}

/// <summary>A value that is known from the start.</summary>
internal sealed record Literal(string Text) : IValueProvider
{
    public string GetValue(Machine machine) => Text;
}
