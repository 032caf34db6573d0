using OrderSync.Email.Rendering;

namespace OrderSync.Email.Sending;

/// <summary>A mail ready to go: everything but the server.</summary>
internal sealed record Mail
{
    public required string MessageId { get; init; }

    /// <summary>Message-ID of the mail that this one belongs to, so that mail programs show them together.</summary>
    public string? InReplyTo { get; init; }

    public required string From { get; init; }
    public required string FromName { get; init; }
    public string? ReplyTo { get; init; }
    public required string To { get; init; }
    public required string Subject { get; init; }
    public required string Text { get; init; }
    public required string Html { get; init; }

    /// <summary>The picture that the HTML names.</summary>
    public Logo? Logo { get; init; }

    /// <summary>What is attached; null for a mail that is only words.</summary>
    public Attachment? Pdf { get; init; }
}

/// <summary>A PDF that goes along.</summary>
internal sealed record Attachment(string FileName, byte[] Bytes);

/// <summary>What is noted of a mail that the server has taken.</summary>
internal sealed record Sent(string MessageId, string? PdfSha256);
