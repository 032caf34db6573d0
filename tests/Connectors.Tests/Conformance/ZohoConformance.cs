using OrderSync.Testing;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OrderSync.ErpSandbox;
using OrderSync.Money;
using OrderSync.Zoho;
using Xunit.Abstractions;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>The promises every connector keeps, for Zoho Inventory.</summary>
[Without(Ability.RotatingTokens, SameTokens)]
[Without(Ability.Voiding, NoVoid)]
[Without(Ability.Quotes, "Zoho Inventory has no estimates.")]
[InCi]
public sealed class ZohoConformance(ZohoStage stage, ITestOutputHelper output) : ConnectorConformance(stage, output), IClassFixture<ZohoStage>
{
    internal const string SameTokens = "Zoho's refresh tokens do not rotate: the same one is good until it is withdrawn.";
    internal const string NoVoid = "A contact or a payment in Zoho cannot be made void; a person merges the two.";
}

/// <summary>The same for Zoho Books.</summary>
[Everyday(typeof(ChangeCases), typeof(QuoteCases), typeof(RoundingCases))]
[Without(Ability.RotatingTokens, ZohoConformance.SameTokens)]
[Without(Ability.Voiding, ZohoConformance.NoVoid)]
[InCi]
public sealed class ZohoBooksConformance(ZohoBooksStage stage, ITestOutputHelper output) : ConnectorConformance(stage, output), IClassFixture<ZohoBooksStage>;

/// <summary>Zoho's side: the stand-in of services/ErpSandbox.</summary>
public sealed class ZohoStage() : ConformanceStage(new ZohoSide(ZohoProduct.Inventory));

/// <summary>Zoho's side by the address of Zoho Books.</summary>
public sealed class ZohoBooksStage() : ConformanceStage(new ZohoSide(ZohoProduct.Books));

internal sealed class ZohoSide(ZohoProduct product, string limits = "unlimited", RoundingPolicy? usual = null) : IConformanceErp
{
    private static readonly HttpClient Http = new();
    private static int organisations = 70_000_000;
    private WebApplication? sandbox;

    public ConnectorUnderTest Connector { get; } = ConnectorUnderTest.Of<ZohoConnector>();

    public Uri Address => new(sandbox!.Urls.First());

    public IReadOnlyList<RoundingPolicy> Roundings { get; } =
        [.. from level in new[] { RoundingLevel.Document, RoundingLevel.Line } from tie in new[] { Tie.HalfUp, Tie.HalfEven } select new RoundingPolicy(level, tie)];

    public RoundingPolicy Usual { get; } = usual ?? new(RoundingLevel.Document, Tie.HalfUp);

    public Task StartAsync(TimeProvider clock)
    {
        sandbox = SandboxApp.Create(
            ["--urls=http://127.0.0.1:0", $"--Sandbox:Profile={limits}", "--Logging:LogLevel:Default=Warning"], builder => builder.Services.AddSingleton(clock));
        return sandbox.StartAsync();
    }

    public CallStep StepOf(string method, string path) => (method, path.Split('?')[0].Replace($"/zoho/{ZohoFlavour.Of(product).Path}/", "", StringComparison.Ordinal)) switch
    {
        (_, "/zoho/oauth/v2/token") => CallStep.Token,
        ("GET", _) => CallStep.Look,
        ("POST", "contacts") => CallStep.CreateCustomer,
        ("POST", "salesorders") => CallStep.CreateOrder,
        ("POST", "estimates") => CallStep.CreateQuote,
        ("POST", "customerpayments") => CallStep.CreateReceipt,
        ("POST", var confirm) when confirm.EndsWith($"/status/{ZohoFlavour.Of(product).Confirm}", StringComparison.Ordinal) => CallStep.Confirm,
        ("POST", var sent) when sent.EndsWith($"/status/{SalesKind.Quote.Settle}", StringComparison.Ordinal) => CallStep.Confirm,
        _ => CallStep.Change,
    };

    public (int Status, string Body) No(string words) => (400, JsonSerializer.Serialize(new { code = 2, message = words }));

    public async Task<IErpOrganisation> OrganisationAsync(Uri line, RoundingPolicy rounding)
    {
        var id = $"{Interlocked.Increment(ref organisations)}";
        var organisation = new Organisation(line, new Uri(Address, $"_control/zoho/orgs/{id}"), new Uri(Address, "zoho/"), id, rounding, product);
        await organisation.PutAsync(new
        {
            currency_code = "EUR",
            tax_level = Snake(rounding.Level),
            tie = Snake(rounding.Tie),
            taxes = new[] { new { tax_name = "Reduced", tax_percentage = 8m }, new { tax_name = "Standard", tax_percentage = 20m }, new { tax_name = "Ten", tax_percentage = 10m } },
            items = new[] { new { sku = "A", name = "Olive oil 5 l", rate = 29.99m }, new { sku = "B", name = "Water", rate = 1m }, new { sku = "C", name = "Bread", rate = 3.35m } },
        });
        return organisation;
    }

    public async ValueTask DisposeAsync()
    {
        if (sandbox is not null)
            await sandbox.DisposeAsync();
    }

    private static string Camel<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static string Snake<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private sealed class Organisation(Uri line, Uri control, Uri zoho, string id, RoundingPolicy rounding, ZohoProduct product) : IErpOrganisation
    {
        private JsonNode made = new JsonObject();
        private string? token;

        public string Id => id;

        public IReadOnlyList<string> Secrets => [(string)made["refresh_token"]!, (string)made["client_secret"]!];

        public JsonObject Settings(string onDifference = "hold", RoundingPolicy? says = null) => new()
        {
            ["accountsUrl"] = new Uri(line, "zoho").ToString(),
            ["product"] = Camel(product),
            ["organizationId"] = id,
            ["pullMinutes"] = 0,
            ["clientId"] = (string)made["client_id"]!,
            ["clientSecret"] = (string)made["client_secret"]!,
            ["refreshToken"] = (string)made["refresh_token"]!,
            ["onDifference"] = onDifference,
            ["taxLevel"] = Camel((says ?? rounding).Level),
            ["tie"] = Camel((says ?? rounding).Tie),
        };

        public async Task<IReadOnlyList<ErpDocument>> OrdersAsync()
        {
            var orders = new List<ErpDocument>();
            foreach (var row in JsonNode.Parse(await Http.GetStringAsync($"{control}/salesorders"))!.AsArray())
            {
                var theirs = (await SendAsync(HttpMethod.Get, $"salesorders/{row!["salesorder_id"]}"))["salesorder"]!;
                orders.Add(new(
                    (string)row["salesorder_id"]!, Guid.TryParse((string?)row["cf_ordersync_id"], out var ours) ? ours : null, (string)row["number"]!,
                    (decimal)row["total"]!, (string)row["status"]! == "confirmed", (string?)theirs["notes"] ?? "", (string)row["status"]! == "void"));
            }

            return orders;
        }

        public Task<IReadOnlyList<ErpDocument>> QuotesAsync() => RowsAsync("estimates", "estimate_id", "number", row => (string)row["status"]! == "sent");

        public Task<IReadOnlyList<ErpDocument>> ReceiptsAsync() => RowsAsync("customerpayments", "payment_id", "reference_number", _ => true);

        public async Task<IReadOnlyList<ErpDocument>> CustomersAsync()
        {
            var customers = new List<ErpDocument>();
            foreach (var row in (await SendAsync(HttpMethod.Get, "contacts?per_page=200"))["contacts"]!.AsArray())
            {
                var theirs = (await SendAsync(HttpMethod.Get, $"contacts/{row!["contact_id"]}"))["contact"]!;
                var field = theirs["custom_fields"]!.AsArray().FirstOrDefault(one => (string)one!["api_name"]! == "cf_ordersync_id");
                customers.Add(new(
                    (string)theirs["contact_id"]!, Guid.TryParse((string?)field?["value"], out var ours) ? ours : null, null, null, true, (string)theirs["contact_name"]!));
            }

            return customers;
        }

        public async Task EndAccessTokensAsync()
        {
            using var ended = await Http.DeleteAsync(new Uri($"{control}/tokens"));
            ended.EnsureSuccessStatusCode();
            token = null;
        }

        public async Task RevokeAsync()
        {
            using var revoked = await Http.PostAsync(new Uri(zoho, $"oauth/v2/token/revoke?token={made["refresh_token"]}"), null);
            revoked.EnsureSuccessStatusCode();
            token = null;
        }

        public Task ApproveAsync() => PutAsync(new { });

        public async Task TakeNumberAsync(string number)
        {
            await SendAsync(HttpMethod.Post, "salesorders?ignore_auto_number_generation=true", new
            {
                customer_id = await StrangerAsync(number), salesorder_number = number, line_items = new[] { new { name = "Something", quantity = 1, rate = 1 } },
            });
        }

        public async Task TakeQuoteNumberAsync(string number) => await EnterAsync("estimates?ignore_auto_number_generation=true", new
        {
            customer_id = await StrangerAsync(number), estimate_number = number, line_items = new[] { new { name = "Something", quantity = 1, rate = 1 } },
        });

        public async Task TakeReferenceAsync(string reference) => await EnterAsync("customerpayments", new
        {
            customer_id = await StrangerAsync(reference), payment_mode = "cash", amount = 1, date = "2026-03-03", reference_number = reference,
        });

        public Task TakeNameAsync(string name) => SendAsync(HttpMethod.Post, "contacts", new { contact_name = name });

        // Zoho refuses a name that is taken: the twin has another one.
        public async Task DoubleCustomerAsync(Guid recordId)
        {
            var first = (await CustomersAsync()).First(one => one.RecordId == recordId);
            var theirs = (await SendAsync(HttpMethod.Get, $"contacts/{first.Id}"))["contact"]!;
            await SendAsync(HttpMethod.Post, "contacts", new
            {
                contact_name = $"{first.Text} (again)",
                contact_persons = new[] { new { email = (string?)theirs["email"] ?? (string?)theirs["contact_persons"]?[0]?["email"], is_primary_contact = true } },
                custom_fields = new[] { new { api_name = "cf_ordersync_id", value = recordId.ToString() } },
            });
        }

        public async Task DoubleReceiptAsync(Guid recordId)
        {
            var first = (await ReceiptsAsync()).First(one => one.RecordId == recordId);
            var theirs = (await SendAsync(HttpMethod.Get, $"customerpayments/{first.Id}"))["payment"]!;
            await EnterAsync("customerpayments", new
            {
                customer_id = (string)theirs["customer_id"]!, payment_mode = "cash", amount = first.Total, date = "2026-03-03", reference_number = first.Number,
                custom_fields = new[] { new { api_name = "cf_ordersync_id", value = recordId.ToString() } },
            });
        }

        public Task AddItemAsync(string sku) => PutAsync(new { items = new[] { new { sku, name = $"Item {sku}", rate = 1m } } });

        public Task RenameItemAsync(string sku, string name) => PutAsync(new { items = new[] { new { sku, name } } });

        public async Task DeleteItemAsync(string sku)
        {
            using var answer = await Http.DeleteAsync($"{control}/items/{sku}");
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }

        public async Task PutAsync(object settings)
        {
            using var answer = await Http.PutAsJsonAsync(control, settings);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, text);
            made = JsonNode.Parse(text)!;
        }

        private async Task<string> StrangerAsync(string mark) =>
            (string)(await SendAsync(HttpMethod.Post, "contacts", new { contact_name = $"Walk-in {mark}" }))["contact"]!["contact_id"]!;

        private async Task<IReadOnlyList<ErpDocument>> RowsAsync(string list, string idField, string numberField, Func<JsonNode, bool> isFinal) =>
            [.. JsonNode.Parse(await Http.GetStringAsync($"{control}/{list}"))!.AsArray().Select(row => new ErpDocument(
                (string)row![idField]!, Guid.TryParse((string?)row["cf_ordersync_id"], out var ours) ? ours : null, (string?)row[numberField], (decimal)row["total"]!, isFinal(row), ""))];

        // By the control API, which has the calls of both products.
        private async Task EnterAsync(string path, object row)
        {
            using var answer = await Http.PostAsJsonAsync($"{control}/{path}", row);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }

        // A person at work in Zoho itself, past the line.
        private async Task<JsonNode> SendAsync(HttpMethod method, string path, object? body = null)
        {
            token ??= await SignInAsync();
            using var request = new HttpRequestMessage(method, new Uri(zoho, $"inventory/v1/{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}organization_id={id}"));
            request.Headers.Authorization = new AuthenticationHeaderValue("Zoho-oauthtoken", token);
            request.Content = body is null ? null : JsonContent.Create(body);
            using var answer = await Http.SendAsync(request);
            if (answer.StatusCode == System.Net.HttpStatusCode.Unauthorized)
            {
                token = null;
                return await SendAsync(method, path, body);
            }

            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, text);
            return JsonNode.Parse(text)!;
        }

        private async Task<string> SignInAsync()
        {
            using var answer = await Http.PostAsync(new Uri(zoho, "oauth/v2/token"), new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "refresh_token", ["client_id"] = (string)made["client_id"]!, ["client_secret"] = (string)made["client_secret"]!,
                ["refresh_token"] = (string)made["refresh_token"]!,
            }));
            return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["access_token"]!;
        }
    }
}
