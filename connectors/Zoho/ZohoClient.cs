using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Framework;

namespace OrderSync.Zoho;

/// <summary>Zoho Inventory's HTTP: paths, authorisation, and searches that are not trusted blindly. Knows nothing about our records.</summary>
internal sealed class ZohoClient(IHttpClientFactory clients)
{
    /// <summary>Name of the HTTP client.</summary>
    public const string Name = "zoho";

    // Longer search words are refused.
    private const int SearchLength = 100;

    /// <summary>A new access token. The refresh token does not rotate.</summary>
    public async Task<Tokens> RefreshAsync(Connection connection, string refreshToken, CancellationToken stop)
    {
        var settings = connection.Settings<ZohoSettings>();
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.TokenUrl());
        request.Content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "refresh_token",
            ["refresh_token"] = refreshToken,
            ["client_id"] = settings.ClientId,
            ["client_secret"] = connection.Secret(nameof(ZohoSettings.ClientSecret)),
        });
        try
        {
            var reply = await AskAsync(request, stop);
            var answer = Read<TokenAnswer>(reply, writes: false);
            return answer is { Error: null or "", AccessToken: { Length: > 0 } token }
                ? new Tokens(token, null, TimeSpan.FromSeconds(answer.ExpiresIn ?? 3600), answer.ApiDomain)
                : throw new OutcomeException(ZohoErrors.TokenOutcome(answer.Error ?? $"HTTP {(int)reply.Status}"));
        }
        catch (OutcomeException said) when (said.Outcome is Outcome.Ambiguous lost)
        {
            // A token whose answer was lost is simply asked for again.
            throw new OutcomeException(new Outcome.Later(lost.Reason));
        }
    }

    /// <summary>The sales order of a number, complete.</summary>
    public async Task<SalesOrder?> FindSalesOrderAsync(Steps steps, string number, CancellationToken stop)
    {
        var answer = await GetAsync(steps, $"salesorders?{Search("salesorder_number", number)}", $"order {number}", stop);
        return Matches(answer.Salesorders, row => row.SalesorderNumber, number) is [var found, ..]
            ? await ReadSalesOrderAsync(steps, found.SalesorderId, number, stop)
            : null;
    }

    /// <summary>A sales order that must be there.</summary>
    public async Task<SalesOrder> ReadSalesOrderAsync(Steps steps, string id, string number, CancellationToken stop) =>
        (await GetAsync(steps, $"salesorders/{id}", $"order {number}", stop)).Salesorder!;

    /// <summary>Creates a sales order under our own number. Answers the order as Zoho holds it.</summary>
    public async Task<SalesOrder> CreateSalesOrderAsync(Steps steps, NewSalesOrder order, CancellationToken stop)
    {
        var what = $"order {order.SalesorderNumber}";
        var theirs = (await CallAsync(steps, HttpMethod.Post, "salesorders?ignore_auto_number_generation=true", order, what, stop)).Salesorder!;
        RequireFields(order.CustomFields, theirs.CustomFields, what);
        return theirs;
    }

    /// <summary>Puts other content into a draft.</summary>
    public async Task<SalesOrder> CorrectSalesOrderAsync(Steps steps, string id, NewSalesOrder order, CancellationToken stop)
    {
        var path = $"salesorders/{id}?ignore_auto_number_generation=true";
        return (await CallAsync(steps, HttpMethod.Put, path, order, $"order {order.SalesorderNumber}", stop)).Salesorder!;
    }

    /// <summary>Confirms a draft. Books says "open" where Inventory says "confirmed".</summary>
    public async Task<string> ConfirmAsync(Steps steps, string id, string number, CancellationToken stop)
    {
        await CallAsync(steps, HttpMethod.Post, $"salesorders/{id}/status/confirmed", null, $"order {number}", stop);
        return id;
    }

    /// <summary>A contact by its id; null when it is not there.</summary>
    public async Task<Contact?> FindContactAsync(Steps steps, string id, CancellationToken stop) =>
        (await CallAsync(steps, HttpMethod.Get, $"contacts/{Uri.EscapeDataString(id)}", null, $"customer {id}", stop, ZohoErrors.IsMissing)).Contact;

    /// <summary>The contacts whose primary person has an e-mail address, complete.</summary>
    public Task<IReadOnlyList<Contact>> FindContactsByEmailAsync(Steps steps, string email, CancellationToken stop) =>
        FindContactsAsync(steps, "email", email, row => row.Email, stop);

    /// <summary>The contacts of a name, suppliers too, complete.</summary>
    public Task<IReadOnlyList<Contact>> FindContactsByNameAsync(Steps steps, string name, CancellationToken stop) =>
        FindContactsAsync(steps, "contact_name", name, row => row.ContactName, stop);

    /// <summary>Creates a customer; null when somebody has the name.</summary>
    public async Task<Contact?> CreateContactAsync(Steps steps, ContactChange contact, CancellationToken stop)
    {
        var what = $"customer {contact.ContactName}";
        var theirs = (await CallAsync(steps, HttpMethod.Post, "contacts", contact, what, stop, (_, answer) => answer.Code == ZohoErrors.NameTaken)).Contact;
        if (theirs is not null)
            RequireFields(contact.CustomFields, theirs.CustomFields, what);
        return theirs;
    }

    /// <summary>Changes a customer.</summary>
    public async Task<Contact> ChangeContactAsync(Steps steps, Contact theirs, ContactChange change, CancellationToken stop)
    {
        var what = $"customer {theirs.ContactName}";
        var changed = (await CallAsync(steps, HttpMethod.Put, $"contacts/{theirs.ContactId}", change, what, stop)).Contact!;
        RequireFields(change.CustomFields, changed.CustomFields, what);
        return changed;
    }

    /// <summary>The item of a SKU.</summary>
    public async Task<Item?> FindItemAsync(Steps steps, string sku, CancellationToken stop)
    {
        var answer = await GetAsync(steps, $"items?{Search("sku", sku)}", $"item {sku}", stop);
        var found = Matches(answer.Items, row => row.Sku, sku);
        return found.FirstOrDefault(item => item.Status is null or "active") ?? found.FirstOrDefault();
    }

    /// <summary>All taxes.</summary>
    public async Task<IReadOnlyList<TaxEntry>> ListTaxesAsync(Steps steps, CancellationToken stop) =>
        (await GetAsync(steps, "settings/taxes", "the taxes", stop)).Taxes ?? [];

    private async Task<IReadOnlyList<Contact>> FindContactsAsync(
        Steps steps, string filter, string value, Func<Contact, string?> field, CancellationToken stop)
    {
        var answer = await GetAsync(steps, $"contacts?{Search(filter, value)}", $"customer {value}", stop);
        var complete = new List<Contact>();
        foreach (var row in Matches(answer.Contacts, field, value))
        {
            if (await FindContactAsync(steps, row.ContactId, stop) is { } contact)
                complete.Add(contact);
        }

        return complete;
    }

    // Zoho drops custom fields that it does not know without a word; without ours nobody could tell our documents from others.
    private static void RequireFields(IReadOnlyList<CustomField> sent, IReadOnlyList<CustomField>? theirs, string what)
    {
        foreach (var field in sent.Where(field => theirs?.Any(one => one.ApiName == field.ApiName && one.Value == field.Value) != true))
            throw new OutcomeException(new Outcome.Refused(
                "connection.customField", $"Zoho keeps {what} without the field {field.ApiName}, so it cannot be told from others.",
                $"In Zoho make a text field with the API name {field.ApiName} for customers and for sales orders, delete {what} there, then Retry."));
    }

    private static string Search(string filter, string value)
    {
        if (value.Length <= SearchLength)
            return $"{filter}={Uri.EscapeDataString(value)}";
        var start = char.IsHighSurrogate(value[SearchLength - 1]) ? value[..(SearchLength - 1)] : value[..SearchLength];
        return $"{filter}_startswith={Uri.EscapeDataString(start)}";
    }

    // A filter that Zoho does not understand is ignored without a word and the first page of everything comes back: an empty answer
    // proves that nothing is there, a page of strangers proves nothing.
    private static List<T> Matches<T>(IReadOnlyList<T>? rows, Func<T, string?> field, string wanted)
    {
        var matching = (rows ?? []).Where(row => Same(field(row), wanted)).ToList();
        return matching.Count > 0 || rows is null or [] || (wanted.Length > SearchLength && rows.All(row => Begins(field(row), wanted)))
            ? matching
            : throw new OutcomeException(new Outcome.Refused(
                "erp.searchIgnored", $"Zoho answered a search for {wanted} with other things, so nobody can tell whether it is there.",
                "Report this to OrderSync with the name of the organisation; Retry later."));
    }

    private static bool Begins(string? theirs, string wanted) =>
        theirs is not null && Plain(theirs).StartsWith(Plain(wanted[..(SearchLength - 1)]), StringComparison.OrdinalIgnoreCase);

    // Zoho's own comparisons trim and ignore case.
    private static bool Same(string? theirs, string wanted) => theirs is not null && Plain(theirs).Equals(Plain(wanted), StringComparison.OrdinalIgnoreCase);

    private static string Plain(string text) => text.Trim().Normalize();

    private Task<Answer> GetAsync(Steps steps, string path, string what, CancellationToken stop) => CallAsync(steps, HttpMethod.Get, path, null, what, stop);

    private async Task<Answer> CallAsync(
        Steps steps, HttpMethod method, string path, object? body, string what, CancellationToken stop, Func<HttpStatusCode, Answer, bool>? expected = null)
    {
        var tokens = await steps.TokensAsync();
        var reply = await SendAsync(steps, tokens, method, path, body, stop);
        if (reply.Status == HttpStatusCode.Unauthorized)
            reply = await SendAsync(steps, await steps.TokensAsync(rejected: tokens.AccessToken), method, path, body, stop);

        var answer = Read<Answer>(reply, writes: method != HttpMethod.Get);
        return (reply.Good && answer.Code == 0) || expected?.Invoke(reply.Status, answer) == true
            ? answer
            : throw new OutcomeException(ZohoErrors.Outcome(reply.Status, answer, what));
    }

    private async Task<ErpAnswer> SendAsync(Steps steps, Tokens tokens, HttpMethod method, string path, object? body, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, steps.Connection.Settings<ZohoSettings>().Api(tokens.ApiBase, path));
        // Bearer is refused by some of Zoho's data centres.
        request.Headers.Authorization = new AuthenticationHeaderValue("Zoho-oauthtoken", tokens.AccessToken);
        if (body is not null)
            request.Content = JsonContent.Create(body, body.GetType(), options: ZohoWire.Json);
        return await AskAsync(request, stop);
    }

    private Task<ErpAnswer> AskAsync(HttpRequestMessage request, CancellationToken stop) =>
        clients.CreateClient(Name).AskAsync("Zoho", request, stop, ZohoErrors.Limit);

    // What is no JSON comes from something between us and Zoho: after a write nobody knows what happened.
    private static T Read<T>(ErpAnswer reply, bool writes) where T : class
    {
        try
        {
            if (JsonSerializer.Deserialize<T>(reply.Body, ZohoWire.Json) is { } read)
                return read;
        }
        catch (JsonException)
        {
            // Its text is of no use to anybody; the outcome below says what matters.
        }

        var reason = $"Zoho's answer (HTTP {(int)reply.Status}) could not be read.";
        throw new OutcomeException(writes ? new Outcome.Ambiguous(reason) : new Outcome.Later(reason));
    }
}
