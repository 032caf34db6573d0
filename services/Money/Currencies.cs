using System.Collections.Frozen;

namespace OrderSync.Money;

/// <summary>The currencies of ISO 4217 and how many decimals an amount in each of them has.</summary>
public static class Currencies
{
    // Withdrawn lately and kept, since a device may come back with last year's orders: ANG, BGN, CUC, HRK, SLL, ZWL.
    private const string Two =
        """
        AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP
        COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IRR
        JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK
        NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT
        TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG ZWL
        """;

    private const string None = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
    private const string Three = "BHD IQD JOD KWD LYD OMR TND";
    private const string Four = "CLF UYW";

    private static readonly FrozenDictionary<string, int> Known = Read((None, 0), (Two, 2), (Three, 3), (Four, 4));

    /// <summary>How many decimals an amount in this currency has.</summary>
    /// <param name="iso4217">The code in capitals, for example <c>EUR</c>.</param>
    /// <returns>0, 2 or 3 (4 for the units of account CLF and UYW); null if the code is not a currency amounts can be stated in.</returns>
    public static int? Decimals(string iso4217) => Known.TryGetValue(iso4217, out var decimals) ? decimals : null;

    private static FrozenDictionary<string, int> Read(params ReadOnlySpan<(string Codes, int Decimals)> groups)
    {
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (codes, decimals) in groups)
            foreach (var code in codes.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                known.Add(code, decimals);
        return known.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
