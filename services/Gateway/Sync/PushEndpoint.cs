using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Feed;
using OrderSync.Gateway.Traffic;

namespace OrderSync.Gateway.Sync;

/// <summary>
/// <c>POST /v1/sync/push</c>: takes what a device captured, one verdict a record. A chunk is one transaction; what was committed is answered,
/// whatever happens to the rest.
/// </summary>
internal sealed class PushEndpoint(PushPath path, PushStream lines, Cursors cursors, WaitingRoom room, TimeProvider time)
{
    public const string Lines = "application/x-ndjson";

    public async Task<IResult> HandleAsync(HttpContext http, CancellationToken stop)
    {
        var device = http.Features.Get<DeviceIdentity>()!;
        if (IsLines(http.Request))
            return await lines.HandleAsync(http, device, stop);

        using var luggage = room.Check(device.CompanyId, PushBody.Expected(http.Request));
        if (luggage is null)
            return WaitingRoom.Full();
        var (body, problem) = await PushBody.ReadAsync(http.Request, luggage, stop);
        if (problem is null)
        {
            // Waiting here holds neither a pooled connection nor what a body is made into, which is many times as large: one company's burst leaves the others theirs.
            using var place = await room.EnterAsync(device.CompanyId, stop);
            if (place is null)
                return WaitingRoom.Full();
            (var pieces, problem) = PushBody.Cut(body);
            if (problem is null)
                return await TakeAsync(http, device, pieces, stop);
        }

        return problem == BodyProblem.NoRoom ? WaitingRoom.Full() : Problems.Of(problem.Status, problem.Code, problem.Detail);
    }

    private async Task<IResult> TakeAsync(HttpContext http, DeviceIdentity device, List<ReadOnlyMemory<byte>> pieces, CancellationToken stop)
    {
        var began = time.GetTimestamp();
        var taken = await path.TakeAsync(Push.Of(http, device, cursors, time.GetUtcNow()), pieces, 0, stop);
        if (WhyNot(taken) is { } refusal)
            return refusal;
        GatewayMeter.Pushed(time.GetElapsedTime(began));
        return Results.Ok(new PushAnswer([.. taken.Verdicts], taken.Records.Count, End: true, taken.Epoch));
    }

    /// <summary>The answer where nothing at all was stored, for a reason that is not the records'.</summary>
    public static IResult? WhyNot(Taken taken) => taken switch
    {
        { Committed: true } => null,
        { DeviceGone: true } => DeviceStanding.Refusal,
        { Busy: true } => Problems.Busy("server.busy", "The server's database does not answer. Nothing was judged; send the same records again.", 5),
        _ => null,
    };

    private static bool IsLines(HttpRequest request) => request.ContentType?.Split(';')[0].Trim().Equals(Lines, StringComparison.OrdinalIgnoreCase) == true;
}
