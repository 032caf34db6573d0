using Microsoft.Extensions.Options;
using OrderSync.Email;
using OrderSync.Email.Sending;
using OrderSync.Framework;

namespace OrderSync.Connectors.Tests.Email.Sending;

public sealed class MailerTests
{
    private static readonly Mail Letter = new()
    {
        MessageId = "<1@x.ordersync>", From = "orders@northwind.example", FromName = "Größe & Söhne", ReplyTo = "office@northwind.example", To = "buyer@customer.example",
        Subject = "Auftragsbestätigung SO-1", Text = "Ein Satz.\r\n.ein Punkt am Anfang\r\n", Html = "<p>Größe</p>", Pdf = new("SO-1.pdf", [37, 80, 68, 70]),
    };

    [Fact]
    public async Task A_mail_goes_out_whole_with_its_message_id()
    {
        await using var server = new ScriptedSmtp();

        await SendAsync(server.Uri);

        var mail = Assert.Single(server.Received);
        Assert.Contains("Message-ID: <1@x.ordersync>", mail, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Auto-Submitted: auto-generated", mail, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("office@northwind.example", mail);
        Assert.Contains("multipart/alternative", mail);
        Assert.Contains("application/pdf", mail);
        Assert.Contains(Convert.ToBase64String(Letter.Pdf!.Bytes), mail);
        Assert.Contains("Gr=C3=B6=C3=9Fe", mail);
        Assert.Contains("\n.ein Punkt am Anfang", mail);
    }

    [Fact]
    public async Task A_server_that_is_away_means_later_for_all_mail()
    {
        string nobody;
        await using (var server = new ScriptedSmtp())
            nobody = server.Uri;

        var outcome = Assert.IsType<Outcome.Later>(await OutcomeAsync(nobody));

        Assert.True(outcome.WholeAccount);
    }

    [Theory]
    [InlineData("connect", "421 too busy", true)]
    [InlineData("MAIL", "451 try later", false)]
    [InlineData("RCPT", "450 greylisted", false)]
    [InlineData("end", "452 disk full", false)]
    public async Task A_temporary_no_means_later(string at, string reply, bool wholeAccount)
    {
        await using var server = new ScriptedSmtp { Replies = { [at] = reply } };

        var outcome = Assert.IsType<Outcome.Later>(await OutcomeAsync(server.Uri));

        Assert.Equal(wholeAccount, outcome.WholeAccount);
    }

    [Theory]
    [InlineData("RCPT", "550 no such user", "mail.recipientRefused")]
    [InlineData("MAIL", "550 sender not allowed", "mail.refused")]
    [InlineData("end", "554 looks like spam", "mail.refused")]
    public async Task A_definite_no_is_for_a_person_and_says_whose_address(string at, string reply, string code)
    {
        await using var server = new ScriptedSmtp { Replies = { [at] = reply } };

        var outcome = Assert.IsType<Outcome.Refused>(await OutcomeAsync(server.Uri));

        Assert.Equal(code, outcome.Code);
        Assert.Contains("buyer@customer.example", outcome.Reason);
        Assert.Contains(reply[4..], outcome.Reason);
    }

    [Theory]
    [InlineData("connect")]
    [InlineData("MAIL")]
    [InlineData("RCPT")]
    [InlineData("DATA")]
    public async Task A_line_that_breaks_before_the_final_dot_has_sent_nothing(string at)
    {
        await using var server = new ScriptedSmtp { Replies = { [at] = "" } };

        Assert.IsType<Outcome.Later>(await OutcomeAsync(server.Uri));
        Assert.Empty(server.Received);
    }

    [Fact]
    public async Task A_line_that_breaks_after_the_final_dot_is_ambiguous()
    {
        await using var server = new ScriptedSmtp { Replies = { ["end"] = "" } };

        Assert.IsType<Outcome.Ambiguous>(await OutcomeAsync(server.Uri));
    }

    [Fact]
    public async Task A_server_that_stops_answering_is_ambiguous()
    {
        var silence = new TaskCompletionSource();
        await using var server = new ScriptedSmtp { BeforeEnd = () => silence.Task };

        var outcome = await Record.ExceptionAsync(() => SendAsync(server.Uri, patience: TimeSpan.FromSeconds(1)));

        silence.SetResult();
        Assert.Contains("did not answer in time", Assert.IsType<Outcome.Ambiguous>(Assert.IsType<OutcomeException>(outcome).Outcome).Reason);
    }

    [Fact]
    public async Task A_connection_without_a_server_says_what_to_enter()
    {
        var outcome = Assert.IsType<Outcome.Refused>(await OutcomeAsync(null));

        Assert.Equal("mail.noServer", outcome.Code);
    }

    [Fact]
    public void F113_The_message_id_is_one_for_record_event_and_recipient_for_ever()
    {
        var (company, record) = (Guid.Parse("0197a0a0-0000-7000-8000-000000000001"), Guid.Parse("0197a0a0-0000-7000-8000-000000000002"));

        Assert.Equal("<46cb647b7cae6177afd81003d46032ed@0197a0a0000070008000000000000001.ordersync>", MessageId.Of(company, record, "confirmed", "a@b.example"));
        string[] others = [MessageId.Of(company, record, "stored", "a@b.example"), MessageId.Of(company, record, "confirmed", "c@b.example"), MessageId.Of(record, record, "confirmed", "a@b.example")];
        Assert.DoesNotContain(MessageId.Of(company, record, "confirmed", "a@b.example"), others);
        Assert.Equal(3, others.Distinct().Count());
    }

    private static async Task<Outcome> OutcomeAsync(string? server) =>
        Assert.IsType<OutcomeException>(await Record.ExceptionAsync(() => SendAsync(server))).Outcome;

    private static async Task SendAsync(string? server, TimeSpan? patience = null)
    {
        var settings = new EmailSettings { From = Letter.From, FromName = Letter.FromName, Server = server };
        var connection = new Connection(Guid.CreateVersion7(), Guid.CreateVersion7(), settings.Account, settings, new Dictionary<string, string>());
        var options = Options.Create(new SmtpOptions { Patience = patience ?? TimeSpan.FromSeconds(30) });
        await using var lines = new SmtpLines(options, TimeProvider.System);
        await new Mailer(options, lines, TimeProvider.System).SendAsync(Letter, connection, CancellationToken.None);
    }
}
