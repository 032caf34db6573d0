using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using OrderSync.Gateway.Tests.Devices;

namespace OrderSync.Gateway.Tests.Images;

/// <summary>Images of products, from the office to devices.</summary>
[Collection("office-2")]
public sealed class ImageTests(GatewayFixture gateway)
{
    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    [Fact]
    public async Task F015_An_image_is_fetched_whole_and_from_where_it_stopped_and_known_bytes_are_not_sent_again()
    {
        var (sku, bytes) = (await ProductAsync(), Image(5_000));
        var put = await PutAsync(sku, 1, bytes);
        using var device = await gateway.EnrolAsync();
        var path = $"/v1/sync/images/{Convert.ToHexStringLower(SHA256.HashData(bytes))}";

        var whole = await device.GetAsync(path);
        var rest = await device.GetAsync(path, ("Range", "bytes=4000-"));
        var known = await device.GetAsync(path, ("If-None-Match", whole.Headers.ETag!.ToString()));

        Assert.Equal(("image/png", 5_000), (put.GetProperty("contentType").GetString(), put.GetProperty("bytes").GetInt32()));
        Assert.Equal(bytes, await whole.Content.ReadAsByteArrayAsync());
        Assert.Equal(("image/png", "private, max-age=31536000, immutable"), (whole.Content.Headers.ContentType!.ToString(), whole.Headers.CacheControl!.ToString().Replace("max-age=31536000, private", "private, max-age=31536000", StringComparison.Ordinal).Replace("immutable, private, max-age=31536000", "private, max-age=31536000, immutable", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.PartialContent, rest.StatusCode);
        Assert.Equal(bytes[4000..], await rest.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
    }

    [Fact]
    public async Task F015_The_same_bytes_again_change_nothing_and_bytes_that_nothing_shows_are_gone()
    {
        var (one, other, bytes) = (await ProductAsync(), await ProductAsync(), Image(100));
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        await PutAsync(one, 1, bytes);
        await PutAsync(one, 1, bytes);
        await PutAsync(other, 3, bytes);
        var audited = (await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/audit?subject={one}/1")).GetProperty("changes").GetArrayLength();
        var kept = await CountAsync(hash);
        (await gateway.Office.DeleteAsync($"/v1/office/products/{one}/images/1")).EnsureSuccessStatusCode();
        var shared = await CountAsync(hash);
        await PutAsync(other, 3, Image(101));

        Assert.Equal((1, 1L, 1L, 0L), (audited, kept, shared, await CountAsync(hash)));
        Assert.Empty((await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/products/{one}/images")).GetProperty("images").EnumerateArray());
        Assert.Equal(101, (await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/products/{other}/images")).GetProperty("images")[0].GetProperty("bytes").GetInt32());
    }

    [Fact]
    public async Task An_image_is_what_its_bytes_are_and_has_a_size_a_product_and_a_place()
    {
        var sku = await ProductAsync();
        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "image.kind"), await SendAsync(sku, 1, "<svg/>"u8.ToArray()).CodeAsync());
        Assert.Equal((HttpStatusCode.BadRequest, "image.place"), await SendAsync(sku, 21, Image(10)).CodeAsync());
        Assert.Equal((HttpStatusCode.NotFound, "product.unknown"), await SendAsync($"{sku}-none", 1, Image(10)).CodeAsync());
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "image.tooLarge"), await SendAsync(sku, 1, Image(2 * 1024 * 1024 + 1)).CodeAsync());
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(sku, 1, Image(2 * 1024 * 1024))).StatusCode);
        Assert.Equal((HttpStatusCode.NotFound, "image.unknown"), await gateway.Office.DeleteAsync($"/v1/office/products/{sku}/images/2").CodeAsync());
        Assert.Equal("image/jpeg", (await PutAsync(sku, 2, [0xFF, 0xD8, 0xFF, 0xE0, 1])).GetProperty("contentType").GetString());
        Assert.Equal("image/webp", (await PutAsync(sku, 2, "RIFF0000WEBPVP8 "u8.ToArray())).GetProperty("contentType").GetString());
    }

    [Fact]
    public async Task Knowing_the_hash_of_another_companys_image_opens_nothing()
    {
        var bytes = Image(64);
        var hash = SHA256.HashData(bytes);
        var other = Guid.NewGuid();
        await gateway.Execute($"""
            insert into gateway.company (company_id, name) values ('{other}', 'Other with images');
            insert into gateway.image (company_id, sha256, content_type, bytes) values ('{other}', '\x{Convert.ToHexStringLower(hash)}', 'image/png', '\x{Convert.ToHexStringLower(bytes)}')
            """);
        using var device = await gateway.EnrolAsync();

        Assert.Equal((HttpStatusCode.NotFound, "image.unknown"), await device.GetAsync($"/v1/sync/images/{Convert.ToHexStringLower(hash)}").CodeAsync());
        Assert.Equal((HttpStatusCode.NotFound, "image.unknown"), await device.GetAsync("/v1/sync/images/x").CodeAsync());
    }

    private static byte[] Image(int size) => [.. Png, .. RandomNumberGenerator.GetBytes(size - Png.Length)];

    private Task<long> CountAsync(string hash) => gateway.Scalar<long>($"select count(*) from gateway.image where sha256 = '\\x{hash}'");

    private async Task<string> ProductAsync()
    {
        var sku = $"I-{Guid.NewGuid():N}";
        (await gateway.Office.PutAsJsonAsync("/v1/office/products", new { products = new[] { new { sku, name = "Shown" } } })).EnsureSuccessStatusCode();
        return sku;
    }

    private async Task<HttpResponseMessage> SendAsync(string sku, int place, byte[] bytes)
    {
        using var content = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } };
        return await gateway.Office.PutAsync($"/v1/office/products/{sku}/images/{place}", content);
    }

    private async Task<JsonElement> PutAsync(string sku, int place, byte[] bytes)
    {
        var answer = await SendAsync(sku, place, bytes);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
