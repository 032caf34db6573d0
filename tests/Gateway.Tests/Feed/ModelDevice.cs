using System.Buffers.Binary;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;

namespace OrderSync.Gateway.Tests.Feed;

/// <summary>What a device does with a pull, in memory: stages lines, keeps checkpoints, applies all at the end, and proves that it has what the server has.</summary>
public sealed class ModelDevice(TestDevice device, Uri gateway) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = gateway };
    private readonly List<(string Collection, string Key, string? Text)> staged = [];
    private bool stagedFull;
    private int keptAt;

    /// <summary>Rows by collection and key, exactly as they were sent.</summary>
    public Dictionary<string, Dictionary<string, string>> Copy { get; private set; } = [];

    public string? Cursor { get; private set; }

    public string? Checkpoint { get; set; }

    public JsonElement Begin { get; private set; }

    public JsonElement End { get; private set; }

    /// <summary>Bytes read so far, as they came.</summary>
    public long Bytes { get; private set; }

    /// <summary>Lines with rows or tombstones of the last pull.</summary>
    public List<string> Lines { get; } = [];

    public static async Task<ModelDevice> EnrolAsync(GatewayFixture gateway, string rep = "Ada") => new(await gateway.EnrolAsync(rep), gateway.Gateway.Url);

    public TestDevice Device => device;

    /// <summary>How it asks for its answers to be packed.</summary>
    public string? Encoding { get; set; }

    /// <summary>Pulls until the end has come, or the line is cut after so many bytes. True = the end came, and was applied.</summary>
    public async Task<bool> PullAsync(long? cutAfter = null, bool hashes = false, string language = "en")
    {
        Lines.Clear();
        using var request = Request(HttpMethod.Get, $"/v1/sync/pull?hashes={(hashes ? "true" : "false")}{((Checkpoint ?? Cursor) is { } cursor ? $"&cursor={cursor}" : "")}");
        request.Headers.AcceptLanguage.ParseAdd(language);
        if (Encoding is not null)
            request.Headers.AcceptEncoding.ParseAdd(Encoding);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode} {(answer.IsSuccessStatusCode ? "" : await answer.Content.ReadAsStringAsync())}");
        await using var stream = await answer.Content.ReadAsStreamAsync();
        Assert.Equal(Encoding, answer.Content.Headers.ContentEncoding.SingleOrDefault());
        await using Stream counted = new Counting(stream, read => Bytes += read, cutAfter);
        await using var unpacked = Encoding switch { "gzip" => new GZipStream(counted, CompressionMode.Decompress), "br" => new BrotliStream(counted, CompressionMode.Decompress), _ => counted };
        using var reader = new StreamReader(unpacked, System.Text.Encoding.UTF8);
        try
        {
            while (await reader.ReadLineAsync() is { } line)
                if (Take(line))
                    return true;
        }
        catch (EndOfStreamException)
        {
            // Cut on purpose.
        }

        return false;
    }

    /// <summary>Pulls, going on after each cut, until the end was applied and acknowledged.</summary>
    public async Task<ModelDevice> SyncAsync(bool hashes = true)
    {
        Assert.True(await PullAsync(hashes: hashes));
        Assert.True(await AcknowledgeAsync());
        return this;
    }

    public async Task<bool> AcknowledgeAsync(string? cursor = null)
    {
        using var request = Request(HttpMethod.Post, "/v1/sync/pull/ack");
        request.Content = JsonContent.Create(new { cursor = cursor ?? Cursor });
        using var answer = await http.SendAsync(request);
        return answer.IsSuccessStatusCode && (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("ready").GetBoolean();
    }

    public async Task<JsonElement> StatusAsync()
    {
        using var request = Request(HttpMethod.Get, $"/v1/sync/status?cursor={Cursor}");
        using var answer = await http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public IReadOnlyDictionary<string, string> Rows(string collection) => Copy.GetValueOrDefault(collection) ?? [];

    public JsonElement Row(string collection, string key) => JsonSerializer.Deserialize<JsonElement>(Rows(collection)[key]);

    /// <summary>What the last line says the server has, against what is here.</summary>
    public void AssertEqual()
    {
        foreach (var collection in End.GetProperty("collections").EnumerateObject())
        {
            var rows = Rows(collection.Name);
            Assert.Equal((collection.Name, collection.Value.GetProperty("count").GetInt64(), collection.Value.GetProperty("hash").GetString()), (collection.Name, rows.Count, HashOf(rows)));
        }
    }

    public void Dispose()
    {
        http.Dispose();
        device.Dispose();
    }

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", device.AccessToken);
        return request;
    }

    private bool Take(string line)
    {
        var json = JsonSerializer.Deserialize<JsonElement>(line);
        if (json.TryGetProperty("begin", out var begin))
        {
            Begin = begin;
            // What came after the last checkpoint was not kept.
            keptAt = begin.GetProperty("resumed").GetBoolean() ? keptAt : 0;
            staged.RemoveRange(keptAt, staged.Count - keptAt);
            stagedFull = begin.GetProperty("mode").GetString() == "full";
            return false;
        }

        if (json.TryGetProperty("checkpoint", out var checkpoint))
        {
            Checkpoint = checkpoint.GetString();
            keptAt = staged.Count;
            return false;
        }

        if (json.TryGetProperty("end", out var end))
        {
            End = end;
            return Apply();
        }

        Lines.Add(line);
        staged.Add((json.GetProperty("c").GetString()!, json.GetProperty("k").GetString()!, json.TryGetProperty("row", out var row) ? row.GetRawText() : null));
        return false;
    }

    private bool Apply()
    {
        if (!End.TryGetProperty("cursor", out var cursor))
            return false;
        if (stagedFull)
            Copy = [];
        foreach (var (collection, key, text) in staged)
        {
            if (!Copy.TryGetValue(collection, out var rows))
                Copy[collection] = rows = [];
            if (text is null)
                rows.Remove(key);
            else
                rows[key] = text;
        }

        staged.Clear();
        keptAt = 0;
        (Cursor, Checkpoint) = (cursor.GetString(), null);
        return true;
    }

    private static string HashOf(IReadOnlyDictionary<string, string> rows) => rows
        .Aggregate(0UL, (sum, row) => sum ^ BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{row.Key}\n{row.Value}")))).ToString("x16", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Counts, and ends like a broken line.</summary>
    private sealed class Counting(Stream inner, Action<int> count, long? most) : Stream
    {
        private long left = most ?? long.MaxValue;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (left <= 0)
                throw new EndOfStreamException();
            var read = await inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, left)], cancellationToken);
            left -= read;
            count(read);
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
