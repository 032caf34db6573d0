using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Gateway.Tests.Relay;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Deliveries;

/// <summary>Stored records brought to a connection that was made later.</summary>
[Collection("deliveries")]
[InCi]
public sealed class BackfillTests(DeliveriesFixture gateway)
{
    [Fact]
    public async Task A_new_connection_gets_the_stored_records_of_a_time_in_the_order_of_their_capture_and_nothing_twice()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        var orders = new[] { 9, 3, 6 }.Select(day => On($"2031-02-{day:00}", An.Order(customer: customer))).ToArray();
        await device.PushAsync([On("2020-01-01", An.Customer(customer)), On("2019-01-01", An.Order(customer: customer)), .. orders]);
        var late = await gateway.ConnectAsync("order,customer");
        await device.PushAsync(On("2031-02-04", An.Order(customer: customer)));
        var request = new { from = "2031-02-01", to = "2031-02-28", kinds = new[] { "order" }, dryRun = true };

        var counted = await gateway.PostAsync($"/v1/office/connections/{late}/backfill", request);
        Assert.Equal("""[{"kind":"order","stored":4,"there":1,"missing":3}]""", counted.GetProperty("counts").GetRawText());
        Assert.Equal("[]", (await BackfillsAsync(late)).GetRawText());

        var started = await gateway.PostAsync($"/v1/office/connections/{late}/backfill", new { request.from, request.to, request.kinds });
        var done = await DoneAsync(late);

        Assert.Equal(started.GetProperty("id").GetGuid(), done.GetProperty("id").GetGuid());
        Assert.Equal((3, 3, 3), (done.GetProperty("total").GetInt32(), done.GetProperty("looked").GetInt32(), done.GetProperty("made").GetInt32()));
        Assert.Equal(orders.Select(order => order["id"]!.GetValue<Guid>()).Select((id, i) => (id, new[] { 9, 3, 6 }[i])).OrderBy(pair => pair.Item2).Select(pair => pair.id),
            await gateway.Scalar<Guid[]>($"""
                select array_agg(record_id order by o.due) from gateway.outbox o join gateway.connection c using (company_id, connection_id) join gateway.record r using (company_id, record_id)
                where c.name = '{late}' and r.kind = 'order' and r.document_date <> '2031-02-04'
                """));
        var again = await gateway.PostAsync($"/v1/office/connections/{late}/backfill", new { request.from, request.to, request.kinds });
        Assert.False(again.TryGetProperty("id", out _));
        Assert.Equal(0, again.GetProperty("counts")[0].GetProperty("missing").GetInt32());
    }

    [Fact]
    public async Task A_back_fill_brings_what_its_records_need()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        await device.PushAsync(On("2020-01-01", An.Customer(customer)), On("2032-01-05", An.Order(customer: customer)));
        var late = await gateway.ConnectAsync("order,customer");

        await gateway.PostAsync($"/v1/office/connections/{late}/backfill", new { from = "2032-01-01", to = "2032-01-31" });

        Assert.Equal(2, (await DoneAsync(late)).GetProperty("made").GetInt32());
        Assert.Equal(["customer", "order"], await gateway.DeliveredKindsAsync(late));
    }

    [Fact]
    [InFull]
    public async Task A_back_fill_waits_while_a_thousand_deliveries_wait_goes_on_when_they_are_taken_and_can_be_cancelled()
    {
        using var device = await gateway.EnrolAsync();
        for (var push = 0; push < 6; push++)
            await device.PushAsync([.. Enumerable.Range(0, 200).Select(_ => On("2033-01-05", An.Customer()))]);
        var late = await gateway.ConnectAsync("customer");
        await gateway.PostAsync($"/v1/office/connections/{late}/backfill", new { from = "2033-01-01", to = "2033-01-31" });

        var full = await Eventually.GetAsync(() => BackfillsAsync(late), rows => rows[0].GetProperty("looked").GetInt32() >= 1_000, "a thousand wait");
        var other = await gateway.Office.PostAsJsonAsync($"/v1/office/connections/{late}/backfill", new { from = "2033-01-02" });
        Assert.Equal(HttpStatusCode.Conflict, other.StatusCode);
        // Another's back-fill begins and ends meanwhile: there was time enough to go on.
        await device.PushAsync(On("2034-01-05", An.Customer()));
        var idle = await gateway.ConnectAsync("customer");
        await gateway.PostAsync($"/v1/office/connections/{idle}/backfill", new { from = "2034-01-05", to = "2034-01-05" });
        await DoneAsync(idle);
        Assert.Equal("running", full[0].GetProperty("state").GetString());
        Assert.Equal(1_000, (await BackfillsAsync(late))[0].GetProperty("looked").GetInt32());

        await using (await TestConnector.StartAsync(gateway, late, answers: true))
            await Eventually.TrueAsync(async () => (await BackfillsAsync(late))[0].GetProperty("looked").GetInt32() > 1_000, "it goes on", TimeSpan.FromMinutes(3));
        var id = full[0].GetProperty("id").GetGuid();
        var cancelled = await gateway.Office.PostAsJsonAsync($"/v1/office/connections/{late}/backfill/{id}/cancel", new { });
        Assert.Equal(HttpStatusCode.NoContent, cancelled.StatusCode);
        Assert.Contains((await BackfillsAsync(late))[0].GetProperty("state").GetString(), new[] { "cancelled", "done" });
        Assert.Equal(0, await gateway.Scalar<long>($"select count(*) from gateway.backfill_record where backfill_id = '{id}'"));
    }

    [Theory]
    [InlineData("""{"kinds":["order"]}""", "backfill.dates")]
    [InlineData("""{"from":"2031-02-01","to":"2031-01-01"}""", "backfill.dates")]
    [InlineData("""{"from":"2031-02-01","kinds":["receipt"]}""", "backfill.kinds")]
    [InlineData("""{"from":"2031-02-01","kinds":[]}""", "backfill.kinds")]
    public async Task A_request_that_makes_no_sense_is_answered_with_what_to_do(string body, string code)
    {
        var late = await gateway.ConnectAsync("order,customer");
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        var answer = await gateway.Office.PostAsync($"/v1/office/connections/{late}/backfill", content);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(code, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString());
    }

    private async Task<JsonElement> BackfillsAsync(string connection) => (await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/connections/{connection}/backfill")).GetProperty("backfills");

    private async Task<JsonElement> DoneAsync(string connection) =>
        (await Eventually.GetAsync(() => BackfillsAsync(connection), rows => rows[0].GetProperty("state").GetString() == "done", "the back-fill is done"))[0];

    private static JsonObject On(string date, JsonObject record)
    {
        record["capturedAt"] = $"{date}T10:15:00+01:00";
        return record;
    }
}
