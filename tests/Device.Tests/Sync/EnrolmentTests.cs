using OrderSync.Gateway.Tests;

namespace OrderSync.Device.Tests;

[Collection("gateway")]
public sealed class EnrolmentTests(GatewayFixture gateway)
{
    [Fact]
    public async Task F001_The_office_s_link_says_where_the_gateway_is_and_the_device_knows_it_ever_after()
    {
        await using var site = await Site.OpenAsync(gateway, NoGateway, enrol: false);
        site.Device.Capture(Entered.Customer());
        var before = (await site.Device.SyncNowAsync(), site.Device.State.ToString(), site.Device.Gateway);

        await site.Device.EnrolAsync($" {await Site.LinkAsync(gateway, "Ada")}\n");
        site.Reopen();

        Assert.Equal((0, "Enrol this device · 1 waiting", null), (before.Item1.Sent, before.Item2, before.Gateway));
        Assert.Equal(gateway.Gateway.Url, site.Device.Gateway);
        Assert.Equal(1, (await site.Device.SyncNowAsync()).Accepted);
    }

    [Fact]
    public async Task F001_An_address_and_a_code_that_were_typed_enrol_too_and_a_code_alone_asks_where()
    {
        await using var site = await Site.OpenAsync(gateway, NoGateway, enrol: false);
        var code = (await site.CodeAsync()).Replace("-", " ", StringComparison.Ordinal).ToLowerInvariant();

        var alone = await Assert.ThrowsAsync<DeviceTrouble>(() => site.Device.EnrolAsync(code));
        await site.Device.EnrolAsync(site.Line.Address, code);
        await site.Device.EnrolAsync(code);

        Assert.Equal("enrol.noGateway", alone.Code);
        Assert.Equal(2, site.Asked("/v1/devices/enrol"));
        Assert.True(await site.Device.SignInAsync());
    }

    [Fact]
    public async Task An_app_of_one_gateway_takes_no_code_of_another_and_the_code_stays_good()
    {
        var link = await Site.LinkAsync(gateway, "Ada");
        await using var strict = await Site.OpenAsync(gateway, enrol: false);
        await using var right = await Site.OpenAsync(gateway, options => options with { Gateway = gateway.Gateway.Url }, enrol: false);

        var trouble = await Assert.ThrowsAsync<DeviceTrouble>(() => strict.Device.EnrolAsync(link));
        await right.Device.EnrolAsync(link);

        Assert.Equal(("enrol.otherGateway", null), (trouble.Code, strict.Device.DeviceId));
        Assert.Equal(0, strict.Asked("/v1/devices/enrol"));
        Assert.NotNull(right.Device.DeviceId);
    }

    private static DeviceOptions NoGateway(DeviceOptions options) => options with { Gateway = null };
}

/// <summary>What is no enrolment code; nobody is asked.</summary>
public sealed class EnrolmentCodeTests
{
    [Theory]
    [InlineData("ordersync://enrol?gateway=https%3A%2F%2Fsync.example%2Fos%2F&code=ABCD-EFGH-JKMN", "https://sync.example/os/")]
    [InlineData("OrderSync://Enrol?gateway=http%3A%2F%2F127.0.0.1%3A8080&code=abcd efgh jkmn", "http://127.0.0.1:8080/")]
    [InlineData("ordersync://enrol?gateway=https://b%C3%BCcher.example&code=ABCDEFGHJKMN", "https://xn--bcher-kva.example/")]
    [InlineData("ABCD-EFGH-JKMN", null)]
    public void A_link_or_a_code_is_read(string scanned, string? gateway)
    {
        var (address, code) = EnrolmentCode.Read(scanned);

        Assert.Equal((gateway, "ABCDEFGHJKMN"), (address is null ? null : $"{address.Scheme}://{address.IdnHost}{(address.IsDefaultPort ? "" : $":{address.Port}")}{address.AbsolutePath}",
            code.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant()));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" - ")]
    [InlineData("https://sync.example/enrol?code=ABCD-EFGH-JKMN")]
    [InlineData("WIFI:S:office;T:WPA;P:secret;;")]
    [InlineData("ABCD-EFGH-JKMN\nABCD-EFGH-JKMN")]
    [InlineData("ABCDEFGHJKABCDEFGHJKABCDEFGHJKABCDEFGHJKA")]
    [InlineData("ÄBCD-EFGH-JKMN")]
    [InlineData("ordersync://enrol?code=ABCD-EFGH-JKMN")]
    [InlineData("ordersync://enrol?gateway=https%3A%2F%2Fsync.example")]
    [InlineData("ordersync://enrol?gateway=https%3A%2F%2Fsync.example&code=")]
    [InlineData("ordersync://enrol?gateway=https%3A%2F%2Fsync.example&code=ABCD&code=EFGH")]
    [InlineData("ordersync://enrol?gateway=https%3A%2F%2Fsync.example&code=AB%26D")]
    [InlineData("ordersync://leave?gateway=https%3A%2F%2Fsync.example&code=ABCD-EFGH-JKMN")]
    [InlineData("ordersync://enrol?gateway=&code=ABCD-EFGH-JKMN", "enrol.address")]
    [InlineData("ordersync://enrol?gateway=sync.example&code=ABCD-EFGH-JKMN", "enrol.address")]
    [InlineData("ordersync://enrol?gateway=%20https%3A%2F%2Fsync.example&code=ABCD-EFGH-JKMN", "enrol.address")]
    [InlineData("ordersync://enrol?gateway=ftp%3A%2F%2Fsync.example&code=ABCD-EFGH-JKMN", "enrol.address")]
    [InlineData("ordersync://enrol?gateway=https%3A%2F%2Foffice%40sync.example&code=ABCD-EFGH-JKMN", "enrol.address")]
    [InlineData("ordersync://enrol?gateway=https%3A%2F%2Fsync.example%2F%3Fto%3Dus&code=ABCD-EFGH-JKMN", "enrol.address")]
    [InlineData("ordersync://enrol?gateway=https%3A%2F%2Fsync.example%2F%23us&code=ABCD-EFGH-JKMN", "enrol.address")]
    public async Task Anything_else_is_refused_and_says_what_to_do(string scanned, string code = "enrol.unreadable")
    {
        using var folder = new ScratchFolder();
        using var device = SyncDevice.Open(folder.File, new DeviceOptions());

        var trouble = await Assert.ThrowsAsync<DeviceTrouble>(() => device.EnrolAsync(scanned));

        Assert.Equal(code, trouble.Code);
        Assert.Contains("can the QR code", trouble.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sync.example", "ABCD-EFGH-JKMN", "enrol.address")]
    [InlineData("ldap://sync.example", "ABCD-EFGH-JKMN", "enrol.address")]
    [InlineData("https://sync.example", "https://sync.example", "enrol.unreadable")]
    public void What_was_typed_is_read_as_strictly(string gateway, string typed, string code) =>
        Assert.Equal(code, Assert.Throws<DeviceTrouble>(() => EnrolmentCode.Of(new Uri(gateway, UriKind.RelativeOrAbsolute), typed)).Code);
}
