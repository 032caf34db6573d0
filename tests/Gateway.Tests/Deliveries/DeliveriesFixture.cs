using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace OrderSync.Gateway.Tests.Deliveries;

/// <summary>A gateway of epoch 7 that knows one connector by HTTP, whose pages the test serves; connections are made late, as tests need them.</summary>
public sealed class DeliveriesFixture : GatewayFixture
{
    /// <summary>The connector whose pages are served here.</summary>
    public const string Pages = "pages";

    /// <summary>Where the console would be.</summary>
    public const string Console = "https://console.example/office";

    public const long Epoch = 7;
    private WebApplication? pages;

    /// <summary>What came: method and path, key, person, body.</summary>
    public ConcurrentQueue<(string Request, string Key, string Person, string Body)> Calls { get; } = new();

    /// <summary>What of its collections the connector says waits for a person.</summary>
    public object[] Troubles { get; set; } = [];

    /// <summary>What the connector says of its connections.</summary>
    public object[] Health { get; set; } = [];

    /// <summary>Where each of the company's connections stands, in the connector's words.</summary>
    public Func<object[]> Standings { get; set; } = () => [];

    /// <summary>Where approvals are to lead back to, as connectors were told.</summary>
    public ConcurrentQueue<string> Callbacks { get; } = new();

    public override Dictionary<string, string> Environment => new(base.Environment)
    {
        [$"services__{Pages}__http__0"] = pages!.Urls.First(),
        ["services__away__http__0"] = "http://127.0.0.1:9",
        ["Console__Address"] = Console,
        ["Levels__Epoch"] = Epoch.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    public override async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        pages = builder.Build();
        pages.Run(AnswerAsync);
        await pages.StartAsync();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (pages is not null)
            await pages.DisposeAsync();
    }

    /// <summary>A connection made now: what was stored before has no delivery to it. Its connector has its name, unless another is said.</summary>
    public async Task<string> ConnectAsync(string kinds, string? connector = null)
    {
        var name = $"c{Guid.NewGuid():N}";
        await Execute($"insert into gateway.connection (company_id, connection_id, name, connector, kinds) values ('{CompanyId}', gen_random_uuid(), '{name}', '{connector ?? name}', '{{{kinds}}}')");
        return name;
    }

    public Task<string[]> DeliveredKindsAsync(string connection) => Scalar<string[]>($"""
        select coalesce(array_agg(r.kind order by r.kind), array[]::text[]) from gateway.delivery d join gateway.record r using (company_id, record_id)
        join gateway.connection c using (company_id, connection_id) join gateway.outbox o using (company_id, connection_id, record_id) where c.name = '{connection}'
        """);

    public async Task<JsonElement> PostAsync(string path, object body)
    {
        var answer = await Office.PostAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>The newest line of the audit.</summary>
    public async Task<JsonElement> LastChangeAsync() => (await Office.GetFromJsonAsync<JsonElement>("/v1/office/audit?limit=1")).GetProperty("changes")[0];

    private async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        Calls.Enqueue(($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}", http.Request.Headers["X-OrderSync-Key"].ToString(),
            http.Request.Headers["X-OrderSync-Person"].ToString(), await reader.ReadToEndAsync()));
        http.Response.StatusCode = http.Request.Path.Value!.EndsWith("/pause", StringComparison.Ordinal) ? 204
            : http.Request.Path.Value.EndsWith("/hint", StringComparison.Ordinal) ? Calls.Last().Body.Contains("\"forged\"", StringComparison.Ordinal) ? 401 : 204 : http.Request.Path.Value.EndsWith("/bad", StringComparison.Ordinal) || Calls.Last().Body.Contains("\"wrong\"", StringComparison.Ordinal) ? 400 : 200;
        if (http.Request.Headers["X-OrderSync-Callback"].ToString() is { Length: > 0 } callback)
            Callbacks.Enqueue(callback);
        if (http.Request.Path.Value.EndsWith("/parked/count", StringComparison.Ordinal))
            await http.Response.WriteAsJsonAsync(new { count = 2, since = new DateTimeOffset(2026, 11, 1, 8, 0, 0, TimeSpan.Zero) });
        else if (http.Request.Path == "/manage/pull/attention")
            await http.Response.WriteAsJsonAsync(new { collections = Troubles });
        else if (http.Request.Path == "/manage/health")
            await http.Response.WriteAsJsonAsync(new { connections = Health });
        else if (http.Request.Path == "/manage/standing")
            await http.Response.WriteAsJsonAsync(new { connections = Standings() });
        else if (http.Request.Path == "/manage/settings")
            await http.Response.WriteAsJsonAsync(new { name = Pages, title = "Pages of a test", settings = new[] { new { name = "organisation", type = "text" } } });
        else if (http.Request.Path == "/manage/approved" && http.Request.Query["state"] == "unknown")
            await http.Response.WriteAsJsonAsync(new { works = false, title = "Not connected", message = "It is not known." });
        else if (http.Request.Path == "/manage/approved")
            await http.Response.WriteAsJsonAsync(new
            {
                works = http.Request.Query["code"] == "good", title = "The ERP <b>is</b> asked", message = $"It said {http.Request.Query["code"]} & more.", company = CompanyId,
                connection = Guid.TryParse(http.Request.Query["connection"], out var connection) ? connection : Guid.NewGuid(),
            });
        else if (http.Response.StatusCode != 204)
            await http.Response.WriteAsJsonAsync(new { account = "a-1", said = "yes" });
    }
}

/// <summary>Test classes that share one gateway with connections made late.</summary>
[CollectionDefinition("deliveries")]
public sealed class SharedDeliveries : ICollectionFixture<DeliveriesFixture>;
