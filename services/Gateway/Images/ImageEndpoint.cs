using Microsoft.Net.Http.Headers;
using Npgsql;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Images;

/// <summary>Gives a device the bytes of an image, whole or from where it stopped. Bytes of one hash never change, so they are asked for once; those of another company are not there.</summary>
internal sealed class ImageEndpoint(NpgsqlDataSource database)
{
    public async Task<IResult> HandleAsync(HttpContext http, string sha256, CancellationToken stop)
    {
        var device = http.Features.Get<DeviceIdentity>()!;
        if (sha256.Length != 64 || !sha256.All(char.IsAsciiHexDigit) || await ReadAsync(device.CompanyId, Convert.FromHexString(sha256), stop) is not (var type, { } bytes))
            return Problems.NotFound("image.unknown", "There is no image with this hash. Pull again: the product may have another one by now.");

        http.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        return Results.Bytes(bytes, type, enableRangeProcessing: true, entityTag: new EntityTagHeaderValue($"\"{sha256.ToLowerInvariant()}\""));
    }

    private async Task<(string? Type, byte[]? Bytes)> ReadAsync(Guid company, byte[] hash, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add("select content_type, bytes from image where company_id = $1 and sha256 = $2", company, hash);
        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop) ? (reader.GetString(0), reader.GetFieldValue<byte[]>(1)) : (null, null);
    }
}
