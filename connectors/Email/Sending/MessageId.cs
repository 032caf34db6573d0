using System.Security.Cryptography;
using System.Text;

namespace OrderSync.Email.Sending;

/// <summary>One Message-ID for (company, record, event, recipient), for ever: it depends on nothing that can be changed in settings.</summary>
internal static class MessageId
{
    public static string Of(Guid company, Guid record, string occasion, string recipient)
    {
        var name = Encoding.UTF8.GetBytes($"{company:D}\n{record:D}\n{occasion}\n{recipient}");
        var hash = Convert.ToHexStringLower(SHA256.HashData(name).AsSpan(0, 16));
        return $"<{hash}@{company:N}.ordersync>";
    }
}
