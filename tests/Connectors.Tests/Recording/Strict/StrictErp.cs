using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrderSync.Money;

namespace OrderSync.Connectors.Tests.Recording.Strict;

/// <summary>
/// A small ERP over HTTP that records everything and forgives nothing: it knows no key of ours, so the same create twice makes two documents; its
/// refresh tokens are good once; it refuses what is unknown or too long; it does its sums itself.
/// </summary>
internal sealed class StrictErp : IAsyncDisposable
{
    public const int LongestNotes = 1000;
    public const int LongestName = 100;

    private static readonly TimeSpan TokenLife = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<string, Books> organisations = new();
    private WebApplication? app;
    private TimeProvider clock = TimeProvider.System;

    public Uri Address => new(app!.Urls.First());

    public async Task StartAsync(TimeProvider time)
    {
        clock = time;
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Logging.SetMinimumLevel(LogLevel.None);
        app = builder.Build();
        app.UseRouting();
        app.MapPost("/{org}/token", TokenAsync);
        Map("GET", "/{org}/items", (books, http, _) => Answer(200, new JsonArray([.. books.Items.Where(sku => sku == http.Request.Query["sku"]).Select(sku => (JsonNode)sku)])));
        Map("GET", "/{org}/catalogue", (books, http, _) => Answer(200, Catalogue(books, int.Parse(http.Request.Query["after"]!, CultureInfo.InvariantCulture))));
        Map("GET", "/{org}/customers", (books, http, _) => Answer(200, Find(books.Customers, http)));
        Map("GET", "/{org}/orders", (books, http, _) => Answer(200, Find(books.Orders, http)));
        Map("POST", "/{org}/customers", (books, _, body) => CreateCustomer(books, body!));
        Map("POST", "/{org}/orders", (books, _, body) => CreateOrder(books, body!));
        Map("PUT", "/{org}/orders/{id}", (books, http, body) => Change(books, http, body!));
        Map("POST", "/{org}/orders/{id}/confirm", (books, http, _) =>
            books.Orders.Find(order => (string)order["id"]! == (string)http.Request.RouteValues["id"]!) is { } order ? With(order, "status", "confirmed") : No(404, "There is no such order"));
        Map("POST", "/{org}/orders/{id}/void", (books, http, _) =>
            books.Orders.Find(order => (string)order["id"]! == (string)http.Request.RouteValues["id"]!) is { } order ? With(order, "status", "void") : No(404, "There is no such order"));
        Map("POST", "/{org}/customers/{id}/void", (books, http, _) =>
            books.Customers.Find(customer => (string)customer["id"]! == (string)http.Request.RouteValues["id"]!) is { } twin ? With(twin, "status", "void") : No(404, "There is no such customer"));
        await app.StartAsync();
    }

    public Books Organisation(string id, RoundingLevel rounding) => organisations[id] = new Books { Rounding = rounding };

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
            await app.DisposeAsync();
    }

    public static (int Status, JsonNode Body) No(int status, string words) => (status, new JsonObject { ["error"] = words });

    private void Map(string method, string path, Func<Books, HttpContext, JsonObject?, (int Status, JsonNode Body)> handle) => app!.MapMethods(path, [method], async (HttpContext http) =>
    {
        var body = http.Request.ContentLength > 0 ? await JsonSerializer.DeserializeAsync<JsonObject>(http.Request.Body) : null;
        var books = organisations[(string)http.Request.RouteValues["org"]!];
        (int Status, JsonNode Body) answer;
        lock (books)
        {
            answer = books.Access.TryGetValue(http.Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal), out var until) && until > clock.GetUtcNow()
                ? handle(books, http, body)
                : No(401, "The access token is not good");
        }

        await WriteAsync(http, answer);
    });

    private async Task TokenAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync();
        var books = organisations[(string)http.Request.RouteValues["org"]!];
        (int Status, JsonNode Body) answer;
        lock (books)
        {
            if (form["refresh_token"] == books.RefreshToken)
            {
                var access = $"access-{Guid.NewGuid():N}";
                books.Access[access] = clock.GetUtcNow() + TokenLife;
                books.RefreshToken = $"refresh-{Guid.NewGuid():N}";
                answer = (200, new JsonObject { ["access_token"] = access, ["refresh_token"] = books.RefreshToken, ["expires_in"] = TokenLife.TotalSeconds });
            }
            else
            {
                answer = No(400, "invalid_grant");
            }
        }

        await WriteAsync(http, answer);
    }

    // Two at a time, in the order of last change; whoever was never changed comes before all others.
    private static JsonObject Catalogue(Books books, int after)
    {
        var rest = books.Items.Select((sku, i) => (Sku: sku, Name: $"Item {sku}", Changed: i - books.Items.Count))
            .Select(item => books.Names.TryGetValue(item.Sku, out var named) ? (item.Sku, named.Name, named.Changed) : item)
            .Where(item => item.Changed > after).OrderBy(item => item.Changed).ToList();
        return new JsonObject
        {
            ["total"] = books.Items.Count, ["more"] = rest.Count > 2,
            ["items"] = new JsonArray([.. rest.Take(2).Select(item => (JsonNode)new JsonObject { ["sku"] = item.Sku, ["name"] = item.Name, ["changed"] = item.Changed })]),
        };
    }

    private static JsonArray Find(List<JsonObject> rows, HttpContext http)
    {
        var (field, wanted) = http.Request.Query.Single() is var only ? (only.Key, only.Value.ToString()) : default;
        return new JsonArray([.. rows.Where(row => (string?)row[field] == wanted).Select(row => row.DeepClone())]);
    }

    private static (int Status, JsonNode Body) CreateCustomer(Books books, JsonObject body)
    {
        if (((string?)body["name"])?.Length is null or 0 or > LongestName)
            return No(422, $"A name has 1 to {LongestName} characters");
        return Keep(books.Customers, books, body);
    }

    private static (int Status, JsonNode Body) CreateOrder(Books books, JsonObject body)
    {
        if (!books.Customers.Exists(customer => (string)customer["id"]! == (string?)body["customerId"]))
            return No(422, "There is no such customer");
        return Wrong(books, body) ?? Keep(books.Orders, books, WithTotal(books, body));
    }

    private static (int Status, JsonNode Body) Change(Books books, HttpContext http, JsonObject body)
    {
        var order = books.Orders.Find(one => (string)one["id"]! == (string)http.Request.RouteValues["id"]!);
        if (order is null or not { } || (string)order["status"]! == "void")
            return No(422, "There is no such order");
        if (Wrong(books, body) is { } wrong)
            return wrong;
        foreach (var (name, value) in WithTotal(books, body))
            order[name] = value?.DeepClone();
        return (200, order.DeepClone());
    }

    private static (int Status, JsonNode Body)? Wrong(Books books, JsonObject body)
    {
        if (((string?)body["notes"])?.Length > LongestNotes)
            return No(422, $"Notes have at most {LongestNotes} characters");
        var unknown = body["lines"]!.AsArray().FirstOrDefault(line => !books.Items.Contains((string)line!["sku"]!));
        return unknown is null ? null : No(422, $"There is no item {unknown["sku"]}");
    }

    private static (int Status, JsonNode Body) Keep(List<JsonObject> rows, Books books, JsonObject row)
    {
        row["id"] = $"E{(++books.LastId).ToString(CultureInfo.InvariantCulture)}";
        row["status"] = "draft";
        rows.Add(row);
        return (201, row.DeepClone());
    }

    // The ERP's own arithmetic: line amounts to the cent, tax on each line or on the sum of a rate.
    private static JsonObject WithTotal(Books books, JsonObject body)
    {
        var lines = body["lines"]!.AsArray().Select(line => (Net: Cents((decimal)line!["quantity"]! * (decimal)line["price"]!), Rate: (decimal)line["taxRate"]!)).ToList();
        var tax = books.Rounding == RoundingLevel.Line
            ? lines.Sum(line => Cents(line.Net * line.Rate / 100))
            : lines.GroupBy(line => line.Rate).Sum(group => Cents(group.Sum(line => line.Net) * group.Key / 100));
        body["total"] = lines.Sum(line => line.Net) + tax + ((decimal?)body["rounding"] ?? 0);
        return body;
    }

    private static decimal Cents(decimal amount) => Math.Round(amount, 2, MidpointRounding.AwayFromZero);

    private static (int Status, JsonNode Body) With(JsonObject row, string name, string value)
    {
        row[name] = value;
        return (200, row.DeepClone());
    }

    private static (int Status, JsonNode Body) Answer(int status, JsonNode body) => (status, body);

    private static Task WriteAsync(HttpContext http, (int Status, JsonNode Body) answer)
    {
        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(answer.Body.ToJsonString());
    }

    /// <summary>What one organisation holds.</summary>
    public sealed class Books
    {
        public RoundingLevel Rounding { get; init; }

        public string RefreshToken { get; set; } = $"refresh-{Guid.NewGuid():N}";

        public Dictionary<string, DateTimeOffset> Access { get; } = [];

        public HashSet<string> Items { get; } = ["A", "B", "C"];

        /// <summary>Names given to items, and when: items without one were never changed.</summary>
        public Dictionary<string, (string Name, int Changed)> Names { get; } = [];

        public int LastChange { get; set; }

        public List<JsonObject> Customers { get; } = [];

        public List<JsonObject> Orders { get; } = [];

        public int LastId { get; set; }
    }
}
