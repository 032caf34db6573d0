using System.ComponentModel.DataAnnotations;
using OrderSync.Contracts.Records;
using OrderSync.Email.Rendering;
using OrderSync.Email.Sending;
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

    /// <summary>Addresses inside the company that get what the lists below send to "internal".</summary>
    public IReadOnlyList<string> Internal { get; init; } = [];

    /// <summary>Who is told about an order: any of "customer", "internal" and "rep".</summary>
    public IReadOnlyList<string> OrdersTo { get; init; } = ["customer", "internal", "rep"];

    /// <summary>Who is told about a quote: any of "customer", "internal" and "rep".</summary>
    public IReadOnlyList<string> QuotesTo { get; init; } = ["customer", "internal", "rep"];

    /// <summary>Who is told about a sale: any of "customer", "internal" and "rep".</summary>
    public IReadOnlyList<string> SalesTo { get; init; } = ["customer", "internal", "rep"];

    /// <summary>Who is told about a receipt: any of "customer", "internal" and "rep".</summary>
    public IReadOnlyList<string> ReceiptsTo { get; init; } = ["customer", "internal", "rep"];

    /// <summary>Language of documents and mails: "en" or "de".</summary>
    public string Language { get; init; } = "en";

    /// <summary>Days that a quote is good for where the device names no last day.</summary>
    [Range(1, 3650)]
    public int QuoteDays { get; init; } = 30;

    /// <summary>Standing words at the end of each document, such as terms of business.</summary>
    public string? Terms { get; init; }

    /// <summary>The company's picture in place of its name: "data:image/png;base64,…", PNG, JPEG or GIF of at most 100 kB.</summary>
    public string? Logo { get; init; }

    /// <summary>Colour of headings and rules, such as "#14395b".</summary>
    public string Color { get; init; } = "#14395b";

    /// <summary>Style rules (CSS) beside the standard ones; they load nothing.</summary>
    public string? Style { get; init; }

    /// <summary>The company's own template for orders; null = the standard one. Look at it first with "preview".</summary>
    public string? OrderTemplate { get; init; }

    /// <summary>The company's own template for quotes; null = the standard one.</summary>
    public string? QuoteTemplate { get; init; }

    /// <summary>The company's own template for sales; null = the standard one.</summary>
    public string? SaleTemplate { get; init; }

    /// <summary>The company's own template for receipts; null = the standard one.</summary>
    public string? ReceiptTemplate { get; init; }

    /// <summary>Subject of mails about orders, such as "Your order {{number}}"; null = the standard one.</summary>
    public string? OrderSubject { get; init; }

    /// <summary>Subject of mails about quotes; null = the standard one.</summary>
    public string? QuoteSubject { get; init; }

    /// <summary>Subject of mails about sales; null = the standard one.</summary>
    public string? SaleSubject { get; init; }

    /// <summary>Subject of mails about receipts; null = the standard one.</summary>
    public string? ReceiptSubject { get; init; }

    /// <summary>Mail server as smtp://host:port, or smtps://host:port where all is encrypted from the start; null = the one of this installation (Smtp__Server).</summary>
    public string? Server { get; init; }

    /// <summary>Whether the connection must be encrypted (STARTTLS, unless the server is an smtps:// one).</summary>
    public bool RequireTls { get; init; }

    /// <summary>User at the mail server; null = it asks for none.</summary>
    public string? UserName { get; init; }

    /// <summary>Password at the mail server, with <see cref="UserName"/>.</summary>
    [Secret]
    public string? Password { get; init; }

    /// <inheritdoc />
    public override string? WhyNot()
    {
        if (!Mime.IsAddress(From))
            return "From is not an e-mail address. Enter the address that confirmations come from.";
        if (string.IsNullOrWhiteSpace(FromName))
            return "FromName is missing. Enter the company's name as customers know it.";
        if (ReplyTo is not null && !Mime.IsAddress(ReplyTo))
            return "ReplyTo is not an e-mail address. Enter one, or leave it out.";
        if (Internal.FirstOrDefault(address => Recipients.Addresses(address).Any(one => !Mime.IsAddress(one))) is { } wrong)
            return $"Internal has \"{wrong}\", which is not an e-mail address. Correct it or take it out.";
        if (Language is not ("en" or "de"))
            return $"Language \"{Language}\" is not known. Choose en or de.";
        if (Server is not null && !SmtpServer.TryRead(Server, out _))
            return "Server is not of the form smtp://host:port. Enter it like smtp://mail.example.com:587 or smtps://mail.example.com:465.";
        if (UserName is not null && !RequireTls && !(SmtpServer.TryRead(Server, out var server) && server.Tls))
            return "RequireTls is off, but there is a UserName: the password would travel in the clear. Switch RequireTls on.";
        return WhyNotRecipients() ?? LookCheck.WhyNot(this);
    }

    /// <summary>Who is told about a kind of record.</summary>
    internal IReadOnlyList<string> ToldAbout(string kind) => kind switch { Kinds.Order => OrdersTo, Kinds.Quote => QuotesTo, Kinds.Sale => SalesTo, Kinds.Receipt => ReceiptsTo, _ => [] };

    /// <summary>The company's own template for a kind; null = the standard one.</summary>
    internal string? TemplateOf(string kind) => kind switch { Kinds.Quote => QuoteTemplate, Kinds.Sale => SaleTemplate, Kinds.Receipt => ReceiptTemplate, _ => OrderTemplate };

    /// <summary>The company's own subject for a kind; null = the standard one.</summary>
    internal string? SubjectOf(string kind) => kind switch { Kinds.Quote => QuoteSubject, Kinds.Sale => SaleSubject, Kinds.Receipt => ReceiptSubject, _ => OrderSubject };

    private string? WhyNotRecipients()
    {
        foreach (var (name, told) in new[] { (nameof(OrdersTo), OrdersTo), (nameof(QuotesTo), QuotesTo), (nameof(SalesTo), SalesTo), (nameof(ReceiptsTo), ReceiptsTo) })
            if (told.FirstOrDefault(who => who is not (Recipients.Customer or Recipients.Inside or Recipients.Rep)) is { } wrong)
                return $"{name} has \"{wrong}\". It can have customer, internal and rep.";
        return null;
    }
}
