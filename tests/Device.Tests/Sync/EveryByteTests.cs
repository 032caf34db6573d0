using OrderSync.Contracts.Records;
using OrderSync.Gateway.Tests;
using OrderSync.Simulator.Fleet;
using OrderSync.Testing;
using Xunit.Abstractions;

namespace OrderSync.Device.Tests;

/// <summary>One upload of everything a morning brings, with the line cut after each byte of its request and of its answer in turn.</summary>
[Collection("gateway")]
public sealed class EveryByteTests(GatewayFixture gateway, ITestOutputHelper output)
{
    private const string Push = "/v1/sync/push";
    private static readonly int Step = Servers.Full ? 1 : 97;
    private long emptyAt;

    [Fact]
    public async Task F049_A_line_cut_after_any_byte_of_request_and_answer_leaves_what_an_uncut_line_leaves()
    {
        await using var site = await Site.OpenAsync(gateway);
        CaptureAMorning(site.Device);
        site.Device.Dispose();
        var morning = await File.ReadAllBytesAsync(site.File);
        var (asked, answered) = (0, 0);
        site.Line.Answered += (request, bytes) => (asked, answered) = request.Path == Push ? (request.Length, bytes) : (asked, answered);
        var expected = await UploadAsync(site, morning, LineFate.Passes);
        var (request, answer) = (asked, answered);

        var fates = Cuts(request).Select(at => new LineFate { CutRequestAt = at }).Concat(Cuts(answer - 1).Select(at => new LineFate { CutAnswerAt = at })).ToList();
        foreach (var fate in fates)
        {
            var actual = await UploadAsync(site, morning, fate);
            Assert.True(expected.SequenceEqual(actual), $"{fate}\n{string.Join('\n', expected.Except(actual).Select(row => "- " + row))}\n{string.Join('\n', actual.Except(expected).Select(row => "+ " + row))}");
        }

        Assert.True(site.Line.Cuts == fates.Count, $"{site.Line.Cuts} of {fates.Count} cuts were made");
        output.WriteLine($"{fates.Count} cuts in a request of {request} and an answer of {answer} bytes; {expected.Count} rows compared");
    }

    /// <summary>A customer, two orders, a quote and a receipt of that customer, and an order whose customer another device has not sent yet.</summary>
    private static void CaptureAMorning(SyncDevice device)
    {
        var customer = device.Capture(Entered.Customer());
        var order = device.Capture(Entered.Order(customer.Id));
        device.Capture(Entered.Order(customer.Id, "SKU-12", 24) with { Reference = "R-2", Discount = new DiscountBody(5, null) });
        device.Capture(new NewQuote(customer.Id, "USD", [new NewLine("SKU-5", 7, 9.99m) { TaxRate = 8 }]));
        device.Capture(new NewReceipt(customer.Id, "USD", order.Total!.Value, "cash") { Allocations = [new ReceiptAllocation(order.Id, null, order.Total.Value)] });
        device.Capture(Entered.Order(Guid.CreateVersion7()));
    }

    /// <summary>Uploads the morning from the start into a gateway that has nothing, and returns all that is there then.</summary>
    private async Task<List<string>> UploadAsync(Site site, byte[] morning, LineFate first)
    {
        await gateway.Execute($"""
            delete from gateway.outbox; delete from gateway.delivery_event; delete from gateway.delivery; delete from gateway.record_number;
            delete from gateway.allocation; delete from gateway.order_line; delete from gateway.customer_entry; delete from gateway.coupon_use; delete from gateway.customer_commitment; delete from gateway.stock_move; delete from gateway.customer_duplicate; delete from gateway.customer_key; delete from gateway.capture; delete from gateway.record; delete from gateway.customer where captured;
            update gateway.series set next = 1
            """);
        // The feed stays: one that was shorter than before would be that of a server that was put back.
        emptyAt = await gateway.Scalar<long>($"select pos from gateway.company_feed where company_id = '{gateway.CompanyId}'");
        var pushes = 0;
        site.Fate = request => request.Path == Push && Interlocked.Increment(ref pushes) == 1 ? first : LineFate.Passes;
        await File.WriteAllBytesAsync(site.File, morning);
        site.Reopen();
        for (var runs = 0; runs < 5 && site.Device.State.ToSend > 0; runs++)
            await site.Device.SyncNowAsync();
        var kept = site.Device.Records();
        site.Device.Dispose();

        // Whether a record was stored by this answer or by the one that was lost is all that may differ.
        return [.. kept.Select(record => $"device {record.Seq} {record.Id} {record.Rev} {record.State} {record.Verdict?.Number} {record.Verdict?.Code} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(record.Bytes.Span))}"),
            .. await RowsAsync()];
    }

    // The relay works meanwhile: where it had claimed a delivery whose record this test then took away, it calls it unreadable.
    private async Task<List<string>> RowsAsync()
    {
        await using var command = gateway.Database.Administrator.CreateCommand("""
            select row from (
                select 1 as part, 'record ' || row(record_id, kind, rev, state, code, field, params, sha256, device_id, rep_id, branch_id, seq, captured_at, document_date, reference, customer_id, depends_on, currency, total, awaits)::text as row from gateway.record
                union all select 2, 'capture ' || row(record_id, rev, sha256, bytes, outcome)::text from gateway.capture
                union all select 3, 'line ' || row(l.*)::text from gateway.order_line l
                union all select 4, 'allocation ' || row(a.*)::text from gateway.allocation a
                union all select 5, 'number ' || row(record_id, kind, counter, number)::text from gateway.record_number
                union all select 6, 'delivery ' || row(record_id, rev, connection_id, version, wish, case code when 'delivery.unreadable' then 'pending' else state end)::text from gateway.delivery
                union all select 7, 'outbox ' || row(record_id, rev, connection_id, version)::text from gateway.outbox
                union all select 8, 'feed ' || row(row_number() over (order by pos), collection, key)::text from gateway.feed where pos > $1 and collection in ('verdicts', 'customers')
                union all select 10, 'series ' || row(kind, prefix, next)::text from gateway.series
                union all select 11, 'customer ' || row(customer_id, rev, name, email, body, captured)::text from gateway.customer
            ) rows order by part, row
            """);
        command.Parameters.Add(new() { Value = emptyAt });
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0));
        return rows;
    }

    private static IEnumerable<int> Cuts(int last) => Enumerable.Range(0, last / Step + 1).Select(i => i * Step).Append(last).Distinct();
}
