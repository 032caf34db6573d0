using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrderSync.Connectors.Tests.Conformance;
using OrderSync.Contracts;
using OrderSync.Contracts.Bus;
using OrderSync.Framework;
using OrderSync.Framework.Connections;
using OrderSync.Framework.Intake;
using OrderSync.Framework.Manage;
using OrderSync.Framework.Pull;
using OrderSync.ServiceDefaults;
using OrderSync.Testing;
using OrderSync.Zoho;

namespace OrderSync.Connectors.Tests.Zoho;

/// <summary>A database with the Zoho connector's schema, migrated as its schema run does it.</summary>
public sealed class ZohoLedgerFixture : PostgresFixture
{
    protected override Task MigrateAsync(string administratorConnectionString) =>
        ConnectorUnderTest.Of<ZohoConnector>().MigrateAsync(administratorConnectionString);
}

/// <summary>One replica of the connector as it runs in production, but for the queue: messages are handed to its intake.</summary>
internal sealed class ZohoReplica : IAsyncDisposable
{
    private readonly WebApplication app;

    private ZohoReplica(WebApplication app) => this.app = app;

    public static async Task<ZohoReplica> StartAsync(PostgresFixture database)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { EnvironmentName = "Development" });
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:zoho"] = database.ConnectionStringAs("zoho"),
            ["Secrets:Key"] = "k1:a text of at least thirty-two characters",
            ["Internal:Key"] = "internal",
        });
        builder.AddServiceDefaults();
        builder.AddConnector<ZohoConnector>();
        var app = builder.Build();
        app.MapManage();
        await app.StartAsync();
        return new ZohoReplica(app);
    }

    /// <summary>Enters the settings of a connection, as the office does.</summary>
    public Task ConnectAsync(Guid company, Guid connection, ZohoSettings settings)
    {
        var sent = JsonSerializer.SerializeToNode(settings, ContractJson.Options)!.AsObject();
        sent.Remove("account");
        return app.Services.GetRequiredService<ConnectionStore>().SaveAsync(company, connection, sent, CancellationToken.None);
    }

    /// <summary>Asks as the gateway does.</summary>
    public async Task<JsonNode> AskAsync(string path, HttpMethod? method = null, string? callback = null)
    {
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        request.Headers.Add("X-OrderSync-Key", "internal");
        if (callback is not null)
            request.Headers.Add("X-OrderSync-Callback", callback);
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    /// <summary>A person asks that a collection is looked at now, wholly if wanted.</summary>
    public Task<bool> PullAsync(Guid company, Guid connection, string collection, bool wholly = false)
    {
        var office = app.Services.GetRequiredService<PullOffice>();
        return wholly ? office.ReimportAsync(new(company, connection, collection), null, CancellationToken.None) : office.PullNowAsync(new(company, connection, collection), null, CancellationToken.None);
    }

    /// <summary>How what is brought back stands.</summary>
    public Task<IReadOnlyList<CollectionStanding>> CollectionsAsync(Guid company, Guid connection) =>
        app.Services.GetRequiredService<PullOffice>().ListAsync(company, connection, CancellationToken.None);

    /// <summary>Takes a message as the queue's consumer does.</summary>
    public Task TakeAsync(DeliverRecord record) => app.Services.GetRequiredService<RecordIntake>().TakeAsync(record, CancellationToken.None);

    /// <summary>Retry of a person, for the whole connection.</summary>
    public Task RetryAsync(Guid company, Guid connection) =>
        app.Services.GetRequiredService<OrderSync.Framework.Manage.Office>().RetryAsync(company, connection, null, CancellationToken.None);

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
