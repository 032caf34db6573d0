using System.IO.Compression;
using System.Net;
using System.Text;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Sync;

/// <summary>A request as a whole: packing, limits, and what is no array of records.</summary>
[Collection("gateway")]
public sealed class PushBodyTests(GatewayFixture gateway)
{
    [Fact]
    public async Task F048_A_packed_body_is_taken_and_a_bomb_is_refused_before_it_unpacks()
    {
        using var device = await gateway.EnrolAsync();
        var packed = Pack(An.Push(An.Customer()), stream => new BrotliStream(stream, CompressionLevel.Fastest));
        Assert.Equal(HttpStatusCode.OK, (await device.SendAsync(packed, "br")).StatusCode);

        var bomb = Pack(new byte[200_000_000], stream => new GZipStream(stream, CompressionLevel.Fastest));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await device.SendAsync(bomb, "gzip")).StatusCode);

        var cut = Pack(An.Push(An.Customer()), stream => new GZipStream(stream, CompressionLevel.Fastest))[..^12];
        Assert.Equal(HttpStatusCode.BadRequest, (await device.SendAsync(cut, "gzip")).StatusCode);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""{"kind":"order"}""")]
    [InlineData("""[{"kind":"order"}""")]
    [InlineData("[] []")]
    public async Task A_body_that_is_not_an_array_of_records_is_refused_as_a_whole_in_plain_words(string body)
    {
        using var device = await gateway.EnrolAsync();
        var answer = await device.SendAsync(Encoding.UTF8.GetBytes(body));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("Nothing was stored", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_megabytes_of_brackets_and_a_thousand_and_one_records_are_refused_quickly()
    {
        using var device = await gateway.EnrolAsync();
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await device.SendAsync(Encoding.UTF8.GetBytes(new string('[', 10_000_000)))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await device.SendAsync(Encoding.UTF8.GetBytes(new string('[', 1_000_000)))).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await device.SendAsync(Encoding.UTF8.GetBytes("[" + string.Join(',', Enumerable.Repeat("{}", 1_001)) + "]"))).StatusCode);
    }

    private static byte[] Pack(byte[] bytes, Func<Stream, Stream> packer)
    {
        using var packed = new MemoryStream();
        using (var stream = packer(packed))
            stream.Write(bytes);
        return packed.ToArray();
    }
}
