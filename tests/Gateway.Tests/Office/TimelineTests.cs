using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Office;

/// <summary>One record's timeline: everything that happened to it, in one list.</summary>
[Collection("office")]
public sealed class TimelineTests(GatewayFixture gateway)
{
    [Fact]
    public async Task A_timeline_tells_in_order_what_was_captured_refused_mended_numbered_and_delivered()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        var wrong = An.Order(customer: customer, sku: "SKU-NOBODY-KNOWS");
        var id = wrong["id"]!.GetValue<Guid>();
        await device.PushAsync(An.Customer(customer), wrong);
        await device.PushAsync(An.Order(id: id, customer: customer, rev: 2));
        await device.PushAsync(An.Order(id: id, customer: customer, rev: 2, notes: "other content"));
        var connection = await gateway.Scalar<Guid>($"select connection_id from gateway.delivery where record_id = '{id}'");
        await gateway.Execute($"""
            insert into gateway.delivery_event (company_id, record_id, connection_id, rev, report_version, at, state, code, reason, attempts)
            values ('{gateway.CompanyId}', '{id}', '{connection}', 2, 1, now() + interval '1 second', 'waiting', 'erp.busy', 'It is busy.', 1),
                ('{gateway.CompanyId}', '{id}', '{connection}', 2, 2, now() + interval '2 seconds', 'done', null, null, 2)
            """);

        var timeline = (await gateway.RecordAsync(id)).GetProperty("timeline").EnumerateArray().ToList();

        Assert.Equal(
            ["record.captured", "verdict.refused", "verdict.accepted", "number.given", "delivery.pending", "verdict.conflict", "delivery.waiting", "delivery.done"],
            timeline.Select(entry => entry.GetProperty("what").GetString()!));
        Assert.Equal(timeline.Select(entry => entry.GetProperty("at").GetDateTimeOffset()).Order(), timeline.Select(entry => entry.GetProperty("at").GetDateTimeOffset()));
        Assert.Equal("Revision 1 came and was refused; it is kept as it was sent.", timeline[1].GetProperty("message").GetString());
        Assert.Equal("It is in erp.", timeline[^1].GetProperty("message").GetString());
        Assert.Equal("It is busy.", timeline[^2].GetProperty("reason").GetString());

        using var german = new HttpRequestMessage(HttpMethod.Get, $"/v1/office/records/{id}");
        german.Headers.AcceptLanguage.ParseAdd("de");
        var answer = await (await gateway.Office.SendAsync(german)).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("Es ist in erp.", answer.GetProperty("timeline").EnumerateArray().Last().GetProperty("message").GetString());
    }

    [Fact]
    public async Task F037_The_bytes_of_every_capture_can_be_had_exactly_as_they_were_sent()
    {
        using var device = await gateway.EnrolAsync();
        var id = Guid.CreateVersion7();
        var sent = $$$"""{"id":"{{{id}}}",  "kind":"customer","seq":1, "schema":1,"capturedAt":"2026-03-03T10:15:00+01:00","body":{"name":"Ää \u00e4 😀" }}""";
        Assert.Equal(HttpStatusCode.OK, (await device.SendAsync(Encoding.UTF8.GetBytes($"[ {sent} ]"))).StatusCode);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sent)));

        var answer = await gateway.Office.GetAsync($"/v1/office/records/{id}/captures/{sha256}");

        Assert.Equal(Encoding.UTF8.GetBytes(sent), await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.Office.GetAsync($"/v1/office/records/{id}/captures/{new string('0', 64)}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.Office.GetAsync($"/v1/office/records/{id}/captures/x")).StatusCode);
    }
}
