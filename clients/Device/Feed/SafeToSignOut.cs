using System.Globalization;

namespace OrderSync.Device;

/// <summary>Whether a person may give the device away without leaving anything on it that nobody else has.</summary>
/// <param name="IsSafe">Nothing is to be sent and nothing needs a person.</param>
/// <param name="ToSend">Records that the gateway has not answered for.</param>
/// <param name="Attention">Records that need a person.</param>
public sealed record SafeToSignOut(bool IsSafe, int ToSend, int Attention)
{
    internal static SafeToSignOut Of((int ToSend, int Attention) counts) => new(counts.ToSend + counts.Attention == 0, counts.ToSend, counts.Attention);

    /// <summary>What to tell the person, in English.</summary>
    public override string ToString()
    {
        var waiting = ToSend == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{ToSend} {(ToSend == 1 ? "entry has" : "entries have")} not reached the office. Sync with a connection first.");
        var open = Attention == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{Attention} {(Attention == 1 ? "entry needs" : "entries need")} you. Correct {(Attention == 1 ? "it or give it" : "them or give them")} up first.");
        return IsSafe ? "You can sign out: the office has all entries of this device." : string.Join(' ', new[] { waiting, open }.OfType<string>());
    }
}
