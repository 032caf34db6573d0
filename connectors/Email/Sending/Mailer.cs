using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;
using OrderSync.Framework;

namespace OrderSync.Email.Sending;

/// <summary>Hands one mail for one recipient to an SMTP server and says in outcomes what became of it.</summary>
internal sealed class Mailer(IOptions<SmtpOptions> options)
{
    /// <summary>Returns once the server has taken the mail.</summary>
    /// <exception cref="OutcomeException">It has not: refused, later or reconnect; ambiguous when the line broke while the mail was on its way.</exception>
    public async Task SendAsync(Mail mail, Connection connection, CancellationToken stop)
    {
        using var message = Compose(mail);
        using var client = Client(connection);
        // Only an address that needs it: the server must speak SMTPUTF8 then, and headers go out unencoded.
        if (!Ascii.IsValid(mail.To))
            client.DeliveryFormat = SmtpDeliveryFormat.International;
        try
        {
            // SmtpClient does not look at a token while it waits for an answer (seen: 100 s); leaving disposes it, which cuts the line.
            await client.SendMailAsync(message, CancellationToken.None).WaitAsync(options.Value.Patience, stop);
        }
        catch (TimeoutException)
        {
            throw new OutcomeException(new Outcome.Ambiguous("The mail server did not answer in time; the mail may have gone out."));
        }
        catch (SmtpException trouble)
        {
            throw new OutcomeException(OutcomeOf(trouble, mail.To, client.Host!));
        }
    }

    /// <summary>The server that a connection's mail goes through, as text.</summary>
    public string Server(EmailSettings settings) => settings.Server ?? options.Value.Server ?? "";

    /// <summary>Connects to the server and returns what it says first.</summary>
    /// <exception cref="OutcomeException">There is none, or it does not greet.</exception>
    public async Task<string> GreetAsync(EmailSettings settings, CancellationToken stop)
    {
        if (!SmtpServer.TryRead(Server(settings), out var server))
            throw NoServer();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(options.Value.Patience);
        try
        {
            using var line = new TcpClient();
            await line.ConnectAsync(server.Host, server.Port, patience.Token);
            using var reader = new StreamReader(line.GetStream(), Encoding.ASCII);
            return await reader.ReadLineAsync(patience.Token) is { } greeting && greeting.StartsWith("220", StringComparison.Ordinal)
                ? greeting
                : throw new OutcomeException(new Outcome.Later($"The mail server {server.Host} does not greet as one."));
        }
        catch (Exception away) when (away is SocketException or IOException || (away is OperationCanceledException && !stop.IsCancellationRequested))
        {
            throw new OutcomeException(new Outcome.Later($"The mail server {server.Host} cannot be reached: {away.Message}"));
        }
    }

    internal static MailMessage Compose(Mail mail)
    {
        var message = new MailMessage
        {
            From = new MailAddress(mail.From, mail.FromName, Encoding.UTF8),
            Subject = mail.Subject,
            SubjectEncoding = Encoding.UTF8,
            HeadersEncoding = Encoding.UTF8,
        };
        message.To.Add(new MailAddress(mail.To));
        if (mail.ReplyTo is { } replyTo)
            message.ReplyToList.Add(new MailAddress(replyTo));
        message.Headers["Message-ID"] = mail.MessageId;
        // RFC 3834: keeps absence notes and the like from being answered to a machine.
        message.Headers["Auto-Submitted"] = "auto-generated";
        message.AlternateViews.Add(View(mail.Text, MediaTypeNames.Text.Plain));
        message.AlternateViews.Add(View(mail.Html, MediaTypeNames.Text.Html));
        message.Attachments.Add(new Attachment(new MemoryStream(mail.Pdf), mail.FileName, MediaTypeNames.Application.Pdf) { TransferEncoding = TransferEncoding.Base64 });
        return message;
    }

    private static AlternateView View(string content, string type)
    {
        var view = AlternateView.CreateAlternateViewFromString(content, Encoding.UTF8, type);
        view.TransferEncoding = TransferEncoding.QuotedPrintable;
        return view;
    }

    private SmtpClient Client(Connection connection)
    {
        var settings = connection.Settings<EmailSettings>();
        if (!SmtpServer.TryRead(Server(settings), out var server))
            throw NoServer();

        var client = new SmtpClient(server.Host, server.Port) { EnableSsl = settings.RequireTls };
        if (settings.UserName is { } user)
            client.Credentials = new NetworkCredential(user, connection.Secret(nameof(EmailSettings.Password)));
        return client;
    }

    private static OutcomeException NoServer() =>
        new(new Outcome.Refused("mail.noServer", "There is no mail server to send through.", "Enter one in Connections > E-mail > Server, then Retry."));

    // SmtpClient hides the phase, but not what broke: a status is the server's definite word, a bare socket error comes from connecting
    // only, and all else broke a connection that stood.
    private static Outcome OutcomeOf(SmtpException trouble, string recipient, string server) => (int)trouble.StatusCode switch
    {
        535 => new Outcome.Reconnect($"The mail server {server} does not take the user name and password. Enter them again in Connections > E-mail."),
        421 or 454 => new Outcome.Later($"The mail server {server} is not available at the moment: {trouble.Message}", WholeAccount: true),
        >= 400 and < 500 => new Outcome.Later($"The mail server {server} asks to try again later: {trouble.Message}"),
        >= 500 when trouble is SmtpFailedRecipientException => new Outcome.Refused(
            "mail.recipientRefused", $"The mail server {server} refused the address {recipient}: {trouble.Message}", "Correct the address, then Retry."),
        >= 500 => new Outcome.Refused(
            "mail.refused", $"The mail server {server} refused the mail to {recipient}: {trouble.Message}", "Check sender and server in Connections > E-mail, then Retry."),
        _ when trouble.InnerException is SocketException away => new Outcome.Later($"The mail server {server} cannot be reached: {away.Message}.", WholeAccount: true),
        _ => new Outcome.Ambiguous($"The connection to the mail server {server} broke; the mail may have gone out: {(trouble.InnerException ?? trouble).Message}"),
    };
}
