using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Connectors.Tests.Email.Sending;
using OrderSync.Contracts;
using OrderSync.Contracts.Bus;
using OrderSync.Contracts.Records;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Email.Service;

/// <summary>The connector as the office and the ledger see it, in virtual time.</summary>
[InCi]
public sealed class EmailHostTests(EmailDatabase database) : IClassFixture<EmailDatabase>
{
    private readonly ManualClock clock = new();
    private readonly Guid company = Guid.NewGuid();
    private readonly Guid connection = Guid.NewGuid();

    [Fact]
    public async Task F112_Quotes_and_receipts_are_mailed_too_and_each_to_whom_the_company_says()
    {
        await using var server = new ScriptedSmtp();
        await using var host = await EmailHost.StartAsync(database, clock);
        var settings = Settings(server.Uri);
        (settings["quotesTo"], settings["receiptsTo"]) = (new JsonArray("customer"), new JsonArray("internal"));
        await host.SaveAsync(company, connection, settings);
        var order = AnOrder.With(number: "SO-77", customerEmail: "buyer@c.example");
        var paid = new ReceiptBody("D7-9", null, "EUR", 100m, "cash", null, [new(order.Info.RecordId, null, 60m), new(null, "INV-5", 30m)], null, null);
        var sent = new List<DeliverRecord> { Message(order) };

        await host.TakeAsync(sent[0]);
        await DoneAsync(host, sent);
        sent.Add(Message(order) with { RecordId = Guid.NewGuid(), Kind = Kinds.Quote, Number = "QU-1" });
        sent.Add(Message(order) with { RecordId = Guid.NewGuid(), Kind = Kinds.Receipt, Number = "RC-1", Body = JsonSerializer.Serialize(paid, ContractJson.Options) });
        await host.TakeAsync(sent[1]);
        await host.TakeAsync(sent[2]);
        await DoneAsync(host, sent);

        Assert.Equal(
            ["buyer@c.example: Order confirmation SO-77", "buyer@c.example: Quote QU-1", "office@n.example: Order SO-77: ", "office@n.example: Receipt RC-1: "],
            server.Received.Select(mail => $"{HeaderOf(mail, "To")}: {SubjectStart(mail)}").Order());
        var receipt = (await JsonAsync(await host.GetAsync(company, connection, $"mails/{sent[2].RecordId}"))).GetProperty("text").GetString();
        Assert.Matches(@"Order SO-77\s+60\.00", receipt);
        Assert.Matches(@"INV-5\s+30\.00", receipt);
        Assert.Matches(@"On account\s+10\.00", receipt);
    }

    [Fact]
    public async Task F069_F112_A_sale_is_mailed_as_a_sales_receipt_that_says_how_it_was_paid()
    {
        await using var server = new ScriptedSmtp();
        await using var host = await EmailHost.StartAsync(database, clock);
        var settings = Settings(server.Uri);
        settings["salesTo"] = new JsonArray("customer");
        await host.SaveAsync(company, connection, settings);
        var order = AnOrder.With(number: "SO-1", customerEmail: "buyer@c.example");
        var body = JsonSerializer.SerializeToNode(order.Body, ContractJson.Options)!;
        body["tenders"] = JsonNode.Parse("""[{"method":"cash","amount":20},{"method":"layBy","amount":1234.5,"deposit":20,"dueDate":"2026-06-30"}]""");
        var sale = Message(order) with { RecordId = Guid.NewGuid(), Kind = Kinds.Sale, Number = "SA-9", Body = body.ToJsonString() };

        await host.TakeAsync(sale);
        await DoneAsync(host, [sale]);

        var mail = Assert.Single(server.Received);
        Assert.Equal("buyer@c.example: Sales receipt SA-9", $"{HeaderOf(mail, "To")}: {SubjectStart(mail)}");
        Assert.Contains("application/pdf", mail, StringComparison.Ordinal);
        var text = (await JsonAsync(await host.GetAsync(company, connection, $"mails/{sale.RecordId}"))).GetProperty("text").GetString();
        Assert.Matches("Paid by: +Cash EUR 20\\.00; Lay-by EUR 1,234\\.50 \\(until 30 June 2026\\)", text!.Replace('\u00a0', ' '));
    }

    [Fact]
    public async Task A_template_is_looked_at_before_it_is_saved_and_one_that_cannot_work_is_not_taken()
    {
        await using var host = await EmailHost.StartAsync(database, clock);
        await host.SaveAsync(company, connection, Settings("smtp://127.0.0.1:1"));
        var good = new JsonObject { ["quoteTemplate"] = "<h1>Our offer {{number}}, good until {{validUntil}}</h1>", ["quoteSubject"] = "Offer {{number}}" };
        var bad = new JsonObject { ["quoteTemplate"] = "<h1>{{number}}</h1>\n<script>steal()</script>" };

        var shown = await JsonAsync(await host.PostAsync(company, connection, "preview", new() { ["kind"] = "quote", ["settings"] = good }));
        var refused = await host.PostAsync(company, connection, "preview", new() { ["kind"] = "quote", ["settings"] = bad });
        var settings = Settings("smtp://127.0.0.1:1");
        settings["quoteTemplate"] = bad["quoteTemplate"]!.DeepClone();
        var notSaved = await host.SaveAsync(company, connection, settings);

        Assert.Equal("Offer QU-000117", shown.GetProperty("subject").GetString());
        Assert.Contains("Our offer QU-000117, good until 2", shown.GetProperty("html").GetString());
        Assert.Contains("Our offer QU-000117", await PdfText.OfAsync(shown.GetProperty("pdf").GetBytesFromBase64()));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var why = await JsonAsync(refused);
        Assert.Equal("quoteTemplate", why.GetProperty("field").GetString());
        Assert.Equal("QuoteTemplate cannot be used. Line 2: <script> may not be used", why.GetProperty("detail").GetString()!.Split(". What")[0]);
        Assert.Equal(HttpStatusCode.BadRequest, notSaved.StatusCode);
        Assert.Contains("{{#each lines}}", (await JsonAsync(await host.GetAsync(company, connection, "templates/order"))).GetProperty("template").GetString());
    }

    [Fact]
    public async Task A_rate_that_the_mail_server_allows_is_kept_to_by_the_minute()
    {
        await using var server = new ScriptedSmtp();
        await using var host = await EmailHost.StartAsync(database, clock);
        var settings = Settings(server.Uri);
        settings["callsPerMinute"] = 20;
        settings["ordersTo"] = new JsonArray("customer");
        await host.SaveAsync(company, connection, settings);
        var orders = Enumerable.Range(1, 22).Select(i => Message(AnOrder.With(lines: 1, number: $"SO-{i}", customerEmail: $"buyer{i}@c.example"))).ToList();

        foreach (var order in orders)
            await host.TakeAsync(order);
        await Eventually.TrueAsync(() => server.Received.Count == 20, "the first minute's mails");
        await Eventually.TrueAsync(() => PassAsync(orders[..1], TimeSpan.Zero, host, _ => true), "a report");
        Assert.Equal(20, server.Received.Count);
        await DoneAsync(host, orders);

        Assert.Equal(22, server.Received.Count);
        Assert.True(clock.GetUtcNow() >= new ManualClock().GetUtcNow() + TimeSpan.FromMinutes(1));
    }

    private Task DoneAsync(EmailHost host, IReadOnlyList<DeliverRecord> records) =>
        Eventually.TrueAsync(() => PassAsync(records, TimeSpan.FromSeconds(5), host, report => report.State == DeliveryState.Done), "all to be mailed");

    private async Task<bool> PassAsync(IReadOnlyList<DeliverRecord> records, TimeSpan time, EmailHost host, Func<DeliveryReport, bool> wanted)
    {
        // Not while a mail is on its way: a try that takes minutes of this clock is given up, and its mail goes out again.
        if (!await IsHeldAsync())
            clock.Advance(time);
        foreach (var record in records)
            if (!wanted(await host.ReportAsync(record)))
                return false;
        return true;
    }

    private DeliverRecord Message(OrderSync.Framework.Order order) => order.Message() with { CompanyId = company, ConnectionId = connection };

    private static JsonObject Settings(string server, string name = "Northwind Outdoor GmbH") =>
        new() { ["from"] = "orders@n.example", ["fromName"] = name, ["server"] = server, ["internal"] = new JsonArray("office@n.example") };

    private async Task<bool> IsHeldAsync()
    {
        await using var held = database.Administrator.CreateCommand("select exists (select from email.document where company_id = $1 and holder is not null)");
        held.Parameters.Add(new() { Value = company });
        return (bool)(await held.ExecuteScalarAsync())!;
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) => await answer.Content.ReadFromJsonAsync<JsonElement>();

    private static string SubjectStart(string mail) => HeaderOf(mail, "Subject") is var subject && subject.StartsWith("=?", StringComparison.Ordinal)
        ? System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(subject.Split('?')[3])).Split("Müller")[0] : subject;

    private static string HeaderOf(string mail, string name) => mail.Split('\n').First(line => line.StartsWith($"{name}: ", StringComparison.OrdinalIgnoreCase))[(name.Length + 2)..].Trim();
}
