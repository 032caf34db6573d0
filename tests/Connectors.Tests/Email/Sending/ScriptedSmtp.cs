using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrderSync.Connectors.Tests.Email.Sending;

/// <summary>
/// An SMTP server that takes mail, or answers as told. A reply is found by the command's first word ("connect" for the greeting, "end" for the
/// final dot); an empty reply drops the connection.
/// </summary>
internal sealed class ScriptedSmtp : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly CancellationTokenSource stop = new();
    private readonly Task serving;

    public ScriptedSmtp(int port = 0)
    {
        listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        serving = ServeAsync();
    }

    public int Port { get; }

    public string Uri => $"smtp://127.0.0.1:{Port}";

    public Dictionary<string, string> Replies { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Mails as they came over the line, taken or not.</summary>
    public List<string> Received { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await serving;
        stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync(stop.Token);
                await TalkAsync(client.GetStream());
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or IOException)
            {
                // The client has gone, or the test is over.
            }
        }
    }

    private async Task TalkAsync(NetworkStream line)
    {
        using var reader = new StreamReader(line, Encoding.Latin1);
        if (!await SayAsync(line, "connect", "220 ready"))
            return;
        while (await reader.ReadLineAsync(stop.Token) is { } command)
        {
            var word = command.Split(' ', ':')[0];
            if (!await SayAsync(line, word, word.Equals("DATA", StringComparison.OrdinalIgnoreCase) ? "354 go on" : "250 ok"))
                return;
            if (word.Equals("DATA", StringComparison.OrdinalIgnoreCase) && !Replies.ContainsKey(word))
            {
                var mail = new StringBuilder();
                while (await reader.ReadLineAsync(stop.Token) is { } text && text != ".")
                    mail.AppendLine(text.StartsWith('.') ? text[1..] : text);
                lock (Received)
                    Received.Add(mail.ToString());
                if (!await SayAsync(line, "end", "250 taken"))
                    return;
            }
        }
    }

    private async Task<bool> SayAsync(NetworkStream line, string word, string usual)
    {
        var reply = Replies.GetValueOrDefault(word, usual);
        if (reply.Length == 0)
            return false;
        await line.WriteAsync(Encoding.ASCII.GetBytes(reply + "\r\n"), stop.Token);
        return true;
    }
}
