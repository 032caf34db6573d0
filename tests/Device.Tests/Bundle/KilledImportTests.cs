using System.Net;
using System.Net.Http.Headers;
using OrderSync.Gateway.Tests;
using OrderSync.Testing;

namespace OrderSync.Device.Tests.Bundle;

/// <summary>The gateway dies while a bundle is brought.</summary>
[Collection("gateway")]
[InCi]
public sealed class KilledImportTests(GatewayFixture gateway)
{
    [Fact]
    public async Task F126_Killed_between_two_parts_the_file_is_brought_again_and_leaves_what_an_upload_leaves()
    {
        var carried = await Carried.CaptureAsync(gateway);
        await using var site = carried.Site;
        await carried.BeginAsync();
        await site.Device.SyncNowAsync();
        var expected = await carried.EndAsync();

        await carried.BeginAsync();
        var file = carried.Export();
        await using var mortal = await ServiceProcess.StartAsync("services/Gateway", gateway.Environment);
        using var office = new HttpClient { BaseAddress = mortal.Url, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", GatewayFixture.ApiKey) } };
        using var content = new FirstPartOnly(Carried.PartsOf(file)[0]);
        var brought = office.PostAsync("/v1/office/bundles", content);
        await Eventually.TrueAsync(async () => await gateway.Scalar<long>($"select count(*) from gateway.bundle_part where bundle_id = '{Carried.IdOf(file)}' and state = 'imported'") == 1, "the first part is through");
        await mortal.KillAsync();
        // Whoever sends hears of it with the next bytes.
        content.Over.SetResult();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => brought.WaitAsync(Eventually.Patience));
        Assert.Equal("incomplete", (await carried.BundleAsync(file)).GetProperty("state").GetString());

        Assert.Equal(["taken", "taken", "taken"], await carried.TakenAsync(file));

        Assert.Equal(expected, await carried.EndAsync());
        Assert.Equal("done", (await carried.BundleAsync(file)).GetProperty("state").GetString());
    }

    /// <summary>A file of which no more comes.</summary>
    private sealed class FirstPartOnly(byte[] part) : HttpContent
    {
        public TaskCompletionSource Over { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(part);
            await stream.FlushAsync();
            await Over.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
