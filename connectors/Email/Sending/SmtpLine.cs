using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace OrderSync.Email.Sending;

/// <summary>Where in the talk with a mail server something happened.</summary>
internal enum SmtpPhase
{
    Connect,
    Encrypt,
    LogIn,
    Sender,
    Recipient,
    Content,
}

/// <summary>How a line is opened: lines are used again for mails that want the same.</summary>
internal sealed record SmtpWay(SmtpServer Server, bool Encrypted, string? User, string? Password);

/// <summary>The server said no.</summary>
internal sealed class SmtpNoException(SmtpPhase phase, SmtpReply reply) : Exception(reply.ToString())
{
    public SmtpPhase Phase { get; } = phase;

    public SmtpReply Reply { get; } = reply;
}

/// <summary>One connection to a mail server, open for any number of mails, one after the other (RFC 5321).</summary>
internal sealed class SmtpLine : IAsyncDisposable
{
    private const int Greeting = 220;
    private const int Ok = 250;
    private const int GoOn = 354;
    private readonly TcpClient tcp;
    private SmtpReader reader;
    private Stream stream;
    private IReadOnlyList<string> offers = [];
    private bool encrypted;

    private SmtpLine(TcpClient tcp) => (this.tcp, stream, reader) = (tcp, tcp.GetStream(), new SmtpReader(tcp.GetStream()));

    /// <summary>What the server said first.</summary>
    public string Welcome { get; private set; } = "";

    /// <summary>Mails that went over it.</summary>
    public int Sent { get; private set; }

    /// <summary>Whether the server has taken the sender of the present mail: before that nothing of it was said.</summary>
    public bool Begun { get; private set; }

    /// <summary>Whether the final dot of the present mail may have left: from then on the server may take it.</summary>
    public bool HandedOver { get; private set; }

    /// <exception cref="SmtpNoException">The server does not want us.</exception>
    /// <exception cref="IOException">The line broke.</exception>
    public static async Task<SmtpLine> OpenAsync(SmtpWay way, string helloName, X509Certificate2Collection? authorities, CancellationToken stop)
    {
        var tcp = new TcpClient { NoDelay = true };
        SmtpLine? line = null;
        try
        {
            await tcp.ConnectAsync(way.Server.Host, way.Server.Port, stop);
            line = new SmtpLine(tcp);
            if (way.Server.Tls)
                await line.EncryptAsync(way.Server.Host, authorities, stop);
            var welcome = await line.ExpectAsync(SmtpPhase.Connect, Greeting, stop);
            line.Welcome = welcome.ToString();
            await line.HelloAsync(helloName, stop);
            if (way.Encrypted && !line.encrypted)
            {
                await line.SayAsync("STARTTLS", stop);
                await line.ExpectAsync(SmtpPhase.Encrypt, Greeting, stop);
                await line.EncryptAsync(way.Server.Host, authorities, stop);
                await line.HelloAsync(helloName, stop);
            }

            if (way.User is { } user)
                await line.LogInAsync(user, way.Password ?? "", stop);
            return line;
        }
        catch
        {
            if (line is null)
                tcp.Dispose();
            else
                line.Drop();
            throw;
        }
    }

    /// <summary>Hands one mail over; returns when the server has taken it.</summary>
    /// <exception cref="SmtpNoException">It has not.</exception>
    /// <exception cref="IOException">The line broke; <see cref="HandedOver"/> says whether it may have been taken.</exception>
    public async Task SendAsync(string from, string to, byte[] mail, CancellationToken stop)
    {
        (Begun, HandedOver) = (false, false);
        var international = !Ascii.IsValid(from) || !Ascii.IsValid(to);
        if (international && !Offers("SMTPUTF8"))
            throw new SmtpNoException(SmtpPhase.Recipient, new SmtpReply(553, "5.6.7", "the server takes no addresses with letters outside of ASCII"));
        var size = Offers("SIZE") ? $" SIZE={mail.Length}" : "";
        await SayAsync($"MAIL FROM:<{from}>{size}{(international ? " SMTPUTF8" : "")}", stop);
        await ExpectAsync(SmtpPhase.Sender, Ok, stop);
        Begun = true;
        await SayAsync($"RCPT TO:<{to}>", stop);
        await ExpectAsync(SmtpPhase.Recipient, Ok, stop);
        await SayAsync("DATA", stop);
        await ExpectAsync(SmtpPhase.Content, GoOn, stop);
        await stream.WriteAsync(Stuffed(mail), stop);
        await stream.FlushAsync(stop);
        HandedOver = true;
        await SayAsync(".", stop);
        await ExpectAsync(SmtpPhase.Content, Ok, stop);
        Sent++;
    }

    /// <summary>Takes leave; a server that does not answer is left all the same.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await SayAsync("QUIT", patience.Token);
            await reader.ReadAsync(patience.Token);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Leaving is a courtesy; the connection is closed below.
        }

        Drop();
    }

    /// <summary>Closes at once, for a line that broke.</summary>
    public void Drop()
    {
        stream.Dispose();
        tcp.Dispose();
    }

    private async Task HelloAsync(string name, CancellationToken stop)
    {
        await SayAsync($"EHLO {name}", stop);
        offers = (await ExpectAsync(SmtpPhase.Connect, Ok, stop)).Lines.Skip(1).ToList();
    }

    private async Task EncryptAsync(string host, X509Certificate2Collection? authorities, CancellationToken stop)
    {
        // What came before the encryption was not said by whom the certificate names.
        if (reader.HasMore)
            throw new IOException("The mail server spoke on before the line was encrypted.");
        var tls = new SslStream(stream, leaveInnerStreamOpen: false);
        stream = tls;
        var options = new SslClientAuthenticationOptions { TargetHost = host };
        if (authorities is not null)
        {
            options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        await tls.AuthenticateAsClientAsync(options, stop);
        encrypted = true;
        reader = new SmtpReader(tls);
    }

    private async Task LogInAsync(string user, string password, CancellationToken stop)
    {
        if (!encrypted)
            throw new InvalidOperationException("A password never goes over a line that is not encrypted.");
        const int Welcome = 235;
        const int Further = 334;
        var ways = offers.FirstOrDefault(offer => offer.StartsWith("AUTH ", StringComparison.OrdinalIgnoreCase))?.ToUpperInvariant().Split(' ') ?? [];
        if (ways.Contains("PLAIN"))
        {
            await SayAsync($"AUTH PLAIN {Base64($"\0{user}\0{password}")}", stop);
        }
        else
        {
            await SayAsync("AUTH LOGIN", stop);
            await ExpectAsync(SmtpPhase.LogIn, Further, stop);
            await SayAsync(Base64(user), stop);
            await ExpectAsync(SmtpPhase.LogIn, Further, stop);
            await SayAsync(Base64(password), stop);
        }

        await ExpectAsync(SmtpPhase.LogIn, Welcome, stop);
    }

    private bool Offers(string word) => offers.Any(offer => offer.Equals(word, StringComparison.OrdinalIgnoreCase) || offer.StartsWith(word + " ", StringComparison.OrdinalIgnoreCase));

    private async Task SayAsync(string command, CancellationToken stop)
    {
        // An address with a line break in it would be a second command.
        if (command.AsSpan().IndexOfAny('\r', '\n') >= 0)
            throw new InvalidOperationException("A command is one line.");
        await stream.WriteAsync(Encoding.UTF8.GetBytes(command + "\r\n"), stop);
        await stream.FlushAsync(stop);
    }

    private async Task<SmtpReply> ExpectAsync(SmtpPhase phase, int code, CancellationToken stop)
    {
        var reply = await reader.ReadAsync(stop);
        return reply.Code == code || code == Ok && reply.Code == 251 ? reply : throw new SmtpNoException(phase, reply);
    }

    // A line that is only a dot would end the mail. What is sent ends with a line end, as Mime writes it.
    private static byte[] Stuffed(byte[] mail)
    {
        var stuffed = new MemoryStream(mail.Length + 64);
        var lineStart = true;
        foreach (var b in mail)
        {
            if (lineStart && b == '.')
                stuffed.WriteByte(b);
            stuffed.WriteByte(b);
            lineStart = b == '\n';
        }

        return stuffed.ToArray();
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
