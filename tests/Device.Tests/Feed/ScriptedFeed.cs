using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace OrderSync.Device.Tests;

/// <summary>
/// Stands in for the gateway at HTTP where a test decides what passes of an answer, byte by byte: it knows rows, speaks the wire format of a pull and accepts what is pushed.
/// That the gateway speaks so too is proven against the gateway.
/// </summary>
internal sealed class ScriptedFeed : HttpMessageHandler
{
    private readonly Lock _turn = new();
    private readonly SortedDictionary<string, string> _rows = new(StringComparer.Ordinal);
    private readonly List<string> _log = [];

    public string Epoch { get; set; } = Guid.NewGuid().ToString();

    /// <summary>What the server's clock says.</summary>
    public string ServerTime { get; set; } = "2026-03-03T09:00:00Z";

    /// <summary>Rows between checkpoints.</summary>
    public int Page { get; set; } = 10;

    public bool Gzip { get; set; }

    /// <summary>What cursors of complete downloads speak of is forgotten.</summary>
    public bool Trimmed { get; set; }

    /// <summary>Bytes of the next pulls that pass, in turn; then all pass.</summary>
    public Queue<int> Cuts { get; } = [];

    /// <summary>Told of each line before it passes; may change it, or hold it up.</summary>
    public Func<string, Task<string>> Passing { get; set; } = Task.FromResult;

    /// <summary>What pulls were asked, what was acknowledged, and what was pushed.</summary>
    public List<string> Asked { get; } = [];

    public List<string> Acknowledged { get; } = [];

    public List<Guid> Pushed { get; } = [];

    /// <summary>Records that came with the proof that they were acknowledged.</summary>
    public List<Guid> Proven { get; } = [];

    /// <summary>Records that are wanted later.</summary>
    public HashSet<Guid> Later { get; } = [];

    /// <summary>Bytes of pulls that have passed.</summary>
    public long Bytes { get; private set; }

    /// <summary>Answers of pulls that were cut.</summary>
    public int WereCut { get; private set; }

    public void Put(string collection, string key, object row)
    {
        lock (_turn)
        {
            _rows[$"{collection}\n{key}"] = row as string ?? JsonSerializer.Serialize(row, Contracts.ContractJson.Options);
            _log.Add($"{collection}\n{key}");
        }
    }

    public void Delete(string collection, string key)
    {
        lock (_turn)
        {
            _rows.Remove($"{collection}\n{key}");
            _log.Add($"{collection}\n{key}");
        }
    }

    /// <summary>Count and hash of each collection.</summary>
    public Dictionary<string, (long Count, string Hash)> Contents()
    {
        var hashes = new Dictionary<string, ContentHash>();
        foreach (var (name, row) in _rows)
        {
            var (collection, key) = (name.Split('\n')[0], name.Split('\n')[1]);
            var hash = hashes.GetValueOrDefault(collection);
            hash.Add(key, Encoding.UTF8.GetBytes(row));
            hashes[collection] = hash;
        }

        return hashes.ToDictionary(one => one.Key, one => (one.Value.Count, one.Value.Text));
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        switch (request.RequestUri!.AbsolutePath)
        {
            case "/v1/capabilities":
                return Answer(new { push = new { records = 1_000, bytesSent = 4_000_000, bytesUnpacked = 16_000_000 } });
            case "/v1/sync/push":
                var records = (await request.Content!.ReadFromJsonAsync<JsonElement>(cancellationToken)).EnumerateArray().Select(Offered).ToList();
                Pushed.AddRange(records.Except(Later));
                return Answer(new { verdicts = records.Select(id => new { id, rev = 1, outcome = Later.Contains(id) ? "retryLater" : "accepted", proof = Later.Contains(id) ? null : $"proof of {id}" }), received = records.Count, end = true });
            case "/v1/sync/pull/ack":
                await Passing("ack");
                Acknowledged.Add((await request.Content!.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("cursor").GetString()!);
                return Answer(new { ready = true });
            case "/v1/sync/status":
                return Answer(new { current = Cursor(request) == $"at:{_log.Count}:{Epoch}" });
            case "/v1/sync/pull":
                Asked.Add(Cursor(request) ?? "");
                return Pull(Cursor(request));
            default:
                return new HttpResponseMessage(HttpStatusCode.InternalServerError);
        }
    }

    private Guid Offered(JsonElement piece)
    {
        if (!piece.TryGetProperty("proof", out var proof))
            return piece.GetProperty("id").GetGuid();
        var id = piece.GetProperty("record").GetProperty("id").GetGuid();
        Assert.Equal($"proof of {id}", proof.GetString());
        Proven.Add(id);
        return id;
    }

    private static string? Cursor(HttpRequestMessage request) =>
        request.RequestUri!.Query is { Length: > 8 } query ? Uri.UnescapeDataString(query["?cursor=".Length..]) : null;

    private HttpResponseMessage Pull(string? cursor)
    {
        var lines = Lines(cursor);
        var bytes = Gzip ? Packed(lines) : [.. lines.SelectMany(line => Encoding.UTF8.GetBytes(line + "\n"))];
        var most = Cuts.TryDequeue(out var cut) ? cut : int.MaxValue;
        WereCut += most < bytes.Length ? 1 : 0;
        Bytes += Math.Min(most, bytes.Length);
        // Whole lines can be held up only where they are not packed.
        Stream passing = Gzip || most < bytes.Length ? new CutStream(bytes, most) : new HeldStream(lines, Passing);
        var content = new StreamContent(passing);
        if (Gzip)
            content.Headers.ContentEncoding.Add("gzip");
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }

    // Flushed after each line, as a server does that has more to fetch.
    private static byte[] Packed(IEnumerable<string> lines)
    {
        using var bytes = new MemoryStream();
        using (var packed = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (var line in lines)
            {
                packed.Write(Encoding.UTF8.GetBytes(line + "\n"));
                packed.Flush();
            }
        }

        return bytes.ToArray();
    }

    private List<string> Lines(string? cursor)
    {
        lock (_turn)
        {
            var parts = cursor?.Split(':') ?? [];
            var isKnown = parts is [_, _, .., var epoch] && epoch == Epoch;
            return isKnown && parts[0] is "at" or "on" && !Trimmed
                ? Changes(int.Parse(parts[1], CultureInfo.InvariantCulture), resumed: parts[0] == "on")
                : Full(isKnown && parts[0] == "full" ? parts : null, cursor is null ? "first" : isKnown ? "tooOld" : "newEpoch");
        }
    }

    private List<string> Changes(int from, bool resumed)
    {
        List<string> lines = [Json(new { begin = new { mode = "changes", epoch = Epoch, serverTime = ServerTime, resumed } })];
        foreach (var (page, i) in _log[from..].Chunk(Page).Select((page, i) => (page, i)))
        {
            lines.AddRange(page.Distinct().Select(Row));
            if (from + ((i + 1) * Page) < _log.Count)
                lines.Add(Json(new { checkpoint = $"on:{from + ((i + 1) * Page)}:{Epoch}" }));
        }

        return [.. lines, Json(new { end = new { cursor = $"at:{_log.Count}:{Epoch}", rows = lines.Count - 1 } })];
    }

    // A cursor of an unfinished download: full:P0:last key in base 64:epoch.
    private List<string> Full(string[]? from, string reason)
    {
        var (start, last) = from is [_, var p0, var key, _] ? (int.Parse(p0, CultureInfo.InvariantCulture), Encoding.UTF8.GetString(Convert.FromBase64String(key))) : (_log.Count, "");
        List<string> lines = [Json(new { begin = new { mode = "full", epoch = Epoch, serverTime = ServerTime, reason, resumed = from is not null } })];
        foreach (var page in _rows.Keys.Where(name => string.CompareOrdinal(name, last) > 0).Chunk(Page))
            lines.AddRange([.. page.Select(Row), Json(new { checkpoint = $"full:{start}:{Convert.ToBase64String(Encoding.UTF8.GetBytes(page[^1]))}:{Epoch}" })]);
        lines.AddRange(_log[start..].Distinct().Select(Row));
        return [.. lines, Json(new { end = new { cursor = $"at:{_log.Count}:{Epoch}", collections = Contents().ToDictionary(one => one.Key, one => new { count = one.Value.Count, hash = one.Value.Hash }) } })];
    }

    private string Row(string name)
    {
        var (collection, key) = (JsonSerializer.Serialize(name.Split('\n')[0]), JsonSerializer.Serialize(name.Split('\n')[1]));
        return _rows.TryGetValue(name, out var row) ? $$"""{"c":{{collection}},"k":{{key}},"row":{{row}}}""" : $$"""{"c":{{collection}},"k":{{key}},"gone":"deleted"}""";
    }

    private static string Json(object line) => JsonSerializer.Serialize(line);

    private static HttpResponseMessage Answer(object body) => new(HttpStatusCode.OK) { Content = JsonContent.Create(body), Headers = { Date = DateTimeOffset.UtcNow } };
}
