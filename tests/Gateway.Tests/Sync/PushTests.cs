using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Sync;

[Collection("gateway")]
public sealed class PushTests(GatewayFixture gateway)
{
    private static string Outcome(JsonElement verdict) => verdict.GetProperty("outcome").GetString()!;

    [Fact]
    public async Task F042_A_new_customer_and_its_order_in_any_order_are_accepted_in_one_push_and_the_order_gets_a_number()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        var order = Guid.CreateVersion7();

        var verdicts = await device.PushAsync(An.Order(order, customer), An.Customer(customer));

        Assert.All(verdicts, verdict => Assert.Equal("accepted", Outcome(verdict)));
        Assert.Equal(order, verdicts[0].GetProperty("id").GetGuid());
        Assert.Matches("^SO-MAIN-[0-9]{6}$", verdicts[0].GetProperty("number").GetString());
        var record = await gateway.RecordAsync(order);
        Assert.Equal("erp", Assert.Single(record.GetProperty("deliveries").EnumerateArray()).GetProperty("connection").GetString());
    }

    [Fact]
    public async Task F037_The_bytes_are_kept_exactly_as_captured()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        await device.PushAsync(An.Customer(customer));
        var order = An.Order(customer: customer, notes: "Grüße 🚲 \\u0041");
        var text = "  " + order.ToJsonString().Replace("\"seq\":1", "\"seq\" :  1", StringComparison.Ordinal) + " ";
        var bytes = Encoding.UTF8.GetBytes("[" + text + "]");

        var answer = await device.SendAsync(bytes);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var id = order["id"]!.GetValue<Guid>();
        var kept = await gateway.Scalar<byte[]>($"select bytes from gateway.capture where record_id = '{id}'");
        Assert.Equal(text.Trim(), Encoding.UTF8.GetString(kept));
        Assert.Equal(SHA256.HashData(kept), await gateway.Scalar<byte[]>($"select sha256 from gateway.capture where record_id = '{id}'"));
    }

    [Fact]
    public async Task F039_The_same_order_pushed_fifty_times_at_once_is_one_order_with_one_number()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        await device.PushAsync(An.Customer(customer));
        var order = An.Order(customer: customer);

        var all = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => device.PushAsync(order)));

        var outcomes = all.Select(verdicts => Outcome(verdicts[0])).ToList();
        Assert.Single(outcomes, "accepted");
        Assert.Equal(49, outcomes.Count(outcome => outcome == "duplicate"));
        Assert.Single(all.Select(verdicts => verdicts[0].GetProperty("number").GetString()).Distinct());
        Assert.Equal(1, await gateway.Scalar<long>($"select count(*) from gateway.outbox where record_id = '{order["id"]!.GetValue<Guid>()}'"));
    }

    [Fact]
    public async Task F039_Two_pushes_with_the_same_records_in_opposite_order_answer_every_record_without_a_dead_lock()
    {
        using var device = await gateway.EnrolAsync();
        for (var round = 0; round < (Servers.Full ? 200 : 10); round++)
        {
            var customers = Enumerable.Range(0, 60).Select(i => An.Customer(Guid.NewGuid(), seq: i)).ToArray();
            var both = await Task.WhenAll(device.PushAsync(customers), device.PushAsync([.. customers.Reverse()]));
            var accepted = both.SelectMany(verdicts => verdicts).Count(verdict => Outcome(verdict) == "accepted");
            Assert.Equal(60, accepted);
            Assert.Equal(60, both.SelectMany(verdicts => verdicts).Count(verdict => Outcome(verdict) == "duplicate"));
        }
    }

    [Fact]
    public async Task F040_The_same_id_with_other_content_is_a_conflict_the_first_stays_and_both_are_kept()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        await device.PushAsync(An.Customer(customer));
        var id = Guid.CreateVersion7();
        await device.PushAsync(An.Order(id, customer));

        var verdict = Assert.Single(await device.PushAsync(An.Order(id, customer, price: 11m)));

        Assert.Equal("conflict", Outcome(verdict));
        Assert.Contains("UTC", verdict.GetProperty("message").GetString(), StringComparison.Ordinal);
        var record = await gateway.RecordAsync(id);
        Assert.Equal(10.80m, record.GetProperty("total").GetDecimal());
        Assert.Equal(2, record.GetProperty("captures").GetArrayLength());
    }

    [Fact]
    public async Task F040_White_space_order_of_names_and_the_writing_of_numbers_do_not_make_other_content()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        await device.PushAsync(An.Customer(customer));
        var order = An.Order(customer: customer);
        await device.PushAsync(order);
        var body = order["body"]!.AsObject();
        var line = body["lines"]![0]!.AsObject();
        line["unitPrice"] = 10.000m;
        var turned = new JsonObject([.. order.Reverse().Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone()))]);

        Assert.Equal("duplicate", Outcome(Assert.Single(await device.PushAsync(turned))));
    }

    [Fact]
    public async Task F046_One_bad_record_does_not_hold_up_ninety_nine_good_ones()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        await device.PushAsync(An.Customer(customer));
        var orders = Enumerable.Range(0, 100).Select(i => An.Order(customer: customer, sku: i == 37 ? "NO-SUCH" : "SKU-1", seq: i)).ToArray();

        var verdicts = await device.PushAsync(orders);

        Assert.Equal(99, verdicts.Count(verdict => Outcome(verdict) == "accepted"));
        Assert.Equal("refused", Outcome(verdicts[37]));
        Assert.Equal("line.sku.unknown", verdicts[37].GetProperty("code").GetString());
        Assert.Contains("NO-SUCH", verdicts[37].GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task F052_A_refused_order_sent_again_once_the_cause_is_gone_is_accepted_under_the_same_id()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        await device.PushAsync(An.Customer(customer));
        var sku = $"LATE-{Guid.NewGuid():N}";
        var order = An.Order(customer: customer, sku: sku);
        Assert.Equal("refused", Outcome(Assert.Single(await device.PushAsync(order))));
        await gateway.Office.PutAsync("/v1/office/products", new StringContent($$"""{"products":[{"sku":"{{sku}}","name":"Late"}]}""", Encoding.UTF8, "application/json"));

        var verdict = Assert.Single(await device.PushAsync(order));

        Assert.Equal("accepted", Outcome(verdict));
        Assert.StartsWith("SO-MAIN-", verdict.GetProperty("number").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, await gateway.Scalar<long>($"select count(*) from gateway.outbox where record_id = '{order["id"]!.GetValue<Guid>()}'"));
    }

    [Fact]
    public async Task F053_A_refused_order_is_mended_by_its_next_revision_and_both_revisions_are_kept()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        await device.PushAsync(An.Customer(customer));
        var id = Guid.CreateVersion7();
        await device.PushAsync(An.Order(id, customer, sku: "NO-SUCH"));

        var mended = An.Order(id, customer, rev: 2);
        Assert.Equal("accepted", Outcome(Assert.Single(await device.PushAsync(mended))));

        var record = await gateway.RecordAsync(id);
        Assert.Equal(2, record.GetProperty("rev").GetInt32());
        Assert.Equal(2, record.GetProperty("captures").GetArrayLength());
        Assert.Equal("conflict", Outcome(Assert.Single(await device.PushAsync(An.Order(id, customer, rev: 3)))));
        var late = Assert.Single(await device.PushAsync(An.Order(id, customer, sku: "NO-SUCH")));
        Assert.Equal("duplicate", Outcome(late));
        Assert.Equal("superseded", late.GetProperty("state").GetString());
    }

    [Fact]
    public async Task F055_An_order_whose_customer_is_not_there_yet_waits_and_goes_on_by_itself()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        var order = An.Order(customer: customer);
        Assert.Equal("waiting", Outcome(Assert.Single(await device.PushAsync(order))));

        await device.PushAsync(An.Customer(customer));

        var id = order["id"]!.GetValue<Guid>();
        var record = await Eventually.GetAsync(() => gateway.RecordAsync(id), found => found.GetProperty("state").GetString() == "accepted", "the order goes on");
        Assert.StartsWith("SO-MAIN-", record.GetProperty("number").GetString(), StringComparison.Ordinal);
        Assert.Single(record.GetProperty("deliveries").EnumerateArray());
    }

    [Fact]
    public async Task F061_An_order_without_a_customer_is_refused_with_the_words_choose_a_customer_in_the_readers_language()
    {
        using var device = await gateway.EnrolAsync();
        var order = An.Order();

        Assert.Equal("Choose a customer.", Assert.Single(await device.PushAsync(order)).GetProperty("message").GetString());
        var german = await (await device.SendAsync(An.Push(order), language: "de-AT,en;q=0.5")).Content.ReadAsStringAsync();
        Assert.Contains("Bitte einen Kunden wählen.", german, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SKU-12", 15, "line.quantity.notAMultiple", "Line 1: SKU-12 is sold in steps of 12; you ordered 15. Choose 12 or 24.")]
    [InlineData("SKU-12", 10, "line.quantity.notAMultiple", "Line 1: SKU-12 is sold in steps of 12; you ordered 10. Choose 12 or 24.")]
    [InlineData("SKU-5", 4.5, "line.quantity.belowMinimum", "Line 1: SKU-5 is sold from 5 up; you ordered 4.5. Choose 5 or more.")]
    public async Task F064_A_quantity_that_is_not_sold_is_refused_with_the_nearest_that_are(string sku, decimal quantity, string code, string message)
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        await device.PushAsync(An.Customer(customer));
        var order = An.Order(customer: customer, sku: sku);
        order["body"]!["lines"]![0]!["quantity"] = quantity;

        var verdict = Assert.Single(await device.PushAsync(order));

        Assert.Equal((code, message), (verdict.GetProperty("code").GetString(), verdict.GetProperty("message").GetString()));
    }

    [Theory]
    [InlineData("lines", "line.discount.tooLarge", "Line 1: the discount is more than the line's amount. Lower it.")]
    [InlineData("order", "order.discount.tooLarge", "The order's discount is more than its subtotal. Lower it.")]
    public async Task F038_A_discount_above_what_it_is_taken_from_is_refused_in_words_that_say_where(string where, string code, string message)
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        await device.PushAsync(An.Customer(customer));
        var order = An.Order(customer: customer);
        (where == "order" ? order["body"]! : order["body"]!["lines"]![0]!)["discount"] = new JsonObject { ["amount"] = 1000 };

        var verdict = Assert.Single(await device.PushAsync(order));

        Assert.Equal((code, message), (verdict.GetProperty("code").GetString(), verdict.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task F038_Totals_that_do_not_add_up_are_refused_with_both_figures()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        await device.PushAsync(An.Customer(customer));
        var order = An.Order(customer: customer);
        order["body"]!["totals"]!["tax"] = 0.81m;

        var verdict = Assert.Single(await device.PushAsync(order));

        Assert.Equal("order.totals", verdict.GetProperty("code").GetString());
        Assert.Contains("0.80,", verdict.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("0.81", verdict.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"kind":"order","id":"0197a000-0000-7000-8000-00000000ff01","rev":1,"schema":1,"seq":1,"capturedAt":"2026-03-03T10:15:00Z","body":{"currency":"USD","lines":[],"totals":{"subtotal":1e999}}}""", "record.unreadable")]
    [InlineData("""{"kind":"order","id":"0197a000-0000-7000-8000-00000000ff02","rev":1,"schema":1,"seq":1,"capturedAt":"yesterday","body":{}}""", "record.unreadable")]
    [InlineData("""{"kind":"cart","id":"0197a000-0000-7000-8000-00000000ff03","rev":1,"schema":1,"seq":1,"capturedAt":"2026-03-03T10:15:00Z","body":{}}""", "cart.notSynced")]
    [InlineData("""{"kind":"horse","id":"0197a000-0000-7000-8000-00000000ff04","rev":1,"schema":1,"seq":1,"capturedAt":"2026-03-03T10:15:00Z","body":{}}""", "record.kindUnknown")]
    [InlineData("""{"kind":"customer","id":"0197a000-0000-7000-8000-00000000ff05","rev":1,"schema":1,"seq":1,"capturedAt":"2026-03-03T10:15:00Z","body":{"name":"A\u0000B"}}""", "text.invalid")]
    [InlineData("""{"kind":"customer","id":"0197a000-0000-7000-8000-00000000ff06","rev":1,"schema":1,"seq":1,"capturedAt":"2026-03-03T10:15:00Z","body":{"name":"A\ud800B"}}""", "record.unreadable")]
    [InlineData("""{"kind":"customer","rev":1}""", "record.idMissing")]
    [InlineData("42", "record.idMissing")]
    public async Task F056_A_record_that_cannot_be_read_is_refused_alone_and_its_bytes_are_kept(string bad, string code)
    {
        using var device = await gateway.EnrolAsync();
        var good = Guid.CreateVersion7();

        var answer = await device.SendAsync(Encoding.UTF8.GetBytes($"[{bad},{An.Customer(good).ToJsonString()}]"));

        var verdicts = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("verdicts");
        Assert.Equal("refused", Outcome(verdicts[0]));
        Assert.Equal(code, verdicts[0].GetProperty("code").GetString());
        Assert.Equal("accepted", Outcome(verdicts[1]));
        if (verdicts[0].TryGetProperty("id", out var id))
            Assert.Equal(bad, Encoding.UTF8.GetString(await gateway.Scalar<byte[]>($"select bytes from gateway.capture where record_id = '{id.GetGuid()}' limit 1")));
    }

    [Fact]
    public async Task F066_Numbers_are_gap_free_under_sixteen_parallel_writers()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        await device.PushAsync(An.Customer(customer));

        await Task.WhenAll(Enumerable.Range(0, 16).Select(writer => device.PushAsync([.. Enumerable.Range(0, Servers.Full ? 500 : 20)
            .Select(i => An.Order(customer: customer, sku: i % 7 == 3 ? "NO-SUCH" : "SKU-1", seq: (writer * 100) + i))])));

        var gaps = await gateway.Scalar<long>($$"""
            select coalesce(sum(gap), 0)::bigint from (select max(counter) - count(*) as gap from gateway.record_number
                where branch_id = (select branch_id from gateway.branch where code = 'MAIN' and company_id = '{{gateway.CompanyId}}') group by kind) series
            """);
        Assert.Equal(0, gaps);
        var positions = await gateway.Scalar<long>($"select max(pos) - count(*) from gateway.feed where company_id = '{gateway.CompanyId}'");
        Assert.Equal(0, positions);
    }

    [Fact]
    public async Task F043_A_wrong_clock_is_kept_as_captured_and_the_document_date_is_corrected()
    {
        using var device = await gateway.EnrolAsync();
        var early = An.Customer();
        early["capturedAt"] = "1970-01-02T00:00:00Z";
        var late = An.Customer();
        late["capturedAt"] = DateTimeOffset.UtcNow.AddDays(3).ToString("O", CultureInfo.InvariantCulture);

        Assert.All(await device.PushAsync(early, late), verdict => Assert.Equal("accepted", Outcome(verdict)));

        var record = await gateway.RecordAsync(early["id"]!.GetValue<Guid>());
        Assert.Equal("1970-01-02T00:00:00+00:00", record.GetProperty("capturedAt").GetString());
    }
}
