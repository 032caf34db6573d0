using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Contracts.Records;
using OrderSync.Gateway.Tests;
using OrderSync.Testing;

namespace OrderSync.Device.Tests.Bundle;

/// <summary>A morning on one device, and all the ways it can come to the gateway, each from the start.</summary>
internal sealed class Carried(GatewayFixture gateway, Site site, byte[] morning)
{
    /// <summary>Records of a part, so that a morning has several.</summary>
    public const int OfPart = 4;

    public const int Records = 10;

    public Site Site => site;

    public static async Task<Carried> CaptureAsync(GatewayFixture gateway)
    {
        var site = await Site.OpenAsync(gateway, options => options with { PartRecords = OfPart, Downloads = false });
        var customer = site.Device.Capture(Entered.Customer());
        var order = site.Device.Capture(Entered.Order(customer.Id) with { Reference = "R-1", Notes = "Grüße 🚲" });
        site.Device.Capture(new NewReceipt(customer.Id, "USD", order.Total!.Value, "cash") { Allocations = [new ReceiptAllocation(order.Id, null, order.Total.Value)] });
        site.Device.Capture(Entered.Order(customer.Id, "SKU-12", 24) with { Reference = "R-2" });
        var second = site.Device.Capture(Entered.Customer("Bea's Bikes"));
        for (var i = 3; i <= 6; i++)
            site.Device.Capture(Entered.Order(second.Id) with { Reference = $"R-{i}" });
        // One that is refused, whatever brings it.
        site.Device.Capture(Entered.Order(customer.Id, "SKU-12", 10) with { Reference = "R-7" });
        site.Device.Dispose();
        return new Carried(gateway, site, await File.ReadAllBytesAsync(site.File));
    }

    /// <summary>Takes everything back: the gateway has nothing, the device all of it.</summary>
    public async Task BeginAsync()
    {
        site.Device.Dispose();
        await gateway.Execute("""
            delete from gateway.outbox; delete from gateway.delivery_event; delete from gateway.delivery; delete from gateway.record_number;
            delete from gateway.allocation; delete from gateway.order_line; delete from gateway.customer_entry; delete from gateway.coupon_use; delete from gateway.customer_commitment; delete from gateway.stock_move; delete from gateway.customer_duplicate; delete from gateway.customer_key; delete from gateway.capture; delete from gateway.record; delete from gateway.customer where captured;
            update gateway.series set next = 1
            """);
        await File.WriteAllBytesAsync(site.File, morning);
        site.Reopen();
    }

    public byte[] Export()
    {
        using var file = new MemoryStream();
        var report = site.Device.Outbox.Export(file);
        Assert.Equal((Records, (Records + OfPart - 1) / OfPart), (report.Records, report.Parts));
        return file.ToArray();
    }

    /// <summary>The parts of a file, in their order.</summary>
    public static List<byte[]> PartsOf(byte[] file)
    {
        var parts = new List<byte[]>();
        for (var at = 0; at < file.Length;)
        {
            var length = 169 + System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at + 165)) + 64;
            parts.Add(file[at..(at + length)]);
            at += length;
        }

        return parts;
    }

    public async Task<(HttpStatusCode Status, JsonElement Answer)> BringAsync(params IEnumerable<byte[]> parts)
    {
        using var file = new ByteArrayContent([.. parts.SelectMany(part => part)]);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var answer = await gateway.Office.PostAsync("/v1/office/bundles", file);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    /// <summary>Brings parts that are all good; returns what became of each.</summary>
    public async Task<List<string>> TakenAsync(params IEnumerable<byte[]> parts)
    {
        var (status, answer) = await BringAsync(parts);
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
        return [.. answer.GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("state").GetString()!)];
    }

    public async Task<JsonElement> BundleAsync(byte[] file) => await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/bundles/{IdOf(file)}");

    public async Task<List<JsonElement>> RecordsAsync(byte[] file, string query = "") =>
        [.. (await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/bundles/{IdOf(file)}/records{query}")).GetProperty("records").EnumerateArray()];

    public async Task<int> DecideAsync(byte[] file, string decision, object? places = null)
    {
        using var answer = await gateway.Office.PostAsJsonAsync($"/v1/office/bundles/{IdOf(file)}/{decision}", new { records = places });
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("records").GetInt32();
    }

    /// <summary>Marks the device as lost, or as found again.</summary>
    public async Task LoseAsync(bool lost = true) =>
        (await gateway.Office.PostAsJsonAsync($"/v1/office/devices/{site.Device.DeviceId}/{(lost ? "revoke" : "restore")}", new { reason = lost ? "Left on a train" : null })).EnsureSuccessStatusCode();

    public static Guid IdOf(byte[] file) => new(file.AsSpan(4, 16), bigEndian: true);

    /// <summary>All that stands, but for when and in which order it came; what waits for something is waited for.</summary>
    public async Task<List<string>> EndAsync()
    {
        await Eventually.TrueAsync(async () => await gateway.Scalar<long>("select count(*) from gateway.record where state = 'waiting'") == 0, "what waited goes on");
        return await gateway.Scalar<string[]>("""
            select array_agg(row order by row) from (
                select 'record ' || row(record_id, kind, rev, state, code, field, params, sha256, device_id, rep_id, branch_id, seq, captured_at, document_date, reference, customer_id, depends_on, currency, total, awaits)::text as row from gateway.record
                union all select 'capture ' || row(record_id, rev, sha256, bytes, device_id)::text from gateway.capture
                union all select 'line ' || row(l.*)::text from gateway.order_line l
                union all select 'allocation ' || row(a.*)::text from gateway.allocation a
                union all select 'number ' || row(kind, counter, number)::text from gateway.record_number
                union all select 'numbered ' || row(record_id, kind)::text from gateway.record_number
                union all select 'delivery ' || row(record_id, rev, connection_id, wish)::text from gateway.delivery
                union all select 'series ' || row(kind, prefix, next)::text from gateway.series
                union all select 'customer ' || row(customer_id, name, email, body, captured)::text from gateway.customer) rows
            """) is var rows ? [.. rows] : [];
    }
}
