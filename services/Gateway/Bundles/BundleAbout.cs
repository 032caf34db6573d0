using System.Text.Json;
using OrderSync.Contracts;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Bundles;

/// <summary>What a person decides a held record by: as far as it can be read.</summary>
/// <param name="CapturedAt">By the device's clock, which proves nothing.</param>
/// <param name="Reference">The device's own.</param>
/// <param name="Name">Of a customer.</param>
/// <param name="Total">Of a document, or the amount of a receipt.</param>
/// <param name="Currency">Of that.</param>
internal sealed record BundleAbout(DateTimeOffset? CapturedAt, string? Reference, string? Name, decimal? Total, string? Currency)
{
    private const int MostText = 200;

    public static string Json(PushedRecord record) => JsonSerializer.Serialize(Of(record), ContractJson.Options);

    private static BundleAbout Of(PushedRecord record)
    {
        if (record.Envelope is not { Body: { ValueKind: JsonValueKind.Object } body } envelope)
            return new(null, null, null, null, null);
        var total = body.TryGetProperty("totals", out var totals) && totals.ValueKind == JsonValueKind.Object ? Number(totals, "total") : Number(body, "amount");
        return new(envelope.CapturedAt, Text(body, "reference"), Text(body, "name"), total, Text(body, "currency"));
    }

    private static string? Text(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? Texts.Fit(value.GetString()!, MostText) : null;

    private static decimal? Number(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) ? number : null;
}
