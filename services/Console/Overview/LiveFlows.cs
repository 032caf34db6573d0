using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using OrderSync.Console.Gateway;
using OrderSync.Console.SignIn;
using Polly;

namespace OrderSync.Console.Overview;

/// <summary>
/// Asks the gateway what flows in a company once for all who watch, draws it once for each kind of reader, and hands it to them. Nobody watches: nothing is asked.
/// </summary>
internal sealed partial class LiveFlows(IHttpClientFactory http, IServiceProvider services, ILoggerFactory loggers, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    // Who watches longer asks again, and is asked again who they are.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private const string StandsStill = """
        <p class="banner" role="status">These figures could not be drawn again; they are the last ones. Nothing else stands still, and the page goes on trying by itself. If this stays, tell your operator.</p>
        """;

    private readonly ConcurrentDictionary<Guid, Company> companies = new();
    private readonly HtmlRenderer renderer = new(services, loggers);
    private readonly ILogger logger = loggers.CreateLogger<LiveFlows>();

    /// <summary>Draws until the reader leaves.</summary>
    /// <param name="session">Who reads.</param>
    /// <param name="token">Their token at the gateway.</param>
    /// <param name="stop">They left.</param>
    public async IAsyncEnumerable<SseItem<string>> WatchAsync(Session session, string token, [EnumeratorCancellation] CancellationToken stop)
    {
        using var enough = new CancellationTokenSource(Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(enough.Token, stop);
        // The gateway says whose figures these are; what else the console could go by is only a name.
        Flow? first;
        while ((first = (await AskAsync(token, stop)).Flow) is null)
        {
            if (enough.IsCancellationRequested)
                yield break;
            await Task.Delay(Every, time, stop);
        }

        var reader = new Reader(token, session.MayRead, session.MayChange);
        var company = Join(first, reader);
        try
        {
            for (var drawn = 0; await NextAsync(reader, either.Token) is { } html; drawn++)
            {
                yield return new SseItem<string>(html, html == StandsStill ? "trouble" : "flow");
                // What an earlier connection said of trouble is over; an event without text would not be one.
                if (drawn == 0 && html != StandsStill)
                    yield return new SseItem<string>("<!-- -->", "trouble");
            }
        }
        finally
        {
            company.Leave(reader);
        }
    }

    public async ValueTask DisposeAsync() => await renderer.DisposeAsync();

    private static async Task<string?> NextAsync(Reader reader, CancellationToken stop)
    {
        try
        {
            return await reader.Drawn.Reader.ReadAsync(stop);
        }
        catch (Exception end) when (end is OperationCanceledException or ChannelClosedException)
        {
            return null;
        }
    }

    private Company Join(Flow first, Reader reader)
    {
        while (true)
        {
            var company = companies.GetOrAdd(first.Company, _ => new Company());
            if (company.TryJoin(reader, () => ServeAsync(first, company)))
                return company;
            // It ended just now.
            companies.TryRemove(KeyValuePair.Create(first.Company, company));
        }
    }

    // What cannot be drawn must not leave pages waiting: they say so, ask again, and whoever looks finds why in the log.
    private async Task ServeAsync(Flow first, Company company)
    {
        try
        {
            await PollAsync(first, company);
        }
        catch (Exception trouble)
        {
            LogTrouble(logger, trouble, first.Company);
            foreach (var reader in company.End())
            {
                reader.Drawn.Writer.TryWrite(StandsStill);
                reader.Drawn.Writer.TryComplete();
            }
        }
    }

    private async Task PollAsync(Flow last, Company company)
    {
        while (company.First() is { } reader)
        {
            var (flow, over) = await AskAsync(reader.Token, CancellationToken.None);
            if (over)
            {
                company.Leave(reader);
                reader.Drawn.Writer.TryComplete();
                continue;
            }

            last = flow ?? last;
            foreach (var alike in company.Readers().GroupBy(one => (one.MayRead, one.MayChange)))
            {
                var html = await DrawAsync(last, alike.Key.MayRead, alike.Key.MayChange, away: flow is null);
                foreach (var one in alike)
                    one.Drawn.Writer.TryWrite(html);
            }

            await Task.Delay(Every, time);
        }
    }

    private Task<string> DrawAsync(Flow flow, bool mayRead, bool mayChange, bool away) => renderer.Dispatcher.InvokeAsync(async () =>
    {
        var drawn = await renderer.RenderComponentAsync<LiveFlow>(ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(LiveFlow.Flow)] = flow, [nameof(LiveFlow.MayRead)] = mayRead, [nameof(LiveFlow.MayChange)] = mayChange, [nameof(LiveFlow.Away)] = away,
        }));
        return drawn.ToHtmlString();
    });

    // Nothing = the gateway is away. Over = this session is.
    private async Task<(Flow? Flow, bool Over)> AskAsync(string token, CancellationToken stop)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, Flow.Path);
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            using var answer = await http.CreateClient(nameof(GatewayClient)).SendAsync(message, stop);
            if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
                return (null, true);
            return (answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<Flow>(GatewayClient.Json, stop) : null, false);
        }
        catch (Exception trouble) when (trouble is HttpRequestException or ExecutionRejectedException || (trouble is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return (null, false);
        }
    }

    [LoggerMessage(LogLevel.Error, "What flows in company {Company} could not be drawn.")]
    private static partial void LogTrouble(ILogger logger, Exception trouble, Guid company);

    /// <summary>One open page: what is drawn for it, the newest only.</summary>
    private sealed record Reader(string Token, bool MayRead, bool MayChange)
    {
        public Channel<string> Drawn { get; } = Channel.CreateBounded<string>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    }

    /// <summary>Those who watch one company. It is over when the last has left.</summary>
    private sealed class Company
    {
        private readonly List<Reader> readers = [];
        private bool started, over;

        public bool TryJoin(Reader reader, Func<Task> poll)
        {
            lock (readers)
            {
                if (over)
                    return false;
                readers.Add(reader);
                if (!started)
                    _ = Task.Run(poll);
                return started = true;
            }
        }

        public void Leave(Reader reader)
        {
            lock (readers)
                readers.Remove(reader);
        }

        public Reader? First()
        {
            lock (readers)
            {
                over = readers.Count == 0;
                return over ? null : readers[0];
            }
        }

        public IReadOnlyList<Reader> End()
        {
            lock (readers)
            {
                over = true;
                return [.. readers];
            }
        }

        public IReadOnlyList<Reader> Readers()
        {
            lock (readers)
                return [.. readers];
        }
    }
}
