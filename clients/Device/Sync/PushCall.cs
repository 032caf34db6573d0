using System.IO.Compression;
using System.Text.Json;
using OrderSync.Contracts;

namespace OrderSync.Device;

/// <summary>Answer to a chunk.</summary>
/// <param name="Verdicts">One a record, in their order, and as they were received.</param>
/// <param name="Epoch">Under which the server speaks.</param>
internal sealed record Pushed(IReadOnlyList<(Verdict Verdict, string Received)> Verdicts, string? Epoch);

/// <summary>Sends a chunk and reads its verdicts, token and limits included. A chunk that is too large for the line comes back as the gateway's own refusal.</summary>
internal sealed class PushCall(GatewayCalls gateway, Tokens tokens)
{
    private PushLimits? _limits;

    /// <summary>What one request may hold; asked once for a process.</summary>
    public async Task<Answer<PushLimits>> LimitsAsync(CancellationToken stop)
    {
        if (_limits is null)
        {
            var answer = await gateway.GetAsync<Capabilities>("v1/capabilities", stop).ConfigureAwait(false);
            if (answer is not Answer<Capabilities>.Given { Value: var capabilities })
                return answer.As<PushLimits>();
            if (capabilities.Push is not { Records: > 0, BytesSent: > 0, BytesUnpacked: > 0 } push)
                return new Answer<PushLimits>.None("The gateway does not say what a push may hold.", Reached: true);
            _limits = push;
        }

        return new Answer<PushLimits>.Given(_limits, null);
    }

    /// <summary>Asks anew what a request may hold: it was less than thought.</summary>
    public void ForgetLimits() => _limits = null;

    public async Task<Answer<Pushed>> SendAsync(IReadOnlyList<DeviceRecord> chunk, int waiting, string? cursor, PushLimits limits, CancellationToken stop)
    {
        var body = Pack(chunk, limits.Gzip);
        if (body.Length > limits.BytesSent)
            return new Answer<Pushed>.Refused(413, "push.tooManyBytes", $"This entry is larger than the {limits.BytesSent / 1024 / 1024} MB that can be sent. Make it smaller and save it again.");

        var answer = await tokens.UseAsync((token, again) => gateway.PushAsync(token, body, limits.Gzip ? "gzip" : null, waiting, cursor, again), stop).ConfigureAwait(false);
        return answer is Answer<byte[]>.Given given ? Read(given, chunk) : answer.As<Pushed>();
    }

    private static Answer<Pushed> Read(Answer<byte[]>.Given answer, IReadOnlyList<DeviceRecord> chunk)
    {
        try
        {
            using var json = JsonDocument.Parse(answer.Value);
            // Without its end the answer was cut off, however whole it looks.
            if (json.RootElement.TryGetProperty("end", out var end) && end.ValueKind == JsonValueKind.True && json.RootElement.TryGetProperty("verdicts", out var received))
            {
                var verdicts = received.EnumerateArray().Select(one => (Verdict: one.Deserialize<Verdict>(ContractJson.Options)!, one.GetRawText())).ToList();
                if (verdicts.Count == chunk.Count && verdicts.Zip(chunk).All(pair => IsOf(pair.First.Verdict, pair.Second)))
                    return new Answer<Pushed>.Given(new(verdicts, json.RootElement.TryGetProperty("epoch", out var epoch) ? epoch.GetString() : null), answer.ServerTime);
            }

            return new Answer<Pushed>.None("The gateway's answer is not complete.", Reached: true);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return new Answer<Pushed>.None($"The gateway's answer cannot be read ({unreadable.Message}).", Reached: true);
        }
    }

    // One whose id the gateway could not read is told by its place.
    private static bool IsOf(Verdict verdict, DeviceRecord record) => verdict.Id is null || (verdict.Id == record.Id && verdict.Rev == record.Rev);

    private static byte[] Pack(IReadOnlyList<DeviceRecord> chunk, bool gzip)
    {
        var packed = new MemoryStream();
        using (Stream stream = gzip ? new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true) : new BufferedStream(packed))
        {
            for (var i = 0; i < chunk.Count; i++)
            {
                stream.Write(i == 0 ? "["u8 : ","u8);
                Write(stream, chunk[i]);
            }

            stream.Write("]"u8);
        }

        return packed.ToArray();
    }

    /// <summary>Writes a record as it is sent: what was acknowledged before beside its proof, in the bytes it always had.</summary>
    public static void Write(Stream stream, DeviceRecord record)
    {
        if (record.Verdict?.Proof is not { } proof)
        {
            stream.Write(record.Bytes.Span);
            return;
        }

        stream.Write("{\"proof\":"u8);
        stream.Write(JsonSerializer.SerializeToUtf8Bytes(proof, ContractJson.Options));
        stream.Write(",\"record\":"u8);
        stream.Write(record.Bytes.Span);
        stream.Write("}"u8);
    }
}
