using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace OrderSync.Connectors.Tests.Zoho;

/// <summary>A person at work in Zoho itself.</summary>
internal static class Office
{
    public static async Task<string> CreateAsync(MemoryLedger ledger, object contact)
    {
        using var http = new HttpClient();
        using var request = await RequestAsync(ledger, HttpMethod.Post, "contacts");
        request.Content = JsonContent.Create(contact);
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!["contact"]!["contact_id"]!.ToString();
    }

    public static Task<string> ReadAsync(MemoryLedger ledger, string contactId) => SendAsync(ledger, HttpMethod.Get, $"contacts/{contactId}");

    public static async Task<JsonNode> ReadOrderAsync(MemoryLedger ledger, string orderId) =>
        JsonNode.Parse(await SendAsync(ledger, HttpMethod.Get, $"salesorders/{orderId}"))!;

    /// <summary>Bills an order as it stands and sends the invoice.</summary>
    public static async Task<string> InvoiceAsync(MemoryLedger ledger, string orderId)
    {
        var order = (await ReadOrderAsync(ledger, orderId))["salesorder"]!;
        var made = JsonNode.Parse(await SendAsync(ledger, HttpMethod.Post, "invoices?send=true", new
        {
            customer_id = (string)order["customer_id"]!,
            line_items = order["line_items"]!.AsArray().Select(line => new
            {
                salesorder_item_id = (string)line!["line_item_id"]!, item_id = (string)line["item_id"]!, rate = (decimal)line["rate"]!, quantity = (decimal)line["quantity"]!, tax_id = (string?)line["tax_id"],
            }),
        }))!;
        return (string)made["invoice"]!["invoice_id"]!;
    }

    public static async Task<JsonNode> GetAsync(MemoryLedger ledger, string path) => JsonNode.Parse(await SendAsync(ledger, HttpMethod.Get, path))!;

    public static Task ChangeAsync(MemoryLedger ledger, string orderId, object change) => SendAsync(ledger, HttpMethod.Put, $"salesorders/{orderId}", change);

    public static Task VoidAsync(MemoryLedger ledger, string orderId) => SendAsync(ledger, HttpMethod.Post, $"salesorders/{orderId}/status/void");

    private static async Task<string> SendAsync(MemoryLedger ledger, HttpMethod method, string path, object? body = null)
    {
        using var http = new HttpClient();
        using var request = await RequestAsync(ledger, method, path);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return text;
    }

    private static async Task<HttpRequestMessage> RequestAsync(MemoryLedger ledger, HttpMethod method, string path)
    {
        var tokens = await ledger.StepsOf(Some.Customer().Info).TokensAsync();
        var request = new HttpRequestMessage(method, ledger.Settings.Api(tokens.ApiBase, path));
        request.Headers.TryAddWithoutValidation("Authorization", $"Zoho-oauthtoken {tokens.AccessToken}");
        return request;
    }
}
