using System.Diagnostics;
using System.Text;
using System.Text.Json;
using OrderSync.Benchmarks.Push;

namespace OrderSync.Benchmarks.Pull;

/// <summary>A device that has nothing: everything, to the last line with its hashes.</summary>
internal sealed class FirstDownload(Site site, Client device)
{
    public async Task<Download> RunAsync(CancellationToken stop)
    {
        GC.Collect();
        var cpu = site.Cpu();
        var started = Stopwatch.GetTimestamp();
        var (bytes, last) = await ReadAsync(device, "/v1/sync/pull", stop);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return new(EndOf(last).GetProperty("rows").GetInt64(), bytes, seconds, site.Cpu() - cpu);
    }

    /// <summary>Reads an answer to its end; its length and last line.</summary>
    public static async Task<(long Bytes, string Last)> ReadAsync(Client device, string path, CancellationToken stop)
    {
        using var answer = await device.GetAsync(path, stop);
        answer.EnsureSuccessStatusCode();
        await using var stream = await answer.Content.ReadAsStreamAsync(stop);
        var (buffer, tail, bytes) = (new byte[64 * 1024], new List<byte>(), 0L);
        for (int read; (read = await stream.ReadAsync(buffer, stop)) > 0; bytes += read)
        {
            // Only the line that may be the last is kept.
            var from = buffer.AsSpan(0, read - 1).LastIndexOf((byte)'\n') + 1;
            if (from > 0)
                tail.Clear();
            else if (tail.Count > 0 && tail[^1] == '\n')
                tail.Clear();
            tail.AddRange(buffer.AsSpan(from, read - from));
        }

        return (bytes, Encoding.UTF8.GetString([.. tail]));
    }

    /// <summary>What the last line says; an answer without it was cut off.</summary>
    public static JsonElement EndOf(string last)
    {
        var end = JsonSerializer.Deserialize<JsonElement>(last).GetProperty("end");
        return end.TryGetProperty("cursor", out _) ? end : throw new InvalidOperationException($"The pull did not get to its end: {last}");
    }
}
