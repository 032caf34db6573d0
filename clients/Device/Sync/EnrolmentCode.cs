namespace OrderSync.Device;

/// <summary>A one-time code of the office, and of which gateway it is where that is known.</summary>
internal sealed record EnrolmentCode(Uri? Gateway, string Text)
{
    private const string Link = "ordersync://enrol?";
    private const int MostText = 40;

    /// <summary>From what a person scanned or typed: the link of a QR code, or the code alone. A scanner brings whatever it is held at, so anything else is refused.</summary>
    public static EnrolmentCode Read(string scanned)
    {
        var text = scanned.Trim();
        if (!text.StartsWith(Link, StringComparison.OrdinalIgnoreCase))
            return new EnrolmentCode(null, CodeOf(text));
        if (text[Link.Length..].Split('&') is not [var first, var second] || Value(first, "gateway=") is not { } gateway || Value(second, "code=") is not { } code)
            throw Unreadable();
        return Uri.TryCreate(gateway, UriKind.Absolute, out var address) && gateway == gateway.Trim() ? Of(address, code) : throw NoAddress();
    }

    /// <summary>From an address and a code that were typed.</summary>
    public static EnrolmentCode Of(Uri gateway, string code)
    {
        if (!gateway.IsAbsoluteUri || gateway is not { Scheme: "https" or "http", Host.Length: > 0, UserInfo: "", Query: "", Fragment: "" })
            throw NoAddress();
        return new EnrolmentCode(gateway, CodeOf(code.Trim()));
    }

    // How long a code is and of which letters is the office's affair; that it is one word to be typed is all that is known here.
    private static string CodeOf(string text) =>
        text.Length <= MostText && text.Any(char.IsAsciiLetterOrDigit) && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or ' ') ? text : throw Unreadable();

    private static string? Value(string part, string name) => part.StartsWith(name, StringComparison.Ordinal) ? Uri.UnescapeDataString(part[name.Length..]) : null;

    private static DeviceTrouble Unreadable() => new("enrol.unreadable", "This is not an enrolment code of OrderSync. Scan the QR code that the office shows, or type the code beside it.");

    private static DeviceTrouble NoAddress() => new(
        "enrol.address", "This is not the address of a gateway: that begins with https:// or http:// and holds no user name, no ? and no #. Enter it as the office shows it, or scan the QR code.");
}
