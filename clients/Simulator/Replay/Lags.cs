using System.Globalization;
using System.Text.Json;
using OrderSync.Simulator.Office;

namespace OrderSync.Simulator.Replay;

/// <summary>How long orders took from the gateway's acknowledgement to their document at a destination, as their timelines say.</summary>
internal sealed class Lags
{
    private readonly List<double> _seconds;

    private Lags(IEnumerable<double> seconds) => _seconds = [.. seconds.Order()];

    /// <summary>Reads the timelines of all orders; those that are not there are left out.</summary>
    public static async Task<Lags> ReadAsync(OfficeApi office, IEnumerable<Guid> orders, string connection, CancellationToken stop)
    {
        var seconds = new System.Collections.Concurrent.ConcurrentBag<double>();
        await Parallel.ForEachAsync(orders, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = stop }, async (id, ended) =>
        {
            var record = await office.RecordAsync(id, ended);
            var there = record.GetProperty("timeline").EnumerateArray().Where(entry =>
                    Text(entry, "connection") == connection && Text(entry, "state") == "done")
                .Select(entry => entry.GetProperty("at").GetDateTimeOffset()).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
            if (there < DateTimeOffset.MaxValue)
                seconds.Add((there - record.GetProperty("receivedAt").GetDateTimeOffset()).TotalSeconds);
        });
        return new Lags(seconds);
    }

    /// <summary>One line for people.</summary>
    public override string ToString() => _seconds.Count == 0
        ? "none is there"
        : string.Create(CultureInfo.InvariantCulture, $"half of them within {At(0.50):F1} s, 95 % within {At(0.95):F1} s, the last after {_seconds[^1]:F1} s");

    private double At(double share) => _seconds[(int)Math.Min(_seconds.Count - 1, Math.Ceiling(share * _seconds.Count))];

    private static string? Text(JsonElement entry, string name) => entry.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
