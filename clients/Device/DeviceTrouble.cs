namespace OrderSync.Device;

/// <summary>Something a device cannot do, said so that the person holding it knows what to do.</summary>
/// <param name="code">Stable, dotted camelCase: <c>device.full</c>.</param>
/// <param name="message">What happened and what to do.</param>
/// <param name="inner">What it came from.</param>
public sealed class DeviceTrouble(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Stable, dotted camelCase: <c>device.full</c>, or the code the gateway gave.</summary>
    public string Code { get; } = code;
}
