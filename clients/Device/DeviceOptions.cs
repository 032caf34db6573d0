using System.Security.Cryptography;
using OrderSync.Contracts.Records;

namespace OrderSync.Device;

/// <summary>How a device works. Nothing has to be said; what is not suits a phone.</summary>
public sealed record DeviceOptions
{
    private const int MostApp = 80;

    /// <summary>Address of the gateway, for an app that works with this one only; null: the one that the device enrolled at.</summary>
    public Uri? Gateway { get; init; }

    /// <summary>Name and version of the app, such as "Field Sales 3.2"; the office sees it beside the device. Plain ASCII, 80 characters at most.</summary>
    /// <exception cref="ArgumentException">It could not be sent so.</exception>
    public string? App
    {
        get;
        // It travels as a header: what cannot would stop every push.
        init => field = value is null || (value.Length <= MostApp && value.All(letter => letter is >= ' ' and <= '~'))
            ? value
            : throw new ArgumentException($"DeviceOptions.App has {MostApp} characters of plain ASCII at most.", nameof(value));
    }

    /// <summary>What people call the device, such as "Ada's phone"; the office sees it.</summary>
    public string? Name { get; init; }

    /// <summary>A stable id of the hardware; null: one is made and kept in the file.</summary>
    public string? HardwareId { get; init; }

    /// <summary>
    /// The device's P-256 key, kept by the platform (Keystore, Secure Enclave, TPM); null: one is made and kept in the file. Always give the same one for a file.
    /// The device does not dispose of it.
    /// </summary>
    public ECDsa? Key { get; init; }

    /// <summary>The language people read: "en" or "de".</summary>
    public string Language { get; init; } = "en";

    /// <summary>How tax is rounded on what is captured.</summary>
    public TaxRounding Rounding { get; init; } = new("document", "halfUp");

    /// <summary>How many days a body and its verdict are kept after the gateway has it: it may have to be offered again.</summary>
    public int KeepAcknowledgedDays { get; init; } = 45;

    /// <summary>Whether the device keeps what the server knows (products, prices, customers …); false for an app that only sends.</summary>
    public bool Downloads { get; init; } = true;

    /// <summary>How often changes are brought while the app runs and nothing else happens; about, so that devices do not come in step.</summary>
    public TimeSpan PullEvery { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How old what was downloaded may be before <see cref="Readiness"/> calls it stale.</summary>
    public TimeSpan StaleAfter { get; init; } = TimeSpan.FromDays(1);

    /// <summary>The longest one call may take; of a download, the longest silence.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest first pause after a call in vain; each further one may be twice as long.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause of all.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The clock. It may be wrong: nothing but the time shown of a capture rests on it.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>What calls go through, for a proxy or a pinned certificate; null: the platform's own. The device does not dispose of it.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>The largest the file may grow, in pages of 4 KB; null: as large as the storage allows.</summary>
    internal long? MostPages { get; init; }

    /// <summary>Records of one part of a bundle.</summary>
    internal int PartRecords { get; init; } = BundlePart.MostRecords;
}
