using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace OrderSync.Connectors.Tests.Email.Sending;

/// <summary>
/// An SMTP server that takes mail, or answers as told. A reply is found by the whole command, else by its first word ("connect" for the greeting, "end" for the
/// final dot); an empty reply drops the connection.
/// </summary>
internal sealed class ScriptedSmtp : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly X509Certificate2? certificate;
    private readonly bool encryptedFromTheStart;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentBag<Task> talks = [];
    private readonly Task serving;
    private int lines;

    public ScriptedSmtp(int port = 0, X509Certificate2? certificate = null, bool encryptedFromTheStart = false)
    {
        (this.certificate, this.encryptedFromTheStart) = (certificate, encryptedFromTheStart);
        listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        serving = ServeAsync();
    }

    public int Port { get; }

    public string Uri => $"smtp://127.0.0.1:{Port}";

    /// <summary>Connections so far.</summary>
    public int Lines => Volatile.Read(ref lines);

    public ConcurrentDictionary<string, string> Replies { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What the greeting offers beside the encryption.</summary>
    public IReadOnlyList<string> Offers { get; init; } = [];

    /// <summary>What was said before each mail, with what came encrypted in brackets.</summary>
    public ConcurrentQueue<string> Said { get; } = [];

    /// <summary>Mails as they came over the line, taken or not.</summary>
    public List<string> Received { get; } = [];

    /// <summary>Runs between the final dot and the reply to it.</summary>
    public Func<Task> BeforeEnd { get; set; } = () => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await serving;
        await Task.WhenAll(talks);
        stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
                talks.Add(ServeAsync(await listener.AcceptTcpClientAsync(stop.Token)));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var line = client;
        Interlocked.Increment(ref lines);
        try
        {
            Stream stream = client.GetStream();
            if (encryptedFromTheStart)
                stream = await EncryptAsync(stream);
            await TalkAsync(stream, encryptedFromTheStart);
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException or System.Security.Authentication.AuthenticationException)
        {
            // The client has gone, or the test is over.
        }
    }

    private async Task TalkAsync(Stream line, bool encrypted)
    {
        using var reader = new StreamReader(line, Encoding.Latin1, false, 4096, leaveOpen: true);
        if (!encrypted || encryptedFromTheStart)
            if (!await SayAsync(line, "connect", "220 ready"))
                return;
        while (await reader.ReadLineAsync(stop.Token) is { } command)
        {
            Said.Enqueue(encrypted ? $"[{command}]" : command);
            var word = command.Split(' ', ':')[0].ToUpperInvariant();
            if (word == "STARTTLS" && certificate is not null && !Replies.ContainsKey(word))
            {
                await SayAsync(line, word, "220 go ahead");
                await TalkAsync(await EncryptAsync(line), encrypted: true);
                return;
            }

            if (!await SayAsync(line, Replies.ContainsKey(command) ? command : word, Usual(word, encrypted)))
                return;
            if (word == "DATA" && !Replies.ContainsKey(word) && !await TakeAsync(line, reader))
                return;
        }
    }

    private async Task<bool> TakeAsync(Stream line, StreamReader reader)
    {
        var mail = new StringBuilder();
        while (true)
        {
            if (await reader.ReadLineAsync(stop.Token) is not { } text)
                return false;
            if (text == ".")
                break;
            mail.AppendLine(text.StartsWith('.') ? text[1..] : text);
        }

        lock (Received)
            Received.Add(mail.ToString());
        await BeforeEnd();
        return await SayAsync(line, "end", "250 taken");
    }

    private string Usual(string word, bool encrypted) => word switch
    {
        "EHLO" => string.Concat(Offers.Concat(certificate is not null && !encrypted ? ["STARTTLS"] : []).Prepend("here").Select(offer => $"250-{offer}\r\n")) + "250 HELP",
        "AUTH" => "235 welcome",
        "DATA" => "354 go on",
        "QUIT" => "221 bye",
        _ => "250 ok",
    };

    private async Task<Stream> EncryptAsync(Stream line)
    {
        var tls = new SslStream(line);
        await tls.AuthenticateAsServerAsync(certificate!);
        return tls;
    }

    private async Task<bool> SayAsync(Stream line, string word, string usual)
    {
        var reply = Replies.GetValueOrDefault(word, usual);
        if (reply.Length == 0)
            return false;
        await line.WriteAsync(Encoding.ASCII.GetBytes(reply + "\r\n"), stop.Token);
        return true;
    }
}
