using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Options;
using OrderSync.Framework;

namespace OrderSync.Email.Sending;

/// <summary>Hands one mail for one recipient to an SMTP server and says in outcomes what became of it.</summary>
internal sealed class Mailer(IOptions<SmtpOptions> options, SmtpLines lines, TimeProvider time)
{
    /// <summary>Returns once the server has taken the mail.</summary>
    /// <exception cref="OutcomeException">It has not: refused, later or reconnect; ambiguous when the line broke after the final dot had left.</exception>
    public async Task SendAsync(Mail mail, Connection connection, CancellationToken stop)
    {
        var way = WayOf(connection);
        var bytes = Mime.Write(mail, time.GetUtcNow());
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(options.Value.Patience);
        // A line that has waited may have been closed by the server meanwhile: that costs nothing but opening another.
        if (lines.TakeIdle(way) is { } kept && await OverAsync(kept, waited: true))
            return;
        await OverAsync(await OpenAsync(way, patience.Token, stop), waited: false);

        async Task<bool> OverAsync(SmtpLine line, bool waited)
        {
            try
            {
                await line.SendAsync(Mime.AddressOf(mail.From), Mime.AddressOf(mail.To), bytes, patience.Token);
            }
            catch (Exception closed) when (waited && !line.Begun && (closed is IOException or SmtpNoException { Reply.Code: 421 }))
            {
                line.Drop();
                return false;
            }
            catch (Exception trouble) when (trouble is SmtpNoException or IOException or OperationCanceledException && !stop.IsCancellationRequested)
            {
                line.Drop();
                throw new OutcomeException(SmtpOutcomes.Of(trouble, line.HandedOver, mail.To, way.Server.Host), trouble);
            }
            catch
            {
                line.Drop();
                throw;
            }

            await lines.GiveBackAsync(way, line);
            return true;
        }
    }

    /// <summary>The server that a connection's mail goes through, as text.</summary>
    public string Server(EmailSettings settings) => settings.Server ?? options.Value.Server ?? "";

    /// <summary>Opens a line as a mail would, log-in included, and returns what the server says first.</summary>
    /// <exception cref="OutcomeException">There is none, or it does not want us.</exception>
    public async Task<string> GreetAsync(Connection connection, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(options.Value.Patience);
        await using var line = await OpenAsync(WayOf(connection), patience.Token, stop);
        return line.Welcome;
    }

    private async Task<SmtpLine> OpenAsync(SmtpWay way, CancellationToken patience, CancellationToken stop)
    {
        try
        {
            return await lines.OpenAsync(way, patience);
        }
        catch (Exception trouble) when (trouble is SmtpNoException or IOException or SocketException or AuthenticationException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            throw new OutcomeException(SmtpOutcomes.OfOpening(trouble, way.Server.Host), trouble);
        }
    }

    private SmtpWay WayOf(Connection connection)
    {
        var settings = connection.Settings<EmailSettings>();
        return SmtpServer.TryRead(Server(settings), out var server)
            ? new SmtpWay(server, settings.RequireTls || server.Tls, settings.UserName, settings.UserName is null ? null : connection.Secret(nameof(EmailSettings.Password)))
            : throw new OutcomeException(new Outcome.Refused("mail.noServer", "There is no mail server to send through.", "Enter one in Connections > E-mail > Server, then Retry."));
    }
}
