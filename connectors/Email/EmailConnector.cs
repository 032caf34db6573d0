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

/// <summary>Sends the confirmation of an order, a quote or a receipt, with it as a PDF, to the customer, to people inside and to the rep.</summary>
internal sealed class EmailConnector(Renderings renderings, Mailer mailer) : IConnector
{
    // A mail server knows no key of ours and cannot be asked: an unsure mail goes out again under the same Message-ID.
    public static ConnectorInfo Info { get; } =
        new("email", "E-mail", [Kinds.Order, Kinds.Quote, Kinds.Receipt], typeof(EmailSettings), AmbiguityWindow: TimeSpan.Zero, MaxConcurrent: 4);

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

    public Task<Outcome> PushReceiptAsync(Receipt receipt, Steps steps, CancellationToken stop) =>
        SendAsync(receipt.Info, receipt.Customer, async settings => ReceiptMapping.ToDocument(receipt, await renderings.NumbersAsync(
            receipt.Info.CompanyId, (receipt.Body.Allocations ?? []).Select(part => part.Order).OfType<Guid>().ToList(), stop), settings), steps, stop);

    public async Task<string> TestAsync(Steps steps, CancellationToken stop) =>
        $"The mail server answers: {await mailer.GreetAsync(steps.Connection, stop)}. Whether it takes our sender shows with the first mail.";

    private async Task<Outcome> SendAsync(DocumentInfo info, CustomerOfOrder? customer, Func<EmailSettings, Task<Document>> write, Steps steps, CancellationToken stop)
    {
        var settings = steps.Connection.Settings<EmailSettings>();
        if (Recipient.Of(info.Target) is not { } recipient)
            return new Outcome.Done(info.Key, info.Number, null, "mail.nobody", "Nobody was written to: no customer address, no internal list, no rep with an address.");
        if (!recipient.IsAddress)
            return new Outcome.Refused("mail.addressInvalid", $"\"{recipient.Address}\" is not an e-mail address.", "Correct the address, then Retry.");

        var document = await write(settings);
        var rendered = await renderings.OfAsync(info, document, settings, stop);

        var toCustomer = recipient.Occasion == Recipient.Confirmed && Recipients.Addresses(customer?.Body.Email).Contains(recipient.Address);
        var mail = DocumentMail.Write(info, document, recipient, toCustomer, rendered, settings);
        var sent = await steps.OnceAsync("send", async () =>
        {
            await OutboundCall.MakeAsync(
                "SMTP", mailer.Server(settings), $"To: {mail.To}\nSubject: {mail.Subject}\nMessage-ID: {mail.MessageId}", () => mailer.SendAsync(mail, steps.Connection, stop), stop);
            return new Sent(mail.MessageId, rendered.PdfSha256);
        });
        return Remark(sent, info, rendered, missing: settings.ToldAbout(info.Kind).Contains(Recipients.Customer) && !Recipients.Addresses(customer?.Body.Email).Any());
    }

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
