namespace OrderSync.ErpSandbox;

/// <summary>The one way each call of every stand-in goes: read, draw a fault, carry out, keep, answer, note.</summary>
internal sealed partial class ErpExchange(
    FaultPlan faults, RequestLog log, Journal journal, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<ErpExchange> logger)
{
    /// <summary>Carries out a call.</summary>
    /// <param name="http">The call as it arrived.</param>
    /// <param name="call">What the ERP does; awaits its second argument where it would be at work.</param>
    /// <param name="fault">Spells a fault as this ERP does.</param>
    public async Task RunAsync(HttpContext http, Func<ErpRequest, Func<Task>, Task<ErpAnswer>> call, Func<int, ErpAnswer> fault)
    {
        var request = await ErpRequest.ReadAsync(http);
        var drawn = faults.Draw(request.Method, request.Path);
        if (drawn.Status is { } status)
        {
            log.Write(request, status, $"status{status}");
            await fault(status).WriteAsync(http);
        }
        else if (drawn is { CommitAfter: { } afterGone, UntilGone: true })
        {
            log.Write(request, null, "commitGone");
            if (await GoneAsync(http))
                _ = CarryOutLaterAsync(request, call, afterGone);
        }
        else if (drawn.CommitAfter is { } later)
        {
            log.Write(request, StatusCodes.Status504GatewayTimeout, "commitLate");
            _ = CarryOutLaterAsync(request, call, later);
            await fault(StatusCodes.Status504GatewayTimeout).WriteAsync(http);
        }
        else
        {
            var answer = await call(request, () => PauseAsync(drawn.Pause));
            await journal.DurableAsync();
            log.Write(request, drawn.DropAnswer ? null : answer.Status, drawn.DropAnswer ? "dropAnswer" : null);
            if (drawn.DropAnswer)
                http.Abort();
            else
                await answer.WriteAsync(http);
        }
    }

    /// <summary>Waits until the caller has hung up; false if the sandbox ends first.</summary>
    private async Task<bool> GoneAsync(HttpContext http)
    {
        var gone = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var hungUp = http.RequestAborted.Register(() => gone.TrySetResult(true));
        await using var ending = lifetime.ApplicationStopping.Register(() => gone.TrySetResult(false));
        return await gone.Task;
    }

    // An ERP that is at work does not notice that its caller has gone, so only the end of the sandbox interrupts it.
    private Task PauseAsync(TimeSpan pause) =>
        pause > TimeSpan.Zero ? Task.Delay(pause, clock, lifetime.ApplicationStopping) : Task.CompletedTask;

    private async Task CarryOutLaterAsync(ErpRequest request, Func<ErpRequest, Func<Task>, Task<ErpAnswer>> call, TimeSpan later)
    {
        try
        {
            await PauseAsync(later);
            await call(request, () => Task.CompletedTask);
            await journal.DurableAsync();
        }
        catch (OperationCanceledException)
        {
            LogNeverCommitted(request.Method, request.Path);
        }
        catch (Exception trouble)
        {
            LogLateFailed(trouble, request.Method, request.Path);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The sandbox ended before {Method} {Path} was carried out late")]
    private partial void LogNeverCommitted(string method, string path);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed when carried out late")]
    private partial void LogLateFailed(Exception exception, string method, string path);
}
