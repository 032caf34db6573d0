using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Quarantine;

/// <summary>Input without an id: answered by its line, its bytes kept by their hash for the office, no more of them than a quota.</summary>
public sealed class QuarantineTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    [Fact]
    public async Task F057_Input_that_could_not_be_kept_is_our_trouble_and_not_answered_as_kept()
    {
        using var device = await gateway.EnrolAsync();
        await gateway.Execute("create function gateway.full_disk() returns trigger language plpgsql as $$ begin raise 'no space left' using errcode = '53100'; end $$");
        await gateway.Execute($"create trigger full_disk before insert on gateway.unreadable for each row when (new.device_id = '{device.Id}') execute function gateway.full_disk()");
        try
        {
            var answer = await device.SendAsync("[{\"kind\":\"order\"}]"u8.ToArray());

            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter);
        }
        finally
        {
            await gateway.Execute("drop trigger full_disk on gateway.unreadable; drop function gateway.full_disk()");
        }
    }

    [Fact]
    public async Task Input_without_an_id_is_answered_by_its_line_and_its_bytes_are_kept_once_for_the_office()
    {
        using var device = await gateway.EnrolAsync();
        var piece = $$"""{"kind":"order", "note":"{{Guid.NewGuid()}} 🚲"}""";
        var good = An.Customer();
        var body = Encoding.UTF8.GetBytes($"[{good.ToJsonString()},{piece},{piece}]");

        var verdicts = (await (await device.SendAsync(body)).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("verdicts");
        await device.SendAsync(body);

        Assert.Equal("accepted", verdicts[0].GetProperty("outcome").GetString());
        Assert.Equal(("record.idMissing", 3), (verdicts[2].GetProperty("code").GetString(), verdicts[2].GetProperty("line").GetInt32()));
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(piece)));
        var list = await gateway.Office.GetFromJsonAsync<JsonElement>("/v1/office/unreadable");
        var row = Assert.Single(list.GetProperty("unreadable").EnumerateArray(), row => row.GetProperty("id").GetString() == id);
        Assert.Equal((device.Id, 2), (row.GetProperty("device").GetGuid(), row.GetProperty("times").GetInt32()));
        Assert.Equal(piece, await gateway.Office.GetStringAsync($"/v1/office/unreadable/{id}"));
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.Office.GetAsync($"/v1/office/unreadable/{new string('0', 64)}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.Office.GetAsync("/v1/office/unreadable/nothing")).StatusCode);
    }

    [Fact]
    public async Task A_revoked_device_leaves_nothing_behind()
    {
        using var device = await gateway.EnrolAsync();
        await gateway.Execute($"update gateway.device set revoked_at = now() where device_id = '{device.Id}'");

        var answer = await device.SendAsync("[42]"u8.ToArray());

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(0, await gateway.Scalar<long>($"select count(*) from gateway.unreadable where device_id = '{device.Id}'"));
    }

    [Fact]
    [InCi]
    public async Task Beyond_the_quota_of_a_day_input_is_answered_and_counted_but_not_kept_also_by_pushes_at_once()
    {
        var environment = gateway.Environment;
        environment["Unreadable__RowsADay"] = "25";
        environment["Unreadable__BytesADay"] = "2000";
        await using var strict = await ServiceProcess.StartAsync("services/Gateway", environment);
        using var office = gateway.OfficeOf(GatewayFixture.ApiKey);
        using var rows = await TestDevice.EnrolAsync(office, strict.Url, "Ada");
        using var bytes = await TestDevice.EnrolAsync(office, strict.Url, "Ada");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => rows.SendAsync(Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Range(i * 10, 10))}]"))));
        var big = await bytes.SendAsync(Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Range(0, 3).Select(i => $"\"{i}{new string('x', 900)}\""))}]"));

        Assert.All(answers.Append(big), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(25, await gateway.Scalar<long>($"select count(*) from gateway.unreadable where device_id = '{rows.Id}'"));
        Assert.Equal(2, await gateway.Scalar<long>($"select count(*) from gateway.unreadable where device_id = '{bytes.Id}'"));
        var dropped = (await gateway.Office.GetFromJsonAsync<JsonElement>("/v1/office/unreadable")).GetProperty("dropped").EnumerateArray();
        Assert.Equal(55, Assert.Single(dropped, row => row.GetProperty("device").GetGuid() == rows.Id).GetProperty("count").GetInt64());
    }
}
