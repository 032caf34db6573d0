using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrderSync.Contracts.Catalogue;
using OrderSync.Framework;

namespace OrderSync.QuickBooks;

/// <summary>
/// QuickBooks' webhooks: CloudEvents in an array that may speak of several companies, signed with the app's verifier token. They are hints only: some are lost, and
/// they come in any order. Pure.
/// </summary>
internal static class Webhooks
{
    private const string Signature = "intuit-signature";

    /// <summary>The collections that have changed; null where the call is not signed by QuickBooks.</summary>
    public static IReadOnlyList<string>? Hints(Connection connection, IncomingCall call)
    {
        // A token that was emptied again would let everybody sign.
        if (connection.Secret(nameof(QuickBooksSettings.WebhookVerifier)) is not { Length: > 0 } verifier || !IsSigned(call, verifier))
            return null;
        var settings = connection.Settings<QuickBooksSettings>();
        try
        {
            using var said = JsonDocument.Parse(call.Body);
            return said.RootElement.ValueKind switch
            {
                JsonValueKind.Array => [.. said.RootElement.EnumerateArray().Where(one => Text(one, "intuitaccountid") == settings.RealmId).SelectMany(one => Of(Text(one, "type"), settings)).Distinct()],
                // The shape before CloudEvents: something changed, whatever it was.
                JsonValueKind.Object when said.RootElement.TryGetProperty("eventNotifications", out _) => [.. QuickBooksPulls.All.Select(plan => plan.Name)],
                _ => [],
            };
        }
        catch (JsonException)
        {
            // Signed and unreadable: the next look finds what it meant.
            return [];
        }
    }

    private static bool IsSigned(IncomingCall call, string verifier) => CryptographicOperations.FixedTimeEquals(
        Encoding.ASCII.GetBytes(call.Header(Signature) ?? ""), Encoding.ASCII.GetBytes(Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(verifier), call.Body.Span))));

    // "qbo.invoice.updated.v1": of an order, whatever it is here.
    private static IEnumerable<string> Of(string? type, QuickBooksSettings settings) => type?.Split('.') is ["qbo", var entity, ..]
        ? entity switch
        {
            "item" => [CollectionNames.Items, CollectionNames.Stock],
            "customer" => [CollectionNames.Customers],
            "estimate" => [CollectionNames.Orders],
            "invoice" or "payment" => settings.OrderAs == OrderDocument.Invoice ? [CollectionNames.Invoices, CollectionNames.Orders] : [CollectionNames.Invoices],
            _ => [],
        }
        : [];

    private static string? Text(JsonElement one, string name) =>
        one.ValueKind == JsonValueKind.Object && one.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
