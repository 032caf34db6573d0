using Microsoft.EntityFrameworkCore;
using OrderSync.Contracts.Bus;
using OrderSync.Contracts.Records;
using OrderSync.Email.Printing;
using OrderSync.Email.Rendering;
using OrderSync.Email.Sending;
using OrderSync.Email.Storage;
using OrderSync.Framework;
using OrderSync.ServiceDefaults;
using OrderSync.ServiceDefaults.Database;

namespace OrderSync.Email;

/// <summary>Sends the confirmation of an order, with the order as a PDF, to the customer, to people inside and to the rep.</summary>
internal sealed class EmailConnector(Renderings renderings, Mailer mailer) : IConnector
{
    // A mail server knows no key of ours and cannot be asked: an unsure mail goes out again under the same Message-ID.
    public static ConnectorInfo Info { get; } = new("email", "E-mail", [Kinds.Order], typeof(EmailSettings), AmbiguityWindow: TimeSpan.Zero, MaxConcurrent: 4);

    public static void AddServices(IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<SmtpOptions>(SmtpOptions.Section, smtp => smtp.WhyNot());
        builder.AddValidatedOptions<ChromiumOptions>(ChromiumOptions.Section, chromium => chromium.WhyNot());
        builder.Services.AddSingleton<Template>().AddSingleton<Printer>().AddSingleton<Renderings>().AddSingleton<Mailer>();
    }

    public static async Task MigrateAsync(SchemaRun schema, CancellationToken stop)
    {
        await using var email = new EmailContext(schema.OptionsFor<EmailContext>());
        await email.Database.MigrateAsync(stop);
    }

    public IReadOnlyList<PlannedDocument> Plan(DeliverRecord record, Connection connection)
    {
        var recipients = Recipients.Of(record, connection.Settings<EmailSettings>());
        return recipients.Count == 0
            ? [Mail(record, target: "")]
            : recipients.Select(recipient => Mail(record, recipient.Target)).ToList();
    }

    public async Task<Outcome> PushOrderAsync(Order order, Steps steps, CancellationToken stop)
    {
        var settings = steps.Connection.Settings<EmailSettings>();
        if (Recipient.Of(order.Info.Target) is not { } recipient)
            return new Outcome.Done(order.Info.Key, order.Info.Number, null, "mail.nobody", "Nobody was written to: no customer address, no internal list, no rep with an address.");
        if (!recipient.IsAddress)
            return new Outcome.Refused("mail.addressInvalid", $"\"{recipient.Address}\" is not an e-mail address.", "Correct the address, then Retry.");

        var document = OrderMapping.ToDocument(order, settings);
        var key = new RenderingKey(order.Info.CompanyId, order.Info.RecordId, order.Info.Revision, Template.Version);
        var rendered = await renderings.OfAsync(key, document, settings.Language, stop);

        var mail = OrderMail.Write(order, document, recipient, rendered, settings);
        var sent = await steps.OnceAsync("send", async () =>
        {
            await OutboundCall.MakeAsync(
                "SMTP", mailer.Server(settings), $"To: {mail.To}\nSubject: {mail.Subject}\nMessage-ID: {mail.MessageId}", () => mailer.SendAsync(mail, steps.Connection, stop), stop);
            return new Sent(mail.MessageId, rendered.PdfSha256);
        });
        return settings.SendToCustomer && !Recipients.Addresses(order.Customer?.Body.Email).Any()
            ? new Outcome.Done(sent.MessageId, order.Info.Number, null, "mail.internalOnly", "The customer has no e-mail address; only people inside were written to.")
            : new Outcome.Done(sent.MessageId, order.Info.Number, null);
    }

    public async Task<string> TestAsync(Steps steps, CancellationToken stop) =>
        $"The mail server answers: {await mailer.GreetAsync(steps.Connection.Settings<EmailSettings>(), stop)}. Whether it takes our sender shows with the first mail.";

    private static PlannedDocument Mail(DeliverRecord record, string target) =>
        new(record.RecordId, record.Revision, record.Kind, target, record.Body, DependsOn: [], Reports: true);
}
