using System.Diagnostics.CodeAnalysis;

namespace OrderSync.Email.Rendering;

/// <summary>A company's picture: PNG, JPEG or GIF as a data address, as browsers write it. Nothing that could carry a script.</summary>
internal sealed record Logo(string MediaType, byte[] Bytes)
{
    /// <summary>Bytes of a picture.</summary>
    public const int Largest = 100_000;

    private static readonly (string Type, byte[] Start)[] Known = [("image/png", [0x89, 0x50, 0x4E, 0x47]), ("image/jpeg", [0xFF, 0xD8, 0xFF]), ("image/gif", [0x47, 0x49, 0x46, 0x38])];

    /// <summary>The picture inside the document itself.</summary>
    public string DataAddress => $"data:{MediaType};base64,{Convert.ToBase64String(Bytes)}";

    /// <summary>Reads "data:image/png;base64,…"; what it is said to be must be what it is.</summary>
    public static bool TryRead(string? text, [NotNullWhen(true)] out Logo? logo)
    {
        logo = null;
        foreach (var (type, start) in Known)
        {
            var head = $"data:{type};base64,";
            if (text is null || !text.StartsWith(head, StringComparison.Ordinal) || text.Length > head.Length + Largest * 4 / 3 + 4)
                continue;
            var bytes = new byte[(text.Length - head.Length) * 3 / 4 + 3];
            if (Convert.TryFromBase64Chars(text.AsSpan(head.Length), bytes, out var length) && length <= Largest && bytes.AsSpan(0, length).StartsWith(start))
                logo = new Logo(type, bytes[..length]);
        }
        return logo is not null;
    }
}
