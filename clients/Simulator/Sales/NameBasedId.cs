using System.Security.Cryptography;
using System.Text;

namespace OrderSync.Simulator.Sales;

/// <summary>Identifiers that are the same for the same name on every machine (UUID version 5, RFC 9562).</summary>
internal static class NameBasedId
{
    private static readonly Guid Namespace = new("6f6b2c4e-52f3-5d0a-9c37-0a8f3b1d7e52");

    /// <summary>The identifier of a customer, by e-mail address.</summary>
    public static Guid Customer(string email) => Of("customer\n" + email);

    /// <summary>The identifier of an order, by the file's number and its customer.</summary>
    public static Guid Order(string number, string email) => Of($"order\n{number}\n{email}");

    private static Guid Of(string name)
    {
        var bytes = new byte[16 + Encoding.UTF8.GetByteCount(name)];
        Namespace.TryWriteBytes(bytes, bigEndian: true, out _);
        Encoding.UTF8.GetBytes(name, bytes.AsSpan(16));
        var hash = SHA1.HashData(bytes).AsSpan(0, 16);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true);
    }
}
