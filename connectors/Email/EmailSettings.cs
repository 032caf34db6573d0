using System.ComponentModel.DataAnnotations;
using System.Net.Mail;
using OrderSync.Framework;

namespace OrderSync.Email;

/// <summary>Who sends a company's mail, through which server, and who gets it.</summary>
public sealed record EmailSettings : ConnectionSettings
{
    /// <summary>One ledger for all mail of a company: whatever else changes here, nobody gets a mail a second time.</summary>
    public override string Account => "mail";

    /// <summary>Address the mail comes from; required.</summary>
    [Required]
    public string From { get; init; } = "";

    /// <summary>Name shown as the sender and as the head of the document; required.</summary>
    [Required]
    public string FromName { get; init; } = "";

    /// <summary>Lines under the company's name on the document, such as street, town and telephone.</summary>
    public IReadOnlyList<string> LetterheadLines { get; init; } = [];

    /// <summary>Where answers go; null = to the sender.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>Addresses inside the company that get each confirmation.</summary>
    public IReadOnlyList<string> Internal { get; init; } = [];

    /// <summary>Whether the customer gets the confirmation.</summary>
    public bool SendToCustomer { get; init; } = true;

    /// <summary>Whether the rep gets a copy once the order is stored.</summary>
    public bool SendToRep { get; init; } = true;

    /// <summary>Language of documents and mails: "en" or "de".</summary>
    public string Language { get; init; } = "en";

    /// <summary>Mail server as smtp://host:port; null = the one of this installation (Smtp__Server).</summary>
    public string? Server { get; init; }

    /// <summary>Whether the connection must be encrypted (STARTTLS).</summary>
    public bool RequireTls { get; init; }

    /// <summary>User at the mail server; null = it asks for none.</summary>
    public string? UserName { get; init; }

    /// <summary>Password at the mail server, with <see cref="UserName"/>.</summary>
    [Secret]
    public string? Password { get; init; }

    /// <inheritdoc />
    public override string? WhyNot()
    {
        if (!MailAddress.TryCreate(From, out _))
            return "From is not an e-mail address. Enter the address that confirmations come from.";
        if (string.IsNullOrWhiteSpace(FromName))
            return "FromName is missing. Enter the company's name as customers know it.";
        if (ReplyTo is not null && !MailAddress.TryCreate(ReplyTo, out _))
            return "ReplyTo is not an e-mail address. Enter one, or leave it out.";
        if (Internal.FirstOrDefault(address => !MailAddress.TryCreate(address, out _)) is { } wrong)
            return $"Internal has \"{wrong}\", which is not an e-mail address. Correct it or take it out.";
        if (Language is not ("en" or "de"))
            return $"Language \"{Language}\" is not known. Choose en or de.";
        if (Server is not null && !Sending.SmtpServer.TryRead(Server, out _))
            return "Server is not of the form smtp://host:port. Enter it like smtp://mail.example.com:587.";
        return UserName is not null && !RequireTls
            ? "RequireTls is off, but there is a UserName: the password would travel in the clear. Switch RequireTls on."
            : null;
    }
}
