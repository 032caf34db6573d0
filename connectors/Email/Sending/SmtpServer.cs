using System.Diagnostics.CodeAnalysis;

namespace OrderSync.Email.Sending;

/// <summary>A mail server as smtp://host:port.</summary>
internal sealed record SmtpServer(string Host, int Port)
{
    private const int DefaultPort = 25;

    public static bool TryRead(string? text, [NotNullWhen(true)] out SmtpServer? server)
    {
        server = Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Scheme: "smtp", Host.Length: > 0, UserInfo: "" }
            ? new SmtpServer(uri.IdnHost, uri.IsDefaultPort || uri.Port < 0 ? DefaultPort : uri.Port)
            : null;
        return server is not null;
    }
}

/// <summary>Settings of this installation's mail server, section <c>Smtp</c>.</summary>
internal sealed class SmtpOptions
{
    public const string Section = "Smtp";

    /// <summary>smtp://host:port, for connections that name no server of their own.</summary>
    public string? Server { get; set; }

    /// <summary>Longest time one mail may take.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Null when good.</summary>
    public string? WhyNot() => Server is null || SmtpServer.TryRead(Server, out _) ? null : "Server is not of the form smtp://host:port";
}
