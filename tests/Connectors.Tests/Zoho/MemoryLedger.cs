using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrderSync.Contracts;
using OrderSync.Framework;
using OrderSync.Zoho;

namespace OrderSync.Connectors.Tests.Zoho;

/// <summary>
/// Enough of a ledger to tell the connector's story without a database: noted steps, open intents, ids of customers. It plays one worker
/// that waits out every ambiguity window at once, which is sound here because the stand-in searches without lag.
/// </summary>
internal sealed class MemoryLedger
{
    private readonly ConcurrentDictionary<(string Document, string Step), string?> steps = new();
    private readonly ConcurrentDictionary<Guid, string> externalIds = new();
    private readonly Lock one = new();
    private readonly ServiceProvider services;
    private (string? Rejected, Task<Tokens> Tokens)? newest;

    public MemoryLedger(ZohoSettings settings, HttpMessageHandler? http = null)
    {
        Settings = settings;
        var builder = Host.CreateEmptyApplicationBuilder(null);
        ZohoConnector.AddServices(builder);
        var client = builder.Services.AddHttpClient(ZohoClient.Name).AddHttpMessageHandler(() => Calls);
        if (http is not null)
            client.ConfigurePrimaryHttpMessageHandler(() => http);
        services = builder.Services.AddSingleton(TimeProvider.System).AddSingleton<ZohoConnector>().BuildServiceProvider();
    }

    public ZohoSettings Settings { get; set; }

    public CallLog Calls { get; } = new();

    /// <summary>What the office mapped: kind, ours, theirs.</summary>
    public Dictionary<string, IReadOnlyDictionary<string, string>> Mappings { get; } = [];

    /// <summary>Orders that are done, with the totals Zoho reached.</summary>
    public ConcurrentDictionary<string, decimal> Confirmed { get; } = new();

    public ZohoConnector Connector => services.GetRequiredService<ZohoConnector>();

    public Connection Connection => new(
        Guid.Empty, Guid.Empty, Settings.Account, Settings, new Dictionary<string, string> { [nameof(ZohoSettings.ClientSecret)] = Settings.ClientSecret }, Mappings);

    public Steps StepsOf(DocumentInfo document) => new MemorySteps(this, $"{document.Key} {document.Revision}");

    /// <summary>One try of the worker.</summary>
    public async Task<Outcome> TryAsync(Customer customer)
    {
        var outcome = await CatchAsync(() => ((IConnector)Connector).PushCustomerAsync(customer, StepsOf(customer.Info), CancellationToken.None));
        if (outcome is Outcome.Done done)
            externalIds[customer.Info.RecordId] = done.ExternalId;
        return outcome;
    }

    /// <summary>One try of the worker.</summary>
    public async Task<Outcome> TryAsync(Order order)
    {
        var outcome = await CatchAsync(() => ((IConnector)Connector).PushOrderAsync(order, StepsOf(order.Info), CancellationToken.None));
        if (outcome is Outcome.Done done)
        {
            externalIds[order.Info.RecordId] = done.ExternalId;
            Confirmed[order.Info.Number!] = done.Total!.Value;
        }

        return outcome;
    }

    /// <summary>One try of the worker.</summary>
    public Task<Outcome> TryAsync(Quote quote) => CatchAsync(() => ((IConnector)Connector).PushQuoteAsync(quote, StepsOf(quote.Info), CancellationToken.None));

    /// <summary>One try of the worker.</summary>
    public Task<Outcome> TryAsync(Receipt receipt) => CatchAsync(() => ((IConnector)Connector).PushReceiptAsync(receipt, StepsOf(receipt.Info), CancellationToken.None));

    /// <summary>One try of the worker.</summary>
    public Task<Outcome> CancelAsync(Order order) => CatchAsync(() => ((IConnector)Connector).CancelOrderAsync(order, StepsOf(order.Info), CancellationToken.None));

    /// <summary>Tries until the outcome is final: what a worker and time make of Later and Ambiguous.</summary>
    public async Task<Outcome> PushAsync(Func<Task<Outcome>> attempt)
    {
        for (var tries = 0; tries < 50; tries++)
        {
            if (await attempt() is var outcome && outcome is not (Outcome.Later or Outcome.Ambiguous))
                return outcome;
        }

        throw new InvalidOperationException("Not final after 50 tries.");
    }

    /// <summary>The customer, then the order, to the end.</summary>
    public async Task<Outcome> PushAsync(Order order)
    {
        var customer = Some.CustomerOf(order);
        return await PushAsync(() => TryAsync(customer)) is Outcome.Done ? await PushAsync(() => TryAsync(order)) : throw new InvalidOperationException("The customer is not in Zoho.");
    }

    /// <summary>The customer, then the quote, to the end.</summary>
    public async Task<Outcome> PushQuoteAsync(Quote quote)
    {
        await PushAsync(() => TryAsync(Some.CustomerOf(new Order(quote.Info, quote.Body, quote.Customer))));
        return await PushAsync(() => TryAsync(quote));
    }

    private static async Task<Outcome> CatchAsync(Func<Task<Outcome>> push)
    {
        try
        {
            return await push();
        }
        catch (OutcomeException definite)
        {
            return definite.Outcome;
        }
    }

    private sealed class MemorySteps(MemoryLedger ledger, string document) : Steps
    {
        public override Connection Connection => ledger.Connection;

        public override async Task<T> OnceAsync<T>(string name, Func<Task<T>> write)
        {
            if (ledger.steps.TryGetValue((document, name), out var noted) && noted is not null)
                return JsonSerializer.Deserialize<T>(noted, ContractJson.Options)!;
            ledger.steps[(document, name)] = null;
            try
            {
                var result = await write();
                await FoundAsync(name, result);
                return result;
            }
            catch (OutcomeException definite) when (definite.Outcome is Outcome.Refused or Outcome.Later or Outcome.Reconnect)
            {
                ledger.steps.TryRemove((document, name), out _);
                throw;
            }
        }

        public override Task FoundAsync<T>(string name, T found)
        {
            ledger.steps[(document, name)] = JsonSerializer.Serialize(found, ContractJson.Options);
            return Task.CompletedTask;
        }

        public override Task<string?> ExternalIdAsync(Guid recordId) => Task.FromResult(ledger.externalIds.GetValueOrDefault(recordId));

        // One refresh for all who were refused the same token.
        public override Task<Tokens> TokensAsync(string? rejected = null)
        {
            lock (ledger.one)
            {
                if (ledger.newest is not { } newest || (rejected is not null && newest.Rejected != rejected))
                    ledger.newest = (rejected, ledger.Connector.RefreshAsync(Connection, ledger.Settings.RefreshToken, CancellationToken.None));
                return ledger.newest.Value.Tokens;
            }
        }
    }
}

/// <summary>Which calls went out.</summary>
internal sealed class CallLog : DelegatingHandler
{
    private readonly ConcurrentQueue<string> calls = new();

    public int Lost { get; private set; }

    public int Count(string method, string path) => calls.Count(call => call.StartsWith($"{method} ", StringComparison.Ordinal) && call.Contains(path, StringComparison.Ordinal));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        calls.Enqueue($"{request.Method} {request.RequestUri!.PathAndQuery}");
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException)
        {
            Lost++;
            throw;
        }
    }
}
