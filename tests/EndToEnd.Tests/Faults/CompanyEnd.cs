using System.Diagnostics;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;
using OrderSync.Testing;

namespace OrderSync.EndToEnd.Tests.Faults;

/// <summary>All that a company ends with, asked from the databases, the sandbox and the mail server themselves.</summary>
internal sealed class CompanyEnd
{
    private static readonly HttpClient Http = new();

    /// <summary>Each record: what it is, where it stands, its content's hash.</summary>
    public required IReadOnlyList<string> Records { get; init; }

    /// <summary>Counters of the orders' numbers.</summary>
    public required IReadOnlyList<long> Counters { get; init; }

    /// <summary>Each document of the ERP: whose it is, its state, its total. Twice where it is there twice.</summary>
    public required IReadOnlyList<string> Documents { get; init; }

    /// <summary>Numbers of documents that are not those the gateway gave their records.</summary>
    public required IReadOnlyList<string> WrongNumbers { get; init; }

    /// <summary>Each mail as it came: recipient and Message-ID.</summary>
    public required IReadOnlyList<(string Recipient, string MessageId)> Mails { get; init; }

    /// <summary>The mails there are to be, by the rule for Message-IDs, which holds for ever.</summary>
    public required IReadOnlyList<(string Recipient, string MessageId)> MailsDue { get; init; }

    /// <summary>What is not at its end, in words.</summary>
    public required IReadOnlyList<string> Waiting { get; init; }

    public static async Task<CompanyEnd> OfAsync(NpgsqlDataSource database, string apiKey, ServiceProcess sandbox)
    {
        var company = CompanyOf(apiKey);
        var numbers = (await RowsAsync(database, $"select record_id || ' ' || number from gateway.record_number where company_id = '{company}'")).Select(row => row.Split(' ')).ToDictionary(row => row[0], row => row[1]);
        var documents = await Http.GetFromJsonAsync<List<JsonElement>>(new Uri(sandbox.Url, "_control/zoho/orgs/10234695/salesorders")) ?? [];
        var due = (await RowsAsync(database, $"""
            select r.record_id || ' ' || (c.body::jsonb ->> 'email') from gateway.record r join gateway.customer c on c.company_id = r.company_id and c.customer_id = r.customer_id
            where r.company_id = '{company}' and r.kind = 'order'
            """)).Select(row => row.Split(' ')).Select(row => (row[1], MessageId(company, row[0], row[1]))).ToList();
        var mails = await MailsAsync(company, due.Count);
        return new()
        {
            Records = await RowsAsync(database, $"select record_id || ' ' || kind || ' ' || rev || ' ' || state || ' ' || coalesce(total::text, '') || ' ' || encode(sha256, 'hex') from gateway.record where company_id = '{company}'"),
            Counters = [.. (await RowsAsync(database, $"select counter::text from gateway.record_number where company_id = '{company}' and kind = 'order'")).Select(long.Parse).Order()],
            Documents = [.. documents.Select(document => $"{document.GetProperty("cf_ordersync_id").GetString()} {document.GetProperty("status").GetString()} {document.GetProperty("total").GetDecimal():F2}").Order(StringComparer.Ordinal)],
            WrongNumbers = [.. documents.Where(document => numbers.GetValueOrDefault(document.GetProperty("cf_ordersync_id").GetString()!) != document.GetProperty("number").GetString()).Select(document => document.GetRawText())],
            Mails = mails,
            MailsDue = due,
            Waiting = await WaitingAsync(database, company),
        };
    }

    /// <summary>The company that the gateway's schema run makes for a key.</summary>
    public static Guid CompanyOf(string apiKey) => new(SHA256.HashData(Encoding.UTF8.GetBytes(apiKey)).AsSpan(0, 16));

    // One Message-ID for (company, record, event, recipient), for ever: spelled out here, so that a change of the rule is seen.
    private static string MessageId(Guid company, string record, string recipient) =>
        $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{company:D}\n{record}\nconfirmed\n{recipient}")).AsSpan(0, 16))}@{company:N}.ordersync";

    // The server shows a mail a moment after it has taken it.
    private static async Task<List<(string, string)>> MailsAsync(Guid company, int atLeast)
    {
        var page = (await Servers.MailAsync()).Page;
        return await Eventually.GetAsync(
            async () => (await Http.GetFromJsonAsync<JsonElement>(new Uri(page, "email"))).EnumerateArray()
                .Select(mail => (mail.GetProperty("to")[0].GetProperty("address").GetString()!, mail.GetProperty("messageId").GetString()!.Trim('<', '>')))
                .Where(mail => mail.Item2.EndsWith($"@{company:N}.ordersync", StringComparison.Ordinal)).ToList(),
            mails => mails.Distinct().Count() >= atLeast, $"{atLeast} mails");
    }

    private static async Task<IReadOnlyList<string>> WaitingAsync(NpgsqlDataSource database, Guid company)
    {
        var patience = Stopwatch.StartNew();
        return await Eventually.GetAsync(() => OpenAsync(database, company), open => open.Count == 0 || patience.Elapsed > Eventually.Patience, "nothing to wait any more", 2 * Eventually.Patience);
    }

    private static Task<IReadOnlyList<string>> OpenAsync(NpgsqlDataSource database, Guid company) => RowsAsync(database, $"""
        select 'outbox ' || record_id from gateway.outbox where company_id = '{company}'
        union all select 'delivery ' || record_id || ' ' || state from gateway.delivery where company_id = '{company}' and state <> 'done'
        union all select 'zoho document ' || document || ' ' || state from zoho.document where company_id = '{company}' and state <> 'done'
        union all select 'email document ' || document || ' ' || state from email.document where company_id = '{company}' and state <> 'done'
        union all select 'zoho step ' || document || ' ' || name from zoho.step where company_id = '{company}' and state = 'open'
        union all select 'email step ' || document || ' ' || name from email.step where company_id = '{company}' and state = 'open'
        union all select 'zoho report ' || record_id from zoho.report where company_id = '{company}' and due is not null
        union all select 'email report ' || record_id from email.report where company_id = '{company}' and due is not null
        union all select 'zoho wish ' || record_id from zoho.wish where company_id = '{company}' and waiting
        union all select 'zoho parked ' || reason from zoho.parked
        union all select 'email parked ' || reason from email.parked
        """);

    private static async Task<IReadOnlyList<string>> RowsAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0));
        return [.. rows.Order(StringComparer.Ordinal)];
    }
}
