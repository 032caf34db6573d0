using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrderSync.Email.Sending;

/// <summary>A mail server as smtp://host:port, or smtps://host:port where all is encrypted from the first byte.</summary>
internal sealed record SmtpServer(string Host, int Port, bool Tls)
{
    private const int DefaultPort = 25;
    private const int DefaultTlsPort = 465;

    public static bool TryRead(string? text, [NotNullWhen(true)] out SmtpServer? server)
    {
        server = Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Scheme: "smtp" or "smtps", Host.Length: > 0, UserInfo: "", PathAndQuery: "/" or "" }
            ? new SmtpServer(uri.IdnHost, uri.Port > 0 ? uri.Port : uri.Scheme == "smtps" ? DefaultTlsPort : DefaultPort, uri.Scheme == "smtps")
            : null;
        return server is not null;
    }
}

/// <summary>Settings of this installation's mail server, section <c>Smtp</c>.</summary>
internal sealed class SmtpOptions
{
    public const string Section = "Smtp";

    /// <summary>smtp://host:port or smtps://host:port, for connections that name no server of their own.</summary>
    public string? Server { get; set; }

    /// <summary>Longest time one mail may take.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>File with further certificate authorities (PEM), for mail servers inside the house.</summary>
    public string? Authorities { get; set; }

    /// <summary>Name by which we greet; unset = the machine's.</summary>
    public string? HelloName { get; set; }

    /// <summary>Null when good.</summary>
    public string? WhyNot() =>
        Server is not null && !SmtpServer.TryRead(Server, out _) ? "Server is not of the form smtp://host:port"
        : Authorities is not null && !File.Exists(Authorities) ? $"Authorities: there is no file {Authorities}"
        : null;

    /// <summary>The certificate authorities of <see cref="Authorities"/>; null = those of the machine.</summary>
    /// <exception cref="CryptographicException">The file holds none.</exception>
    public X509Certificate2Collection? ReadAuthorities()
    {
        if (Authorities is null)
            return null;
        var read = new X509Certificate2Collection();
        read.ImportFromPemFile(Authorities);
        return read;
    }
}
