using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Policies;

/// <summary>What devices of a class can do with a connection only: captured offline it is refused with the reason.</summary>
internal static class DevicePolicy
{
    private const string Code = ".needsConnection";

    /// <summary>Why the device may not have captured it; null = it may. Content that stands already is a duplicate whatever is said here.</summary>
    public static Fault? WhyNot(PushedRecord record, Known known)
    {
        var operation = Policy.OperationOf(record.Kind, changesWhatStands: known.Customers.Contains(record.Id!.Value));
        return !known.Live && known.Policy.NeedsConnectionOf(known.DeviceClass).Contains(operation) ? new Fault(operation + Code, null) : null;
    }

    /// <summary>Whether a record was refused because of where it was captured.</summary>
    public static bool Bars(Judged judged) => judged is { State: "refused", Fault.Code: { } code } && code.EndsWith(Code, StringComparison.Ordinal) && Policy.Operations.Contains(code[..^Code.Length]);
}
