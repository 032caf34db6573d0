using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace OrderSync.Simulator.Fleet;

/// <summary>A simulated device: enrolled once, remembered, and stubborn about its outbox.</summary>
internal sealed class Device : IDisposable
{
    private const int RecordsInARequest = 100;

    private readonly Http _gateway;
    private readonly Patience _patience;
    private readonly ECDsa _key;
    private readonly Action<RememberedDevice> _keep;
    private RememberedDevice _self;
    private string _accessToken;

    private Device(Http gateway, Patience patience, ECDsa key, RememberedDevice self, string accessToken, Action<RememberedDevice> keep)
    {
        (_gateway, _patience, _key, _self, _accessToken, _keep) = (gateway, patience, key, self, accessToken, keep);
    }

    private sealed record Enrolled(string DeviceId, string AccessToken, string RefreshToken);

    private sealed record Renewed(string AccessToken, string RefreshToken);

    /// <summary>The device of an earlier run, if the gateway still knows it; else a new one, enrolled with a code from the office.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="patience">How long to try.</param>
    /// <param name="known">The device of an earlier run.</param>
    /// <param name="name">What a new one is called.</param>
    /// <param name="code">Asks the office for a one-time code.</param>
    /// <param name="keep">Writes the device down; called before new credentials are used.</param>
    /// <param name="stop">Ends the call.</param>
    public static async Task<Device> OpenAsync(
        Http gateway, Patience patience, RememberedDevice? known, string name,
        Func<Task<string>> code, Action<RememberedDevice> keep, CancellationToken stop)
    {
        if (known is not null)
        {
            var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(Convert.FromBase64String(known.PrivateKey), out _);
            var device = new Device(gateway, patience, key, known, "", keep);
            try
            {
                await device.RenewAsync(stop);
                return device;
            }
            catch (Refusal)
            {
                // The gateway has been set up anew since, or the office has revoked this device.
                device.Dispose();
            }
        }

        return await EnrolAsync(gateway, patience, name, code, keep, stop);
    }

    /// <summary>Sends an outbox until each record has a verdict that is not "later".</summary>
    public async Task PushAsync(IReadOnlyList<CapturedRecord> records, Action<CapturedRecord, Verdict> told, CancellationToken stop)
    {
        var outbox = new Queue<CapturedRecord>(records);
        var inVain = 0;
        while (outbox.Count > 0)
        {
            var chunk = new List<CapturedRecord>(RecordsInARequest);
            while (chunk.Count < RecordsInARequest && outbox.TryDequeue(out var record))
                chunk.Add(record);

            // A lost answer costs nothing: the whole chunk goes again, and what was stored comes back as a duplicate.
            var verdicts = await _patience.AskAsync(again => SendAsync(chunk, again), stop);
            var settled = false;
            for (var i = 0; i < chunk.Count; i++)
            {
                if (verdicts[i].Outcome == Verdict.RetryLater)
                {
                    outbox.Enqueue(chunk[i]);
                    continue;
                }

                settled = true;
                told(chunk[i], verdicts[i]);
            }

            inVain = settled ? 0 : inVain + 1;
            if (inVain > 0 && _patience.IsOver)
                throw new NoAnswer("The gateway still asks to send later.");
            if (inVain > 0)
                await _patience.PauseAsync(inVain, null, stop);
        }
    }

    public void Dispose() => _key.Dispose();

    private static async Task<Device> EnrolAsync(
        Http gateway, Patience patience, string name, Func<Task<string>> code, Action<RememberedDevice> keep, CancellationToken stop)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var ask = new
        {
            Code = await code(),
            HardwareId = Guid.NewGuid().ToString(),
            PublicKey = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()),
            Name = name,
        };
        var enrolled = await patience.AskAsync(
            again => gateway.AskAsync<Enrolled>("gateway, enrolment", Http.Request(HttpMethod.Post, "v1/devices/enrol", body: ask), again), stop);

        var self = new RememberedDevice(
            enrolled.DeviceId, ask.HardwareId, Convert.ToBase64String(key.ExportPkcs8PrivateKey()), enrolled.RefreshToken);
        keep(self);
        return new Device(gateway, patience, key, self, enrolled.AccessToken, keep);
    }

    private async Task RenewAsync(CancellationToken stop)
    {
        var signed = Encoding.UTF8.GetBytes($"{_self.DeviceId}.{_self.RefreshToken}");
        var signature = _key.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        var ask = new { _self.DeviceId, _self.RefreshToken, Signature = Convert.ToBase64String(signature) };
        var renewed = await _patience.AskAsync(
            again => _gateway.AskAsync<Renewed>("gateway, token", Http.Request(HttpMethod.Post, "v1/devices/token", body: ask), again), stop);

        _self = _self with { RefreshToken = renewed.RefreshToken };
        _keep(_self);
        _accessToken = renewed.AccessToken;
    }

    private async Task<IReadOnlyList<Verdict>> SendAsync(List<CapturedRecord> chunk, CancellationToken stop)
    {
        var body = Pack(chunk);
        PushAnswer answer;
        try
        {
            answer = await _gateway.AskAsync<PushAnswer>("gateway, push", Push(body), stop);
        }
        catch (Refusal expired) when (expired.Status == HttpStatusCode.Unauthorized)
        {
            await RenewAsync(stop);
            answer = await _gateway.AskAsync<PushAnswer>("gateway, push", Push(body), stop);
        }

        if (!answer.End || answer.Verdicts is null || answer.Verdicts.Count != chunk.Count)
            throw new NoAnswer($"gateway, push: {answer.Verdicts?.Count ?? 0} verdicts for {chunk.Count} records.");
        for (var i = 0; i < chunk.Count; i++)
            if (answer.Verdicts[i].Id != chunk[i].Id)
                throw new NoAnswer("gateway, push: the verdicts are not those of the records sent.");
        return answer.Verdicts;
    }

    private HttpRequestMessage Push(byte[] body)
    {
        var request = Http.Request(HttpMethod.Post, "v1/sync/push", _accessToken);
        request.Headers.Add("OrderSync-Sent-At", DateTimeOffset.UtcNow.ToString("O"));
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Content.Headers.ContentEncoding.Add("gzip");
        return request;
    }

    private static byte[] Pack(List<CapturedRecord> chunk)
    {
        var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            for (var i = 0; i < chunk.Count; i++)
            {
                zip.Write(i == 0 ? "["u8 : ","u8);
                zip.Write(chunk[i].Bytes.Span);
            }

            zip.Write("]"u8);
        }

        return packed.ToArray();
    }
}
