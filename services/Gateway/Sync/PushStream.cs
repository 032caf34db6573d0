using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Feed;
using OrderSync.Gateway.Traffic;

namespace OrderSync.Gateway.Sync;

/// <summary>
/// A push of lines: each chunk is committed as it comes, so what arrived before a line broke is kept. Over HTTP/2 its verdicts are answered at once; over HTTP/1.1 once the body has
/// been read, since clients there write before they read and would else wait for each other.
/// </summary>
internal sealed class PushStream(PushPath path, Offers offers, Cursors cursors, WaitingRoom room, TimeProvider time, IOptions<JsonOptions> json)
{
    private static readonly BodyProblem Gone = new(StatusCodes.Status401Unauthorized, DeviceStanding.Code, "The office has revoked this device.", "keep it, and ask the office.");
    private static readonly BodyProblem Busy = new(StatusCodes.Status503ServiceUnavailable, "server.busy", "The server's database does not answer.", "send it again later.");

    public async Task<IResult> HandleAsync(HttpContext http, DeviceIdentity device, CancellationToken stop)
    {
        using var luggage = room.Check(device.CompanyId, PushLines.Expected);
        if (luggage is null)
            return WaitingRoom.Full();
        var (body, problem) = PushBody.Open(http.Request);
        if (body is null)
            return Problems.Of(problem!.Status, problem.Code, problem.Detail);

        await using var opened = body;
        using var lines = new PushLines(body, luggage, time);
        var push = Push.Of(http, device, cursors, time.GetUtcNow());
        var answer = new Answer(http, json.Value.SerializerOptions);
        do
        {
            var chunk = await lines.NextAsync();
            problem = lines.Problem;
            if (problem is not null && !answer.HasBegun)
                return problem == BodyProblem.NoRoom ? WaitingRoom.Full() : Problems.Of(problem.Status, problem.Code, problem.Detail);

            var began = time.GetTimestamp();
            // What has come is stored, also where whoever sent it is gone by now.
            var taken = problem is null ? await TakeAsync(push, chunk, answer.Received) : NotTaken(push, chunk, answer.Received);
            if (taken is null)
            {
                if (!answer.HasBegun)
                    return WaitingRoom.Full();
                (problem, taken) = (BodyProblem.NoRoom, NotTaken(push, chunk, answer.Received));
            }

            if (!answer.HasBegun && PushEndpoint.WhyNot(taken) is { } refusal)
                return refusal;
            problem ??= taken.DeviceGone ? Gone : taken.Busy ? Busy : null;
            await answer.AddAsync(taken, stop);
            GatewayMeter.Pushed(time.GetElapsedTime(began));
        }
        while (!lines.IsOver && problem is null);

        await answer.EndAsync(problem, stop);
        return Results.Empty;
    }

    // A place is held while a chunk is stored, never while the line is waited for. Null: there was none in time.
    private async Task<Taken?> TakeAsync(Push push, IReadOnlyList<ReadOnlyMemory<byte>> chunk, int before)
    {
        using var place = await room.EnterAsync(push.Device.CompanyId, CancellationToken.None);
        return place is null ? null : await path.TakeAsync(push with { ReceivedAt = time.GetUtcNow() }, chunk, before, CancellationToken.None);
    }

    private Taken NotTaken(Push push, IReadOnlyList<ReadOnlyMemory<byte>> chunk, int before) => new(push, offers.Read(push.Device.CompanyId, chunk).Records, before);

    /// <summary>Verdicts a line each, then the end.</summary>
    private sealed class Answer(HttpContext http, JsonSerializerOptions json)
    {
        private readonly bool atOnce = HttpProtocol.IsHttp2(http.Request.Protocol) || HttpProtocol.IsHttp3(http.Request.Protocol);
        private readonly ArrayBufferWriter<byte> kept = new();
        private Guid? epoch;

        public int Received { get; private set; }

        /// <summary>Whether something was stored: from then on the status says 200.</summary>
        public bool HasBegun { get; private set; }

        public async Task AddAsync(Taken taken, CancellationToken stop)
        {
            epoch = taken.Epoch ?? epoch;
            Received += taken.Records.Count;
            HasBegun = true;
            foreach (var verdict in taken.Verdicts)
                Write(verdict);
            if (atOnce)
                await SendAsync(stop);
        }

        public async Task EndAsync(BodyProblem? problem, CancellationToken stop)
        {
            Write(new PushEnd(true, Received, epoch, problem is null ? null : new(problem.Code, problem.DetailOfRest, problem.Status)));
            await SendAsync(stop);
        }

        private void Write<T>(T line)
        {
            using (var writer = new Utf8JsonWriter(kept, new JsonWriterOptions { Encoder = json.Encoder, SkipValidation = true }))
                JsonSerializer.Serialize(writer, line, json);
            kept.Write("\n"u8);
        }

        private async Task SendAsync(CancellationToken stop)
        {
            try
            {
                if (!http.Response.HasStarted)
                    http.Response.ContentType = PushEndpoint.Lines;
                await http.Response.BodyWriter.WriteAsync(kept.WrittenMemory, stop);
                kept.ResetWrittenCount();
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException)
            {
                // Nobody is there to be told; the next push is.
                kept.ResetWrittenCount();
            }
        }
    }
}

/// <summary>The last line of a stream's answer. Without it nothing is known of what has no verdict: send it again.</summary>
/// <param name="End">Always true.</param>
/// <param name="Received">How many records came.</param>
/// <param name="Epoch">As in the answer to an array.</param>
/// <param name="Problem">Why the rest was not taken.</param>
internal sealed record PushEnd(bool End, int Received, Guid? Epoch, PushTrouble? Problem);

/// <summary>Trouble after the first commit, when the status has been said already.</summary>
internal sealed record PushTrouble(string Type, string Detail, int Status);
