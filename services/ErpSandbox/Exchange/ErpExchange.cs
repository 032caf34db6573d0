namespace OrderSync.ErpSandbox;

/// <summary>The one way each call of every stand-in goes: read, draw a fault, carry out, keep, answer. A log of calls belongs here.</summary>
internal sealed partial class ErpExchange(
    FaultPlan faults, Journal journal, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<ErpExchange> logger)
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
            await fault(status).WriteAsync(http);
            return;
        }

        if (drawn.CommitAfter is { } later)
        {
            _ = CarryOutLaterAsync(request, call, later);
            await fault(StatusCodes.Status504GatewayTimeout).WriteAsync(http);
            return;
        }

        var answer = await call(request, () => PauseAsync(drawn.Pause));
        await journal.DurableAsync();
        if (drawn.DropAnswer)
            http.Abort();
        else
            await answer.WriteAsync(http);
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
