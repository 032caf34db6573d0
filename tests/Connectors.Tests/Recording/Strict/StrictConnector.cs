using System.Net;
using System.Runtime.CompilerServices;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrderSync.Contracts.Catalogue;
using OrderSync.Contracts.Records;
using OrderSync.Framework;
using OrderSync.Money;

namespace OrderSync.Connectors.Tests.Recording.Strict;

/// <summary>Settings of a connection to the strict ERP.</summary>
internal sealed record StrictSettings : ConnectionSettings
{
    /// <summary>Address of the organisation.</summary>
    public Uri Organisation { get; init; } = new("http://127.0.0.1");

    /// <summary>Where the organisation rounds tax.</summary>
    public RoundingLevel TaxLevel { get; init; } = RoundingLevel.Document;

    /// <summary>hold, adjust or accept.</summary>
    public string OnDifference { get; init; } = "hold";

    [Secret]
    public string? RefreshToken { get; init; }

    public override string Account => $"strict:{Organisation.AbsolutePath}";
}

/// <summary>The story of the strict ERP: its documents are drafts first, and its numbers belong to everybody.</summary>
internal sealed class StrictConnector(StrictClient erp) : IConnector
{
    public static ConnectorInfo Info { get; } =
        new("strict", "Strict ERP", [Kinds.Customer, Kinds.Order], typeof(StrictSettings), AmbiguityWindow: TimeSpan.FromMinutes(2), MaxConcurrent: 4, Pulls: [new(CollectionNames.Items, Every: TimeSpan.FromMinutes(10), SweepEvery: TimeSpan.FromHours(24))]);

    public async IAsyncEnumerable<PulledPage<ItemLevel>> PullItemsAsync(string? from, PullSteps steps, [EnumeratorCancellation] CancellationToken stop)
    {
        for (var (after, more) = (from ?? $"{int.MinValue}", true); more;)
        {
            var page = await erp.ReadAsync(steps, $"catalogue?after={after}", stop);
            var items = page["items"]!.AsArray();
            (after, more) = (items.Count > 0 ? $"{items[^1]!["changed"]}" : after, (bool)page["more"]!);
            yield return new([.. items.Select(item => new Pulled<ItemLevel>((string)item!["sku"]!, new((string)item["sku"]!, (string)item["name"]!)))], after, (long)page["total"]!);
        }
    }

    public static void AddServices(IHostApplicationBuilder builder)
    {
        builder.Services.AddHttpClient(StrictClient.Name);
        builder.Services.AddSingleton<StrictClient>();
    }

    public Task<Tokens> RefreshAsync(Connection connection, string refreshToken, CancellationToken stop) => erp.RefreshAsync(connection, refreshToken, stop);

    public async Task<Outcome> PushCustomerAsync(Customer customer, Steps steps, CancellationToken stop)
    {
        var theirs = await erp.FindAsync(steps, $"customers?recordId={customer.Info.RecordId}", stop) is [var found, ..] ? found : null;
        if (theirs is null)
        {
            var body = new JsonObject { ["recordId"] = customer.Info.RecordId, ["name"] = Texts.Cut(customer.Body.Name, StrictErp.LongestName) };
            theirs = await steps.OnceAsync("create", () => erp.WriteAsync(steps, HttpMethod.Post, "customers", body, stop));
        }
        else
        {
            await steps.FoundAsync("create", theirs);
        }

        return new Outcome.Done((string)theirs["id"]!, null, null);
    }

    public async Task<IReadOnlyList<Found>?> FindAllAsync(Customer customer, Steps steps, CancellationToken stop) =>
        [.. (await erp.FindAsync(steps, $"customers?recordId={customer.Info.RecordId}", stop)).Where(row => (string)row["status"]! != "void")
            .Select(row => new Found((string)row["id"]!, (string)row["name"]!))];

    public async Task<bool> VoidAsync(DocumentInfo document, Found twin, Steps steps, CancellationToken stop)
    {
        try
        {
            await erp.WriteAsync(steps, HttpMethod.Post, $"customers/{twin.ExternalId}/void", null, stop);
            return true;
        }
        catch (OutcomeException no) when (no.Outcome is Outcome.Refused)
        {
            return false;
        }
    }

    public async Task<Outcome> PushOrderAsync(Order order, Steps steps, CancellationToken stop)
    {
        var settings = steps.Connection.Settings<StrictSettings>();
        foreach (var sku in order.Body.Lines.Select(line => line.Sku).Distinct())
        {
            if (!await erp.HasItemAsync(steps, sku, stop))
                return new Outcome.Refused("item.unmapped", $"The ERP has no item {sku}.", "Enter it there, then Retry.");
        }

        if (await steps.ExternalIdAsync(order.Customer!.Id) is not { } customer)
            return new Outcome.Later("The customer is not there yet.");
        var sameNumber = await erp.FindAsync(steps, $"orders?number={Uri.EscapeDataString(order.Info.Number!)}", stop);
        var theirs = sameNumber.FirstOrDefault(one => (string?)one["recordId"] == order.Info.RecordId.ToString());
        if (theirs is null && sameNumber.Count > 0)
            return new Outcome.Refused("erp.numberTaken", $"The ERP already has another order {order.Info.Number}.", "Rename it there, then Retry.");

        var (foretold, adjusts) = (Foretold(order.Body, settings), settings.OnDifference == "adjust");
        var rounding = adjusts ? order.Body.Totals.Total - foretold : 0;
        if (theirs is not null && (string)theirs["status"]! == "void")
            return new Outcome.Refused("erp.void", $"Order {order.Info.Number} is void in the ERP.", "Stop it here too.");
        if ((theirs is null || IsDraft(theirs)) && settings.OnDifference == "hold" && foretold != order.Body.Totals.Total)
            return Differs(order, $"The ERP would reach {foretold:0.00} EUR");

        var body = ToBody(order, customer, rounding);
        if (theirs is null)
        {
            theirs = await steps.OnceAsync("create", () => erp.WriteAsync(steps, HttpMethod.Post, "orders", body, stop));
        }
        else
        {
            await steps.FoundAsync("create", theirs);
            if ((IsDraft(theirs) || order.Info.Revision > 1) && (decimal)theirs["total"]! != foretold + rounding)
                theirs = await steps.OnceAsync($"change {rounding}", () => erp.WriteAsync(steps, HttpMethod.Put, $"orders/{theirs["id"]}", body, stop));
        }

        var total = (decimal)theirs["total"]!;
        if (IsDraft(theirs) && settings.OnDifference != "accept" && total != order.Body.Totals.Total)
            return Differs(order, $"The ERP reached {total:0.00} EUR");
        if (IsDraft(theirs))
            theirs = await steps.OnceAsync("confirm", () => erp.WriteAsync(steps, HttpMethod.Post, $"orders/{theirs["id"]}/confirm", null, stop));
        return total == order.Body.Totals.Total
            ? new Outcome.Done((string)theirs["id"]!, (string)theirs["number"]!, total)
            : new Outcome.Done((string)theirs["id"]!, (string)theirs["number"]!, total, "amountDiffers", Words(order, $"The ERP reached {total:0.00} EUR"));
    }

    public async Task<Outcome> CancelOrderAsync(Order order, Steps steps, CancellationToken stop)
    {
        var theirs = await erp.FindAsync(steps, $"orders?recordId={order.Info.RecordId}", stop) is [var found, ..] ? found : null;
        if (theirs is null)
        {
            await steps.NotThereAsync("create");
            return Outcome.NeverWritten("The ERP");
        }

        await steps.FoundAsync("create", theirs);
        if ((string)theirs["status"]! != "void")
            theirs = await steps.OnceAsync("void", () => erp.WriteAsync(steps, HttpMethod.Post, $"orders/{theirs["id"]}/void", null, stop));
        return Outcome.Cancelled("the ERP", (string)theirs["id"]!, (string)theirs["number"]!, (decimal)theirs["total"]!);
    }

    private static bool IsDraft(JsonObject theirs) => (string)theirs["status"]! == "draft";

    private static Outcome.Refused Differs(Order order, string what) => new("erp.amountDiffers", Words(order, what), "Choose where tax is rounded in Connections, then Retry.");

    private static string Words(Order order, string what) => $"{what}; the customer was shown {order.Body.Totals.Total:0.00} EUR.";

    private static decimal Foretold(OrderBody order, StrictSettings settings) => DocumentTotals.Compute(
        new DocumentInput(order.Currency, [.. order.Lines.Select(line => new LineInput(line.Quantity, line.UnitPrice, Discount.None, null, line.TaxRate))], Discount.None, 0, 0, false),
        new RoundingPolicy(settings.TaxLevel, Tie.HalfUp)).Total;

    private static JsonObject ToBody(Order order, string customer, decimal rounding) => new()
    {
        ["recordId"] = order.Info.RecordId,
        ["number"] = order.Info.Number,
        ["customerId"] = customer,
        ["notes"] = Texts.Cut(order.Body.Notes, StrictErp.LongestNotes),
        ["rounding"] = rounding,
        ["lines"] = new JsonArray([.. order.Body.Lines.Select(line => (JsonNode)new JsonObject
        {
            ["sku"] = line.Sku, ["quantity"] = line.Quantity, ["price"] = line.UnitPrice, ["taxRate"] = line.TaxRate,
        })]),
    };
}

/// <summary>The strict ERP's HTTP.</summary>
internal sealed class StrictClient(IHttpClientFactory clients)
{
    public const string Name = "strict";

    public async Task<Tokens> RefreshAsync(Connection connection, string refreshToken, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Below(connection, "token"));
        request.Content = new FormUrlEncodedContent([KeyValuePair.Create("refresh_token", refreshToken)]);
        try
        {
            var answer = await clients.CreateClient(Name).AskAsync("The ERP", request, stop);
            if (!answer.Good)
                throw new OutcomeException(new Outcome.Reconnect("The ERP no longer takes our sign-in. Connect it again."));
            var said = JsonNode.Parse(answer.Body)!;
            return new Tokens((string)said["access_token"]!, (string)said["refresh_token"]!, TimeSpan.FromSeconds((double)said["expires_in"]!), null);
        }
        catch (OutcomeException lost) when (lost.Outcome is Outcome.Ambiguous unsure)
        {
            throw new OutcomeException(new Outcome.Later(unsure.Reason));
        }
    }

    public async Task<IReadOnlyList<JsonObject>> FindAsync(Steps steps, string path, CancellationToken stop) =>
        [.. (await CallAsync(steps, HttpMethod.Get, path, null, stop)).AsArray().Select(row => row!.AsObject())];

    public async Task<JsonObject> ReadAsync(Steps steps, string path, CancellationToken stop) => (await CallAsync(steps, HttpMethod.Get, path, null, stop)).AsObject();

    public async Task<bool> HasItemAsync(Steps steps, string sku, CancellationToken stop) =>
        (await CallAsync(steps, HttpMethod.Get, $"items?sku={Uri.EscapeDataString(sku)}", null, stop)).AsArray().Count > 0;

    public async Task<JsonObject> WriteAsync(Steps steps, HttpMethod method, string path, JsonObject? body, CancellationToken stop) =>
        (await CallAsync(steps, method, path, body, stop)).AsObject();

    private async Task<JsonNode> CallAsync(Steps steps, HttpMethod method, string path, JsonObject? body, CancellationToken stop)
    {
        var tokens = await steps.TokensAsync();
        var answer = await SendAsync(steps, tokens, method, path, body, stop);
        if (answer.Status == HttpStatusCode.Unauthorized)
            answer = await SendAsync(steps, await steps.TokensAsync(rejected: tokens.AccessToken), method, path, body, stop);
        var said = Read(answer, method);
        return answer.Good
            ? said
            : throw new OutcomeException(new Outcome.Refused("erp.refused", $"The ERP said no: {said["error"]}.", "Correct what it names, then Retry."));
    }

    private async Task<ErpAnswer> SendAsync(Steps steps, Tokens tokens, HttpMethod method, string path, JsonObject? body, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, Below(steps.Connection, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.AccessToken);
        request.Content = body is null ? null : new StringContent(body.ToJsonString(), MediaTypeHeaderValue.Parse("application/json"));
        return await clients.CreateClient(Name).AskAsync("The ERP", request, stop);
    }

    private static JsonNode Read(ErpAnswer answer, HttpMethod method)
    {
        try
        {
            return JsonNode.Parse(answer.Body)!;
        }
        catch (JsonException)
        {
            var reason = $"The ERP's answer (HTTP {(int)answer.Status}) could not be read.";
            throw new OutcomeException(method == HttpMethod.Get ? new Outcome.Later(reason) : new Outcome.Ambiguous(reason));
        }
    }

    private static Uri Below(Connection connection, string path) => new($"{connection.Settings<StrictSettings>().Organisation}/{path}");
}
