using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>A call that reached the line to the ERP.</summary>
internal sealed record ErpCall(CallStep Step, string Method, string Path, string Body, DateTimeOffset At)
{
    /// <summary>What was answered; 0 while nothing was, or when the line was cut.</summary>
    public int Status { get; set; }

    /// <summary>Whether its body names a record, however the ERP's field spells an id.</summary>
    public bool Names(Guid record) => Body.Contains($"{record:D}", StringComparison.OrdinalIgnoreCase) || Body.Contains($"{record:N}", StringComparison.OrdinalIgnoreCase);
}

/// <summary>
/// The line between connectors and their ERP: real HTTP through a port of its own. It notes every call and puts in its way what a case wants.
/// </summary>
internal sealed class ErpLine : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly IConformanceErp erp;
    private readonly TimeProvider clock;
    private readonly Lock gate = new();
    private readonly List<(Func<ErpCall, bool> Meets, Obstacle Obstacle, int Left)> laid = [];
    private readonly ConcurrentQueue<ErpCall> calls = new();
    private long lastMove = Stopwatch.GetTimestamp();
    private int busy;
    private int underWay;
    private int peak;

    private ErpLine(WebApplication app, IConformanceErp erp, TimeProvider clock) => (this.app, this.erp, this.clock) = (app, erp, clock);

    /// <summary>Where connectors find the ERP.</summary>
    public Uri Address => new(app.Urls.First());

    /// <summary>Calls so far, in order of arrival.</summary>
    public IReadOnlyList<ErpCall> Calls => [.. calls];

    /// <summary>Calls that are being carried out, but for those that a case holds.</summary>
    public int Busy => Volatile.Read(ref busy);

    /// <summary>Most calls at once, token calls aside.</summary>
    public int Peak => Volatile.Read(ref peak);

    /// <summary>How long, in real time, nothing has moved on the line.</summary>
    public TimeSpan Quiet => Stopwatch.GetElapsedTime(Interlocked.Read(ref lastMove));

    /// <summary>Ends, and cuts what is held.</summary>
    public CancellationTokenSource Ended { get; } = new();

    /// <summary>What happens to calls in whose way nothing was laid.</summary>
    public Func<ErpCall, Obstacle> Weather { get; set; } = _ => Obstacles.None;

    /// <summary>Watches each call before it goes on.</summary>
    public Func<ErpCall, Task> Watching { get; set; } = _ => Task.CompletedTask;

    public static async Task<ErpLine> StartAsync(IConformanceErp erp, TimeProvider clock)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.SetMinimumLevel(LogLevel.None);
        var app = builder.Build();
        var line = new ErpLine(app, erp, clock);
        app.Run(line.PassAsync);
        await app.StartAsync();
        return line;
    }

    public IEnumerable<ErpCall> To(CallStep step) => Calls.Where(call => call.Step == step);

    /// <summary>Lays an obstacle in the way of the next calls for <paramref name="step"/>, as many as <paramref name="times"/>.</summary>
    public void Lay(CallStep step, Obstacle obstacle, int times = 1, Func<ErpCall, bool>? only = null)
    {
        lock (gate)
            laid.Add((call => call.Step == step && only?.Invoke(call) != false, obstacle, times));
    }

    /// <summary>Takes all obstacles away.</summary>
    public void Clear()
    {
        lock (gate)
            laid.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await Ended.CancelAsync();
        using (var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(100)))
            await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    /// <summary>Counts a call in (+1) or out (-1) of those under way.</summary>
    internal void Count(int by)
    {
        Interlocked.Exchange(ref lastMove, Stopwatch.GetTimestamp());
        Interlocked.Add(ref busy, by);
    }

    private async Task PassAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var path = $"{http.Request.Path}{http.Request.QueryString}";
        var text = Encoding.UTF8.GetString(body.ToArray());
        var call = new ErpCall(erp.StepOf(http.Request.Method, path, text), http.Request.Method, path, text, clock.GetUtcNow());
        calls.Enqueue(call);
        Count(+1);
        var atOnce = call.Step == CallStep.Token ? 0 : Interlocked.Increment(ref underWay);
        lock (gate)
            peak = Math.Max(peak, atOnce);
        try
        {
            await Watching(call);
            await Next(call)(new PassingCall(this, erp, http, call, body.ToArray()));
        }
        finally
        {
            if (call.Step != CallStep.Token)
                Interlocked.Decrement(ref underWay);
            Count(-1);
        }
    }

    private Obstacle Next(ErpCall call)
    {
        lock (gate)
        {
            var at = laid.FindIndex(one => one.Left > 0 && one.Meets(call));
            if (at < 0)
                return Weather(call);
            laid[at] = laid[at] with { Left = laid[at].Left - 1 };
            return laid[at].Obstacle;
        }
    }
}

/// <summary>A call on its way: it may reach the ERP, be answered, both, or neither.</summary>
internal sealed class PassingCall(ErpLine line, IConformanceErp erp, HttpContext http, ErpCall call, byte[] body)
{
    private static readonly HttpClient Onward = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });
    private static readonly string[] NotPassedOn = ["Host", "Connection", "Transfer-Encoding", "Content-Length"];
    private readonly (string Method, string Path, string Host, List<KeyValuePair<string, string?>> Headers) asked = (
        http.Request.Method, $"{http.Request.Path}{http.Request.QueryString}", http.Request.Host.Value!,
        http.Request.Headers.Where(header => !NotPassedOn.Contains(header.Key)).Select(header => KeyValuePair.Create(header.Key, (string?)header.Value)).ToList());

    public ErpLine Line => line;

    /// <summary>The ERP carries it out, whether or not anybody waits for the answer.</summary>
    public async Task<ErpReply> EffectAsync()
    {
        using var onward = new HttpRequestMessage(new HttpMethod(asked.Method), new Uri(erp.Address, asked.Path)) { Content = body.Length > 0 ? new ByteArrayContent(body) : null };
        onward.Headers.Host = asked.Host;
        foreach (var (name, value) in asked.Headers)
        {
            if (!onward.Headers.TryAddWithoutValidation(name, value))
                onward.Content?.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await Onward.SendAsync(onward, CancellationToken.None);
        return new((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync())
        {
            Type = answer.Content.Headers.ContentType?.ToString(), RetryAfter = answer.Headers.RetryAfter?.ToString(), Location = answer.Headers.Location?.OriginalString,
        };
    }

    /// <summary>Answers what the ERP said.</summary>
    public Task AnswerAsync(ErpReply reply)
    {
        if (reply.Location is not null)
            http.Response.Headers.Location = reply.Location;
        return AnswerAsync(reply.Status, reply.Body, reply.Type, reply.RetryAfter);
    }

    public async Task AnswerAsync(int status, byte[] said, string? type = "application/json", string? retryAfter = null)
    {
        call.Status = status;
        http.Response.StatusCode = status;
        if (retryAfter is not null)
            http.Response.Headers.RetryAfter = retryAfter;
        if (status == StatusCodes.Status204NoContent)
            return;
        http.Response.ContentType = type;
        http.Response.ContentLength = said.Length;
        await http.Response.Body.WriteAsync(said);
    }

    /// <summary>Begins an answer of which half arrives.</summary>
    public async Task HalfAsync(byte[] said)
    {
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = said.Length;
        await http.Response.Body.WriteAsync(said.AsMemory(0, said.Length / 2));
        await http.Response.Body.FlushAsync();
        http.Abort();
    }

    public void Cut() => http.Abort();
}

/// <summary>What the ERP answered.</summary>
internal sealed record ErpReply(int Status, byte[] Body)
{
    public string? Type { get; init; }

    public string? RetryAfter { get; init; }

    /// <summary>Where what was written stands.</summary>
    public string? Location { get; init; }
}
