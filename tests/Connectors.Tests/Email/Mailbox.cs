using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Email;

/// <summary>What the mail server received, by recipient.</summary>
internal static class Mailbox
{
    private static readonly HttpClient Http = new();

    /// <summary>All mails for an address, once there are that many: the server shows a mail a moment after it has taken it.</summary>
    public static Task<List<ReceivedMail>> OfAsync(string address, int atLeast = 1) =>
        Eventually.GetAsync(() => ReadAsync(address), mails => mails.Count >= atLeast, $"{atLeast} mails for {address}");

    private static async Task<List<ReceivedMail>> ReadAsync(string address)
    {
        var page = (await Servers.MailAsync()).Page;
        var all = await Http.GetFromJsonAsync<JsonElement>(new Uri(page, "email"));
        var mails = new List<ReceivedMail>();
        foreach (var mail in all.EnumerateArray().Where(mail => mail.GetProperty("to").EnumerateArray().Any(to => to.GetProperty("address").GetString() == address)))
        {
            var attachment = mail.GetProperty("attachments").EnumerateArray().Single();
            var id = mail.GetProperty("id").GetString();
            var pdf = await Http.GetByteArrayAsync(new Uri(page, $"email/{id}/attachment/{attachment.GetProperty("generatedFileName").GetString()}"));
            mails.Add(new ReceivedMail(
                mail.GetProperty("messageId").GetString()!, mail.GetProperty("subject").GetString()!, mail.GetProperty("text").GetString()!,
                mail.GetProperty("html").GetString()!, attachment.GetProperty("fileName").GetString()!, pdf));
        }
        return mails;
    }
}

internal sealed record ReceivedMail(string MessageId, string Subject, string Text, string Html, string FileName, byte[] Pdf);
