using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using OrderSync.Email;
using OrderSync.Email.Sending;
using OrderSync.Framework;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Email.Sending;

/// <summary>Encryption, log-in and lines that stay open.</summary>
public sealed class SmtpLineTests : IDisposable
{
    private static readonly Mail Letter = new()
    {
        MessageId = "<1@x.ordersync>", From = "orders@northwind.example", FromName = "Northwind", To = "buyer@customer.example",
        Subject = "Order confirmation SO-1", Text = "One sentence.", Html = "<p>One sentence.</p>", Pdf = new("SO-1.pdf", [37, 80, 68, 70]),
    };

    private readonly X509Certificate2 certificate = NewCertificate();
    private readonly string authorities = Path.Combine(Path.GetTempPath(), $"authorities-{Guid.NewGuid():N}.pem");

    public SmtpLineTests() => File.WriteAllText(authorities, certificate.ExportCertificatePem());

    public void Dispose()
    {
        File.Delete(authorities);
        certificate.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task User_password_and_mail_only_go_over_an_encrypted_line(bool fromTheStart)
    {
        await using var server = new ScriptedSmtp(certificate: certificate, encryptedFromTheStart: fromTheStart) { Offers = ["AUTH PLAIN LOGIN", "SIZE 1000000"] };
        await using var lines = new SmtpLines(Trusting(), TimeProvider.System);

        await MailerOf(lines).SendAsync(Letter, Login(fromTheStart ? $"smtps://localhost:{server.Port}" : $"smtp://localhost:{server.Port}"), default);

        Assert.Single(server.Received);
        Assert.Contains($"[AUTH PLAIN {Convert.ToBase64String("\0ada\0s3cret"u8)}]", server.Said);
        Assert.All(server.Said.Where(said => !said.StartsWith('[')), said => Assert.True(said.StartsWith("EHLO", StringComparison.Ordinal) || said == "STARTTLS", said));
    }

    [Fact]
    public async Task A_server_that_knows_only_the_older_log_in_gets_it()
    {
        await using var server = new ScriptedSmtp(certificate: certificate) { Offers = ["AUTH LOGIN"], Replies = { ["AUTH"] = "334 VXNlcm5hbWU6", [Base64("ada")] = "334 UGFzc3dvcmQ6", [Base64("s3cret")] = "235 welcome" } };
        await using var lines = new SmtpLines(Trusting(), TimeProvider.System);

        await MailerOf(lines).SendAsync(Letter, Login($"smtp://localhost:{server.Port}"), default);

        Assert.Single(server.Received);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_sends_nothing_and_says_so()
    {
        await using var server = new ScriptedSmtp(certificate: certificate) { Offers = ["AUTH PLAIN"] };
        await using var lines = new SmtpLines(Options.Create(new SmtpOptions()), TimeProvider.System);

        var later = Assert.IsType<Outcome.Later>(await OutcomeAsync(lines, $"smtp://localhost:{server.Port}"));

        Assert.Contains("certificate", later.Reason);
        Assert.True(later.WholeAccount);
        Assert.DoesNotContain(server.Said, said => said.Contains("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_does_not_encrypt_gets_no_password()
    {
        await using var server = new ScriptedSmtp { Offers = ["AUTH PLAIN"], Replies = { ["STARTTLS"] = "502 not here" } };
        await using var lines = new SmtpLines(Trusting(), TimeProvider.System);

        var later = Assert.IsType<Outcome.Later>(await OutcomeAsync(lines, server.Uri));

        Assert.Contains("does not encrypt", later.Reason);
        Assert.DoesNotContain(server.Said, said => said.Contains("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_password_that_is_refused_asks_for_another()
    {
        await using var server = new ScriptedSmtp(certificate: certificate) { Offers = ["AUTH PLAIN"], Replies = { ["AUTH"] = "535 5.7.8 authentication failed" } };
        await using var lines = new SmtpLines(Trusting(), TimeProvider.System);

        Assert.IsType<Outcome.Reconnect>(await OutcomeAsync(lines, $"smtp://localhost:{server.Port}"));
    }

    [Fact]
    public async Task Many_mails_go_over_one_line_and_a_hundred_are_its_share()
    {
        await using var server = new ScriptedSmtp();
        await using var lines = new SmtpLines(Trusting(), TimeProvider.System);
        var mailer = MailerOf(lines);

        for (var i = 0; i < 105; i++)
            await mailer.SendAsync(Letter, Plain(server.Uri), default);

        Assert.Equal(105, server.Received.Count);
        Assert.Equal(2, server.Lines);
    }

    [Fact]
    public async Task A_waiting_line_that_the_server_closed_costs_no_mail_and_no_second_one()
    {
        var server = new ScriptedSmtp();
        await using var lines = new SmtpLines(Trusting(), TimeProvider.System);
        var mailer = MailerOf(lines);
        await mailer.SendAsync(Letter, Plain(server.Uri), default);
        await server.DisposeAsync();
        await using var restarted = new ScriptedSmtp(server.Port);

        await mailer.SendAsync(Letter, Plain(restarted.Uri), default);

        Assert.Single(restarted.Received);
    }

    [Fact]
    public async Task A_line_that_nobody_needs_is_closed()
    {
        var clock = new ManualClock();
        await using var server = new ScriptedSmtp();
        await using var lines = new SmtpLines(Trusting(), clock);
        await new Mailer(Trusting(), lines, clock).SendAsync(Letter, Plain(server.Uri), default);

        clock.Advance(TimeSpan.FromSeconds(31));

        await Eventually.TrueAsync(() => server.Said.Contains("QUIT"), "the line to be closed");
    }

    [Theory]
    [InlineData("550 5.1.1 <x> user unknown", "mail.recipientRefused", "there is no such mailbox")]
    [InlineData("552 5.2.2 over quota", "mail.recipientRefused", "the mailbox is full")]
    [InlineData("554 5.7.1 blocked", "mail.recipientRefused", "sender of spam")]
    [InlineData("550 no", "mail.recipientRefused", "the server does not take this address")]
    public async Task A_refusal_is_said_in_plain_words_with_the_server_s_own_beside_them(string reply, string code, string says)
    {
        await using var server = new ScriptedSmtp { Replies = { ["RCPT"] = reply } };
        await using var lines = new SmtpLines(Trusting(), TimeProvider.System);

        var refused = Assert.IsType<Outcome.Refused>(Assert.IsType<OutcomeException>(
            await Record.ExceptionAsync(() => MailerOf(lines).SendAsync(Letter, Plain(server.Uri), default))).Outcome);

        Assert.Equal(code, refused.Code);
        Assert.Contains(says, refused.Reason);
        Assert.Contains(reply[4..], refused.Reason);
        Assert.Contains(Letter.To, refused.Reason);
    }

    [Fact]
    public void Names_and_subjects_of_any_script_survive_the_way()
    {
        var mail = System.Text.Encoding.ASCII.GetString(Mime.Write(
            Letter with { FromName = "Ελληνική Εταιρεία, \"Εξαγωγών\" <x>", Subject = string.Concat(Enumerable.Repeat("北京贸易 😀 ", 12)), Text = new string('ß', 400) + "\r\n.\r\nFrom here " },
            new DateTimeOffset(2026, 3, 3, 9, 0, 0, TimeSpan.FromHours(-5))));

        Assert.Contains("Date: Tue, 03 Mar 2026 09:00:00 -0500\r\n", mail);
        Assert.All(mail.Split("\r\n"), line => Assert.True(line.Length <= 78, line));
        var words = System.Text.RegularExpressions.Regex.Matches(mail.Split("Message-ID")[0].Split("Subject")[1], @"=\?utf-8\?B\?(.*?)\?=").Select(word => System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(word.Groups[1].Value)));
        Assert.Equal(string.Concat(Enumerable.Repeat("北京贸易 😀 ", 12)), string.Concat(words));
        Assert.Contains("From here=20", mail);
        Assert.DoesNotContain("<x> <", mail);
    }

    [Theory]
    [InlineData("a@b.example", true)]
    [InlineData("a@bücher.example", true)]
    [InlineData("Ada <a@b.example>", false)]
    [InlineData("a@b.example\r\nRCPT TO:<c@d.example>", false)]
    [InlineData("a b@c.example", false)]
    [InlineData("nobody", false)]
    public void An_address_is_one_address_and_nothing_else(string address, bool good) => Assert.Equal(good, Mime.IsAddress(address));

    private static Mailer MailerOf(SmtpLines lines) => new(Options.Create(new SmtpOptions()), lines, TimeProvider.System);

    private IOptions<SmtpOptions> Trusting() => Options.Create(new SmtpOptions { Authorities = authorities });

    private static async Task<Outcome> OutcomeAsync(SmtpLines lines, string server) =>
        Assert.IsType<OutcomeException>(await Record.ExceptionAsync(() => MailerOf(lines).SendAsync(Letter, Login(server), default))).Outcome;

    private static Connection Plain(string server) => Of(new EmailSettings { From = Letter.From, FromName = Letter.FromName, Server = server });

    private static Connection Login(string server) => Of(new EmailSettings { From = Letter.From, FromName = Letter.FromName, Server = server, RequireTls = true, UserName = "ada" });

    private static Connection Of(EmailSettings settings) =>
        new(Guid.NewGuid(), Guid.NewGuid(), settings.Account, settings, new Dictionary<string, string> { [nameof(EmailSettings.Password)] = "s3cret" });

    private static string Base64(string text) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text));

    private static X509Certificate2 NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
