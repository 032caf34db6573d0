using System.Diagnostics;
using System.Net;

namespace OrderSync.Framework.Calls;

/// <summary>
/// The one place where HTTP leaves a connector: each attempt, repeats too, takes its place in the budget and is written into the log.
/// </summary>
internal sealed class CallHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // Telemetry goes out by the same factory, on nobody's errand.
        if (Errand.Current is not { } errand)
            return await base.SendAsync(request, cancellationToken);

        await errand.Desk.Gate.EnterAsync(errand, cancellationToken);
        var call = Call.Begin(
            errand, request.Method.Method, Redaction.Target(request.RequestUri!, errand.Connection), await Snippet.OfAsync(request, errand, cancellationToken));
        var clock = Stopwatch.StartNew();
        HttpResponseMessage? answer = null;
        try
        {
            answer = await base.SendAsync(request, cancellationToken);
            // Read here, so that a body cut off half-way is in the log too.
            await answer.Content.LoadIntoBufferAsync(cancellationToken);
            var (outcome, health) = Judge(answer.StatusCode);
            errand.Note(health);
            errand.Desk.Log.Add(call.End(clock, outcome, (int)answer.StatusCode, await Snippet.OfAsync(answer, errand, cancellationToken)));
            return answer;
        }
        catch (Exception trouble)
        {
            errand.Note(Health.Trouble);
            var outcome = trouble is HttpRequestException http && ErpHttp.NothingSent(http) ? Call.Unreachable : Call.NoAnswer;
            errand.Desk.Log.Add(call.End(clock, outcome, (int?)answer?.StatusCode, Redaction.Text(trouble.Message, errand.Connection)));
            answer?.Dispose();
            throw;
        }
    }

    private static (string Outcome, Health Health) Judge(HttpStatusCode status) => status switch
    {
        HttpStatusCode.TooManyRequests => (Call.Limited, Health.Answered),
        HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => (Call.Trouble, Health.Trouble),
        >= HttpStatusCode.BadRequest => (Call.Refused, Health.Answered),
        _ => (Call.Answered, Health.Answered),
    };
}
