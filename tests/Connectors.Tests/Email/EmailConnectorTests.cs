using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using OrderSync.Connectors.Tests.Email.Printing;
using OrderSync.Connectors.Tests.Email.Sending;
using OrderSync.Email;
using OrderSync.Email.Printing;
using OrderSync.Email.Sending;
using OrderSync.Email.Storage;
using OrderSync.Framework;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Email;

public sealed class EmailConnectorTests(EmailDatabase database, PrinterFixture paper) : IClassFixture<EmailDatabase>, IClassFixture<PrinterFixture>, IAsyncLifetime
{
    private readonly string buyer = $"buyer-{Guid.NewGuid():N}@customer.example";
    private readonly string ada = $"ada-{Guid.NewGuid():N}@northwind.example";
    private readonly string office = $"office-{Guid.NewGuid():N}@northwind.example";
    private NpgsqlDataSource source = null!;
    private EmailConnector connector = null!;
    private EmailSettings settings = null!;

    public async Task InitializeAsync()
    {
        source = NpgsqlDataSource.Create(database.ConnectionStringAs("email"));
        connector = NewConnector();
        settings = PrinterFixture.Settings with { Internal = [office], Server = (await Servers.MailAsync()).Smtp.OriginalString.TrimEnd('/') };
    }

    public async Task DisposeAsync() => await source.DisposeAsync();

    [Fact]
    public async Task F111_The_rep_gets_the_order_as_a_PDF_with_number_lines_and_totals()
    {
        var order = AnOrder.With(lines: 4, customerEmail: buyer, repEmail: ada);

        await SendAllAsync(order);

        var mail = Assert.Single(await Mailbox.OfAsync(ada));
        Assert.Equal($"Order SO-000042: Müller & Söhne KG, EUR {Shown(order.Body.Totals.Total)}", mail.Subject);
        Assert.Equal("SO-000042.pdf", mail.FileName);
        var paper = await PdfText.OfAsync(mail.Pdf);
        foreach (var shown in new[] { paper, mail.Text, mail.Html })
        {
            Assert.Contains("SO-000042", shown);
            Assert.All(order.Body.Lines, line => Assert.Contains(line.Sku, shown));
            Assert.Contains(Shown(order.Body.Totals.Tax), shown);
            Assert.Contains(Shown(order.Body.Totals.Total), shown);
        }
    }

    [Fact]
    public async Task F112_The_confirmation_goes_to_the_customer_and_the_internal_list_with_the_same_bytes()
    {
        var outcomes = await SendAllAsync(AnOrder.With(customerEmail: buyer, repEmail: ada));

        Assert.Equal(3, outcomes.Count);
        Assert.All(outcomes, outcome => Assert.Null(Assert.IsType<Outcome.Done>(outcome).Code));
        var toCustomer = Assert.Single(await Mailbox.OfAsync(buyer));
        Assert.Equal("Order confirmation SO-000042", toCustomer.Subject);
        Assert.Equal(toCustomer.Pdf, Assert.Single(await Mailbox.OfAsync(office)).Pdf);
        Assert.Equal(toCustomer.Pdf, Assert.Single(await Mailbox.OfAsync(ada)).Pdf);
    }

    [Fact]
    public async Task F112_A_customer_without_an_address_is_reported_and_people_inside_get_the_mail()
    {
        var outcomes = await SendAllAsync(AnOrder.With(customerEmail: null));

        var done = Assert.IsType<Outcome.Done>(Assert.Single(outcomes));
        Assert.Equal("mail.internalOnly", done.Code);
        Assert.Single(await Mailbox.OfAsync(office));
    }

    [Fact]
    public async Task An_order_that_concerns_nobody_is_done_with_a_remark()
    {
        settings = settings with { Internal = [] };

        var outcomes = await SendAllAsync(AnOrder.With(customerEmail: null));

        Assert.Equal("mail.nobody", Assert.IsType<Outcome.Done>(Assert.Single(outcomes)).Code);
    }

    [Fact]
    [InCi]
    public async Task F113_A_crash_between_sending_and_noting_sends_again_under_the_same_message_id()
    {
        var (order, steps) = One(AnOrder.With(customerEmail: buyer));

        steps.CrashAfterWrite = true;
        await Assert.ThrowsAsync<OperationCanceledException>(() => connector.PushOrderAsync(order, steps, default));
        steps.CrashAfterWrite = false;
        await connector.PushOrderAsync(order, steps, default);
        await connector.PushOrderAsync(order, steps, default);

        var mails = await Mailbox.OfAsync(buyer, atLeast: 2);
        Assert.Equal(2, mails.Count);
        Assert.Equal(mails[0].MessageId, mails[1].MessageId);
        Assert.Equal(mails[0].Pdf, mails[1].Pdf);
    }

    [Fact]
    public async Task F114_A_mail_server_that_is_away_means_later_and_one_mail_once_it_is_back()
    {
        string address;
        int port;
        await using (var server = new ScriptedSmtp())
            (address, port) = (server.Uri, server.Port);
        settings = settings with { Server = address };
        var (order, steps) = One(AnOrder.With(customerEmail: buyer));

        var away = await Assert.ThrowsAsync<OutcomeException>(() => connector.PushOrderAsync(order, steps, default));
        await using var back = new ScriptedSmtp(port);
        var sent = await connector.PushOrderAsync(order, steps, default);
        await connector.PushOrderAsync(order, steps, default);

        Assert.IsType<Outcome.Later>(away.Outcome);
        Assert.IsType<Outcome.Done>(sent);
        Assert.Single(back.Received);
    }

    [Fact]
    public async Task F115_The_bytes_first_rendered_are_kept_with_their_hash_and_used_ever_after()
    {
        var (order, steps) = One(AnOrder.With(customerEmail: buyer, repEmail: ada));
        await connector.PushOrderAsync(order, steps, default);

        // Whatever changes later, what was rendered counts, also for a service that starts afresh.
        settings = settings with { FromName = "Renamed GmbH" };
        connector = NewConnector();
        await SendAllAsync(order, only: ada);

        var first = Assert.Single(await Mailbox.OfAsync(buyer));
        var later = Assert.Single(await Mailbox.OfAsync(ada));
        Assert.Equal(first.Pdf, later.Pdf);
        await using var kept = database.Administrator.CreateCommand("select sha256 from email.rendering where record_id = $1");
        kept.Parameters.Add(new() { Value = order.Info.RecordId });
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(first.Pdf)), await kept.ExecuteScalarAsync());
    }

    [Fact]
    public async Task An_address_that_is_none_is_for_a_person()
    {
        var outcomes = await SendAllAsync(AnOrder.With(customerEmail: "no address"), only: "address");

        var refused = Assert.IsType<Outcome.Refused>(Assert.Single(outcomes));
        Assert.Equal("mail.addressInvalid", refused.Code);
        Assert.Contains("\"address\"", refused.Reason);
    }

    [Fact]
    public async Task A_company_never_sees_the_rendering_of_another()
    {
        var mine = AnOrder.With(customerEmail: buyer);
        await SendAllAsync(mine);

        Assert.Equal(1L, await CountAsync(mine.Info.CompanyId));
        Assert.Equal(0L, await CountAsync(Guid.CreateVersion7()));
        await using var forced = database.Administrator.CreateCommand("select relrowsecurity and relforcerowsecurity from pg_class where oid = 'email.rendering'::regclass");
        Assert.Equal(true, await forced.ExecuteScalarAsync());
    }

    private EmailConnector NewConnector()
    {
        var smtp = Options.Create(new SmtpOptions());
        return new(
            new Renderings(source, new Renderer(paper.Printer, NullLogger<Renderer>.Instance), TimeProvider.System),
            new Mailer(smtp, new SmtpLines(smtp, TimeProvider.System), TimeProvider.System));
    }

    private Connection NewConnection(Order order) =>
        new(order.Info.CompanyId, order.Info.ConnectionId, settings.Account, settings, new Dictionary<string, string>());

    private async Task<object?> CountAsync(Guid company)
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select set_config('app.company', $1, true)") { Parameters = { new() { Value = company.ToString() } } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select count(*) from rendering"));
        await using var reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        await reader.ReadAsync();
        return reader.GetValue(0);
    }

    /// <summary>All mails of an order, each as the worker would push it, at once.</summary>
    private async Task<IReadOnlyList<Outcome>> SendAllAsync(Order order, string? only = null)
    {
        var connection = NewConnection(order);
        var planned = ((IConnector)connector).Plan(order.Message(), connection).Where(mail => only is null || mail.Target.EndsWith($"/{only}", StringComparison.Ordinal));
        return await Task.WhenAll(planned.Select(mail => connector.PushOrderAsync(order.For(mail), new KeptSteps(connection), default)));
    }

    /// <summary>The first mail of an order, which is the customer's.</summary>
    private (Order Order, KeptSteps Steps) One(Order order)
    {
        var connection = NewConnection(order);
        return (order.For(((IConnector)connector).Plan(order.Message(), connection)[0]), new KeptSteps(connection));
    }

    private static string Shown(decimal amount) => amount.ToString("#,##0.00", System.Globalization.CultureInfo.InvariantCulture);
}
