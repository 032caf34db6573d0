using Microsoft.EntityFrameworkCore;
using OrderSync.Contracts.Bus;
using OrderSync.Contracts.Records;
using OrderSync.Email.Documents;
using OrderSync.Email.Preview;
using OrderSync.Email.Printing;
using OrderSync.Email.Sending;
using OrderSync.Email.Storage;
using OrderSync.Framework;
using OrderSync.ServiceDefaults;
using OrderSync.ServiceDefaults.Database;

namespace OrderSync.Email;

/// <summary>Sends the confirmation of an order, a quote, a sale or a receipt, with it as a PDF, to the customer, to people inside and to the rep.</summary>
internal sealed class EmailConnector(Renderings renderings, Mailer mailer) : IConnector
{
    // Names of steps, in the ledger for ever.
    private const string Send = "send";
    private const string Cancel = "cancel";

    // A mail server knows no key of ours and cannot be asked: an unsure mail goes out again under the same Message-ID.
    public static ConnectorInfo Info { get; } =
        new("email", "E-mail", [Kinds.Order, Kinds.Quote, Kinds.Sale, Kinds.Receipt], typeof(EmailSettings), AmbiguityWindow: TimeSpan.Zero, MaxConcurrent: 4);

    public static void AddServices(IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<SmtpOptions>(SmtpOptions.Section, smtp => smtp.WhyNot());
        builder.AddValidatedOptions<ChromiumOptions>(ChromiumOptions.Section, chromium => chromium.WhyNot());
        builder.Services.AddSingleton<Printer>().AddSingleton<Renderer>().AddSingleton<Renderings>().AddSingleton<SmtpLines>().AddSingleton<Mailer>();
    }

    public static async Task MigrateAsync(SchemaRun schema, CancellationToken stop)
    {
        await using var email = new EmailContext(schema.OptionsFor<EmailContext>());
        await email.Database.MigrateAsync(stop);
    }

    public static void MapManage(IEndpointRouteBuilder connection) => connection.MapPreview();

    public IReadOnlyList<PlannedDocument> Plan(DeliverRecord record, Connection connection)
    {
        var recipients = Recipients.Of(record, connection.Settings<EmailSettings>());
        return recipients.Count == 0
            ? [Mail(record, target: "")]
            : recipients.Select(recipient => Mail(record, recipient.Target)).ToList();
    }

    public Task<Outcome> PushOrderAsync(Order order, Steps steps, CancellationToken stop) =>
        SendAsync(order.Info, order.Customer, settings => Task.FromResult(SalesMapping.ToDocument(order, settings)), steps, stop);

    public Task<Outcome> PushQuoteAsync(Quote quote, Steps steps, CancellationToken stop) =>
        SendAsync(quote.Info, quote.Customer, settings => Task.FromResult(SalesMapping.ToDocument(quote, settings)), steps, stop);

    public Task<Outcome> PushSaleAsync(Sale sale, Steps steps, CancellationToken stop) =>
        SendAsync(sale.Info, sale.Customer, settings => Task.FromResult(SalesMapping.ToDocument(sale, settings)), steps, stop);

    public Task<Outcome> PushReceiptAsync(Receipt receipt, Steps steps, CancellationToken stop) =>
        SendAsync(receipt.Info, receipt.Customer, async settings => ReceiptMapping.ToDocument(receipt, await renderings.NumbersAsync(
            receipt.Info.CompanyId, (receipt.Body.Allocations ?? []).Select(part => part.Order).OfType<Guid>().ToList(), stop), settings), steps, stop);

    public async Task<string> TestAsync(Steps steps, CancellationToken stop) =>
        $"The mail server answers: {await mailer.GreetAsync(steps.Connection, stop)}. Whether it takes our sender shows with the first mail.";

    public async Task<Outcome> CancelOrderAsync(Order order, Steps steps, CancellationToken stop)
    {
        var (info, settings) = (order.Info, steps.Connection.Settings<EmailSettings>());
        if (Recipient.Of(info.Target) is not { } recipient || (!steps.MayHaveWritten(Send) && !info.MayExist))
            return new Outcome.Done(info.Key, info.Number, null, "cancelled.unwritten", "It was cancelled before a mail about it had gone out, so there is nothing to take back.");

        var mail = CancellationMail.Write(info, SalesMapping.ToDocument(order, settings), recipient, IsCustomer(recipient, order.Customer), settings);
        var sent = await HandOverAsync(Cancel, mail, null, steps, stop);
        return new Outcome.Done(sent.MessageId, info.Number, null, "cancelled", "Those who had the confirmation were told by mail that it is cancelled.");
    }

    private async Task<Outcome> SendAsync(DocumentInfo info, CustomerOfOrder? customer, Func<EmailSettings, Task<Document>> write, Steps steps, CancellationToken stop)
    {
        var settings = steps.Connection.Settings<EmailSettings>();
        if (Recipient.Of(info.Target) is not { } recipient)
            return new Outcome.Done(info.Key, info.Number, null, "mail.nobody", "Nobody was written to: no customer address, no internal list, no rep with an address.");
        if (!recipient.IsAddress)
            return new Outcome.Refused("mail.addressInvalid", $"\"{recipient.Address}\" is not an e-mail address.", "Correct the address, then Retry.");
        if (steps.MayHaveWritten(Cancel))
            return new Outcome.Refused("mail.cancelled", $"{recipient.Address} was told that {info.Number} is cancelled; a confirmation after that would confuse.", "Write to them yourself, then Stop it here.");

        if (info.MayExist && !steps.MayHaveWritten(Send))
            return MayHaveGone(info, recipient);

        var document = await write(settings);
        var rendered = await renderings.OfAsync(info, document, settings, stop);

        var mail = DocumentMail.Write(info, document, recipient, IsCustomer(recipient, customer), rendered, settings);
        var sent = await HandOverAsync(Send, mail, rendered.PdfSha256, steps, stop);
        return Remark(sent, info, rendered, missing: settings.ToldAbout(info.Kind).Contains(Recipients.Customer) && !Recipients.Addresses(customer?.Body.Email).Any());
    }

    private Task<Sent> HandOverAsync(string step, Mail mail, string? pdfSha256, Steps steps, CancellationToken stop) => steps.OnceAsync(step, async () =>
    {
        await OutboundCall.MakeAsync(
            "SMTP", mailer.Server(steps.Connection.Settings<EmailSettings>()), $"To: {mail.To}\nSubject: {mail.Subject}\nMessage-ID: {mail.MessageId}",
            () => mailer.SendAsync(mail, steps.Connection, stop), stop);
        return new Sent(mail.MessageId, pdfSha256);
    });

    // A mail server cannot be asked what it has taken.
    private static Outcome.Refused MayHaveGone(DocumentInfo info, Recipient recipient) => new(
        DeliverRecord.MayExistCode, $"The mail to {recipient.Address} about {info.Number} may have been sent already: a backup was restored since.",
        "Ask the recipient, or look in the mail server's log. Retry sends the mail; Stop leaves it.");

    private static bool IsCustomer(Recipient recipient, CustomerOfOrder? customer) =>
        recipient.Occasion == Recipient.Confirmed && Recipients.Addresses(customer?.Body.Email).Contains(recipient.Address);

    // What people should know although the mail went out.
    private static Outcome.Done Remark(Sent sent, DocumentInfo info, Rendered rendered, bool missing)
    {
        const string InternalOnly = "The customer has no e-mail address; only people inside were written to.";
        var (code, reason) = (missing, rendered.Remark) switch
        {
            (false, null) => ((string?)null, (string?)null),
            (true, null) => ("mail.internalOnly", InternalOnly),
            (false, { } trouble) => ("mail.standardTemplate", trouble),
            (true, { } trouble) => ("mail.internalOnly", $"{InternalOnly} {trouble}"),
        };
        return new(sent.MessageId, info.Number, null, code, reason);
    }

    private static PlannedDocument Mail(DeliverRecord record, string target) =>
        new(record.RecordId, record.Revision, record.Kind, target, record.Body, DependsOn: [], Reports: true);
}
