using System.Text;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>What happens to a call on the line.</summary>
internal delegate Task Obstacle(PassingCall call);

/// <summary>The faults of networks and ERPs, by what people call them.</summary>
internal static class Obstacles
{
    private const string Page = "<html><body>Service temporarily unavailable</body></html>";

    /// <summary>It arrives and is answered.</summary>
    public static Obstacle None { get; } = async call => await call.AnswerAsync(await call.EffectAsync());

    /// <summary>Carried out, then the line is cut.</summary>
    public static Obstacle LosesTheAnswer { get; } = async call =>
    {
        await call.EffectAsync();
        call.Cut();
    };

    /// <summary>Cut before the ERP saw it.</summary>
    public static Obstacle LosesTheRequest { get; } = call =>
    {
        call.Cut();
        return Task.CompletedTask;
    };

    /// <summary>Carried out; half of the answer arrives.</summary>
    public static Obstacle LosesHalfTheAnswer { get; } = async call => await call.HalfAsync((await call.EffectAsync()).Body);

    /// <summary>Carried out; something between us and the ERP answers with a page of its own, and success.</summary>
    public static Obstacle AnswersWithAPage { get; } = async call =>
    {
        await call.EffectAsync();
        await call.AnswerAsync(200, Encoding.UTF8.GetBytes(Page), "text/html");
    };

    /// <summary>Not carried out; a status and a page.</summary>
    public static Obstacle Fails(int status, string? retryAfter = null) => call => call.AnswerAsync(status, Encoding.UTF8.GetBytes(Page), "text/html", retryAfter);

    /// <summary>Not carried out; a definite no of the ERP.</summary>
    public static Obstacle Says((int Status, string Body) no) => call => call.AnswerAsync(no.Status, Encoding.UTF8.GetBytes(no.Body));

    /// <summary>504 at once; carried out after a while.</summary>
    public static Obstacle CommitsLate(TimeProvider clock, TimeSpan after) => async call =>
    {
        // The clock goes on only when it is carried out: it happens at its time, not some time after.
        clock.CreateTimer(_ => Task.Run(call.EffectAsync).GetAwaiter().GetResult(), null, after, Timeout.InfiniteTimeSpan);
        await call.AnswerAsync(504, Encoding.UTF8.GetBytes(Page), "text/html");
    };

    /// <summary>Stands still until the case lets it go, before or after the ERP carried it out.</summary>
    public static Obstacle Waits(Held held, bool carriedOut = false) => async call =>
    {
        var answer = carriedOut ? await call.EffectAsync() : null;
        call.Line.Count(-1);
        try
        {
            held.Arrive();
            await held.Going.WaitAsync(call.Line.Ended.Token);
        }
        catch (OperationCanceledException)
        {
            call.Cut();
            return;
        }
        finally
        {
            call.Line.Count(+1);
        }

        answer ??= await call.EffectAsync();
        await call.AnswerAsync(answer);
    };
}

/// <summary>A call that stands still.</summary>
internal sealed class Held
{
    private readonly TaskCompletionSource going = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool reached;

    public Task Going => going.Task;

    public bool Reached => reached;

    public void Arrive() => reached = true;

    public void Go() => going.TrySetResult();
}
