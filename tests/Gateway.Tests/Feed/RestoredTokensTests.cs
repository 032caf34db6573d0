using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Feed;

/// <summary>Credentials that were renewed after the backup: no device is locked out by a backup that is put back.</summary>
[Collection("epochs")]
[InCi]
public sealed class RestoredTokensTests(EpochsFixture gateway)
{
    [Fact]
    public async Task A_device_that_renewed_its_credentials_after_the_backup_gets_new_ones_and_again_after_a_lost_answer()
    {
        using var device = await gateway.EnrolAsync();
        var enrolled = device.RefreshToken;
        var backup = await Backup.TakeAsync(gateway);
        await device.RenewAsync();
        await device.RenewAsync();
        var newest = device.RefreshToken;

        await backup.PutBackAsync();
        Assert.Equal(HttpStatusCode.OK, (await device.RefreshAsync(newest)).StatusCode);
        await device.RenewAsync();

        Assert.Equal(HttpStatusCode.OK, (await device.RefreshAsync()).StatusCode);
        await device.PushAsync(An.Customer());
        Assert.Equal("refresh.reused", await CodeAsync(await device.RefreshAsync(enrolled)));
    }

    [Fact]
    public async Task Without_the_devices_signature_a_token_from_after_the_backup_opens_nothing()
    {
        using var device = await gateway.EnrolAsync();
        var backup = await Backup.TakeAsync(gateway);
        await device.RenewAsync();

        await backup.PutBackAsync();

        Assert.Equal("device.denied", await CodeAsync(await device.PresentAsync(device.Id, device.RefreshToken, null)));
        using var other = await gateway.EnrolAsync("Bert");
        Assert.Equal("device.denied", await CodeAsync(await other.PresentAsync(other.Id, device.RefreshToken, other.Sign(other.Id, device.RefreshToken))));
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString();
}
