using System.Net.Sockets;
using System.Security.Authentication;
using OrderSync.Framework;

namespace OrderSync.Email.Sending;

/// <summary>What a mail server's answer, or its silence, means for a mail, in words for people who have never read RFC 3463.</summary>
internal static class SmtpOutcomes
{
    /// <summary>The line could not be opened: nothing was sent.</summary>
    public static Outcome OfOpening(Exception trouble, string host) => trouble switch
    {
        SmtpNoException { Phase: SmtpPhase.LogIn, Reply: { Code: >= 500 } no } => new Outcome.Reconnect(
            $"The mail server {host} does not take the user name and password: {no.Words}. Enter them again in Connections > E-mail."),
        SmtpNoException { Phase: SmtpPhase.Encrypt, Reply: var no } => new Outcome.Later(
            $"The mail server {host} does not encrypt the connection (STARTTLS): {no.Words}. Check server and port in Connections > E-mail.", WholeAccount: true),
        SmtpNoException { Reply: var no } => new Outcome.Later($"The mail server {host} is not available at the moment: {no}", WholeAccount: true),
        AuthenticationException => new Outcome.Later(
            $"The mail server {host} shows a certificate that is not trusted: {(trouble.InnerException ?? trouble).Message} Check the server's name in Connections > E-mail, or its certificate.", WholeAccount: true),
        SocketException away => new Outcome.Later($"The mail server {host} cannot be reached: {away.Message}.", WholeAccount: true),
        OperationCanceledException => new Outcome.Later($"The mail server {host} cannot be reached: it does not answer.", WholeAccount: true),
        _ => new Outcome.Later($"The mail server {host} cannot be reached: {trouble.Message}", WholeAccount: true),
    };

    /// <summary>The line stood, and the mail was not taken, or may not have been.</summary>
    public static Outcome Of(Exception trouble, bool handedOver, string recipient, string host) => trouble switch
    {
        SmtpNoException { Reply: { Code: 421 or 454 } no } => new Outcome.Later($"The mail server {host} is not available at the moment: {no}", WholeAccount: true),
        SmtpNoException { Reply: { Code: 530 or 535 } no } => new Outcome.Reconnect($"The mail server {host} wants another user name and password: {no.Words}. Enter them in Connections > E-mail."),
        SmtpNoException { Reply: { Code: < 500 } no } => new Outcome.Later($"The mail server {host} asks to try again later: {no}"),
        SmtpNoException { Phase: SmtpPhase.Recipient, Reply: var no } => new Outcome.Refused(
            "mail.recipientRefused", $"The mail to {recipient} cannot be delivered: {Meaning(no, "the server does not take this address")}. {Said(host, no)}", "Correct the address, then Retry."),
        SmtpNoException { Reply: { Code: 552 } or { Enhanced: "5.3.4" or "5.2.3" } } large => new Outcome.Refused(
            "mail.tooLarge", $"The mail to {recipient} is larger than the mail server takes. {Said(host, ((SmtpNoException)large).Reply)}", "Ask who runs the mail server to raise its limit, then Retry."),
        SmtpNoException { Reply: var no } => new Outcome.Refused(
            "mail.refused", $"The mail to {recipient} was refused: {Meaning(no, "the server does not take it")}. {Said(host, no)}", "Check sender and server in Connections > E-mail, then Retry."),
        _ when !handedOver => new Outcome.Later($"The connection to the mail server {host} broke before the mail was handed over: {Why(trouble)}"),
        OperationCanceledException => new Outcome.Ambiguous($"The mail server {host} did not answer in time; the mail may have gone out."),
        _ => new Outcome.Ambiguous($"The connection to the mail server {host} broke; the mail may have gone out: {Why(trouble)}"),
    };

    private static string Said(string host, SmtpReply reply) => $"The mail server {host} said: \"{reply}\".";

    private static string Why(Exception trouble) => trouble is OperationCanceledException ? "it did not answer in time." : trouble.Message;

    // The classes of RFC 3463 that servers use.
    private static string Meaning(SmtpReply reply, string otherwise) => reply.Enhanced switch
    {
        "5.1.1" or "5.1.10" or "5.4.1" => "there is no such mailbox",
        "5.1.2" or "5.4.4" => "the part of the address behind the @ does not exist or takes no mail",
        "5.1.3" => "the address is not written as addresses are",
        "5.1.6" => "the mailbox has moved",
        "5.1.7" or "5.1.8" => "our sender's address is not accepted",
        "5.2.1" => "the mailbox is switched off",
        "5.2.2" => "the mailbox is full",
        "5.6.7" => "the address has letters that the mail server cannot handle",
        { } policy when policy.StartsWith("5.7.", StringComparison.Ordinal) => "the server's rules forbid it, often because it takes us for a sender of spam",
        _ => otherwise,
    };
}
