using System.Globalization;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>Gives ids as long as Zoho's; never one that was given before, also after a restart.</summary>
internal sealed class ZohoIds
{
    private long last = 4_815_000_000_100_000;

    public string New() => Interlocked.Increment(ref last).ToString(CultureInfo.InvariantCulture);

    /// <summary>Notes an id that is in use.</summary>
    public void Seen(string? id)
    {
        if (!long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var seen))
            return;
        for (var known = Volatile.Read(ref last); known < seen;)
            known = Interlocked.CompareExchange(ref last, seen, known);
    }
}
