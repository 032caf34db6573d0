using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OrderSync.Money;
using OrderSync.NetSuite;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>An account of the stand-in for NetSuite, with somebody at work in it.</summary>
internal sealed class NetSuiteSandboxAccount(Uri line, Uri control, string id, RoundingPolicy rounding, OrderStatus status, TaxMethod method, (string Certificate, string PrivateKey) key) : IErpOrganisation
{
    private static readonly HttpClient Http = new();
    private string clientId = "";
    private string certificateId = "";

    public string Id => id;

    /// <summary>What an override of tax details names.</summary>
    public string TaxTypeId { get; set; } = "";

    public IReadOnlyList<string> Secrets => [certificateId, key.PrivateKey];

    public JsonObject Settings(string onDifference = "hold", RoundingPolicy? says = null) => new()
    {
        ["url"] = new Uri(line, $"netsuite/{id}").ToString(),
        ["accountId"] = id,
        ["clientId"] = clientId,
        ["certificateId"] = certificateId,
        ["privateKey"] = key.PrivateKey,
        ["baseCurrency"] = "EUR",
        ["orderStatus"] = NetSuiteSide.Camel(status),
        ["taxes"] = "lineCodes",
        ["taxTypeId"] = TaxTypeId,
        ["pullMinutes"] = 0,
        ["onDifference"] = onDifference,
        ["taxLevel"] = NetSuiteSide.Camel((says ?? rounding).Level),
        ["taxMethod"] = NetSuiteSide.Camel(method),
        ["tie"] = NetSuiteSide.Camel((says ?? rounding).Tie),
    };

    public async Task<IReadOnlyList<ErpDocument>> OrdersAsync() => [.. (await ListAsync("salesOrder")).Select(row =>
    {
        var gone = row["item"]!["items"]!.AsArray().All(one => (bool?)one!["isClosed"] == true);
        return Document(row, "total", !gone && (status == OrderStatus.PendingApproval || (string)row["orderStatus"]!["id"]! == "B"), (string?)row["memo"] ?? "", gone);
    })];

    public async Task<IReadOnlyList<ErpDocument>> QuotesAsync() => [.. (await ListAsync("estimate")).Select(row => Document(row, "total", true, ""))];

    public async Task<IReadOnlyList<ErpDocument>> ReceiptsAsync() =>
        [.. (await ListAsync("customerDeposit")).Concat(await ListAsync("customerPayment")).Select(row => Document(row, "payment", true, ""))];

    public async Task<IReadOnlyList<ErpDocument>> CustomersAsync() =>
        [.. (await ListAsync("customer")).Select(row => new ErpDocument((string)row["id"]!, Ours(row), null, null, true, (string)row["companyName"]!))];

    public async Task EndAccessTokensAsync() => await DeleteAsync("tokens");

    public Task RevokeAsync() => DeleteAsync($"certificates/{Uri.EscapeDataString(certificateId)}");

    public async Task ApproveAsync()
    {
        using var answer = await Http.PostAsJsonAsync($"{control}/certificates", new { certificate = key.Certificate });
        certificateId = (string)(await ReadAsync(answer))["certificateId"]!;
    }

    public Task TakeNumberAsync(string number) => EnterSoldAsync("salesOrder", number);

    public Task TakeQuoteNumberAsync(string number) => EnterSoldAsync("estimate", number);

    public async Task TakeReferenceAsync(string reference) =>
        await EnterAsync("customerDeposit", new() { ["customer"] = Ref(await WalkInAsync(reference)), ["payment"] = 1m, ["tranId"] = reference });

    public async Task TakeNameAsync(string name) => await EnterAsync("customer", new() { ["companyName"] = name });

    public Task DoubleCustomerAsync(Guid recordId) => throw new NotSupportedException(NetSuiteConformance.NoTwins);

    public Task DoubleReceiptAsync(Guid recordId) => throw new NotSupportedException(NetSuiteConformance.NoTwins);

    public Task AddItemAsync(string sku) => PutAsync(new { items = new[] { new { sku, name = $"Item {sku}", price = 1m } } });

    public Task RenameItemAsync(string sku, string name) => PutAsync(new { items = new[] { new { sku, name } } });

    public async Task DeleteItemAsync(string sku) => await DeleteAsync($"rows/nonInventorySaleItem/{await ItemIdAsync(sku)}");

    /// <summary>Sets the account up, or changes what is named.</summary>
    public async Task<JsonNode> PutAsync(object settings)
    {
        using var answer = await Http.PutAsJsonAsync(control, settings);
        var made = await ReadAsync(answer);
        clientId = (string)made["clientId"]!;
        return made;
    }

    /// <summary>All records of a kind.</summary>
    public async Task<IReadOnlyList<JsonNode>> ListAsync(string type) => [.. JsonNode.Parse(await Http.GetStringAsync($"{control}/records/{type}"))!.AsArray().Select(row => row!)];

    /// <summary>Somebody enters a record; answers its id.</summary>
    public Task<string> EnterAsync(string type, JsonObject row) => ActAsync(HttpMethod.Post, $"records/{type}", row);

    /// <summary>Somebody does something with a record, such as fulfil or !transform/invoice; answers the id of what came of it.</summary>
    public Task<string> ActAsync(string type, string recordId, string act, JsonObject? row = null) => ActAsync(HttpMethod.Post, $"records/{type}/{recordId}/{act}", row ?? []);

    /// <summary>Somebody approves the order of a record of ours and bills it; answers the invoice.</summary>
    public async Task<JsonNode> BillAsync(Guid recordId)
    {
        var order = (await OrdersAsync()).Single(one => one.RecordId == recordId).Id;
        await ChangeAsync("salesOrder", order, new() { ["orderStatus"] = Ref("B") });
        var invoice = await ActAsync("salesOrder", order, "!transform/invoice");
        return (await ListAsync("invoice")).Single(row => (string)row["id"]! == invoice);
    }

    /// <summary>Somebody changes a record.</summary>
    public Task<string> ChangeAsync(string type, string recordId, JsonObject row) => ActAsync(HttpMethod.Patch, $"records/{type}/{recordId}", row);

    /// <summary>The internal id of an item.</summary>
    public async Task<string> ItemIdAsync(string sku) => (string)(await ListAsync("nonInventorySaleItem")).First(row => (string?)row["itemId"] == sku)["id"]!;

    /// <summary>A reference by id.</summary>
    public static JsonObject Ref(string to) => new() { ["id"] = to };

    private static ErpDocument Document(JsonNode row, string total, bool final, string text, bool gone = false) =>
        new((string)row["id"]!, Ours(row), (string?)row["tranId"], (decimal)row[total]!, final, text, gone);

    private static Guid? Ours(JsonNode row) => Guid.TryParse((string?)row["externalId"], out var ours) ? ours : null;

    private async Task EnterSoldAsync(string type, string number) => await EnterAsync(type, new()
    {
        ["entity"] = Ref(await WalkInAsync(number)), ["tranId"] = number,
        ["item"] = new JsonObject { ["items"] = new JsonArray(new JsonObject { ["item"] = Ref(await ItemIdAsync("A")), ["quantity"] = 1m, ["rate"] = 1m, ["price"] = Ref("-1") }) },
    });

    private Task<string> WalkInAsync(string mark) => EnterAsync("customer", new() { ["companyName"] = $"Walk-in {mark}" });

    private async Task<string> ActAsync(HttpMethod how, string path, JsonObject row)
    {
        using var request = new HttpRequestMessage(how, $"{control}/{path}") { Content = JsonContent.Create(row) };
        using var answer = await Http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location?.OriginalString.Split('/')[^1] ?? "";
    }

    private async Task DeleteAsync(string path)
    {
        using var answer = await Http.DeleteAsync($"{control}/{path}");
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }
}
