using System.Text;
using System.Text.Json;
using OrderSync.Contracts;

namespace OrderSync.Device;

/// <summary>
/// Verdicts that came with the feed, told to the records they are about. The feed's file remembers which until the records have them, so that a kill in between loses none; one that
/// says nothing new is no news.
/// </summary>
internal sealed class News(FeedFile feed, Records records)
{
    /// <summary>Applies what has come; returns the records for which something has changed.</summary>
    public List<DeviceRecord> Tell(DateTimeOffset? at)
    {
        var heard = feed.Read(sql => sql.Query(
            "select n.record, r.body from news n left join row r on r.collection = 'verdicts' and r.key = n.record", row => (Key: row.GetString(0), Body: row.IsDBNull(1) ? null : (byte[])row.GetValue(1))));
        if (heard.Count == 0)
            return [];
        var changed = records.Hear([.. heard.Where(one => one.Body is not null).Select(one => Read(one.Key, one.Body!)).OfType<HeardVerdict>()], at);
        feed.Write(sql => heard.Sum(one => sql.Execute("delete from news where record = $1", one.Key)));
        feed.Commit();
        return changed;
    }

    private static HeardVerdict? Read(string key, byte[] body)
    {
        try
        {
            return Guid.TryParse(key, out var id) && JsonSerializer.Deserialize<Verdict>(body, ContractJson.Options) is { Rev: > 0, Outcome.Length: > 0 } verdict
                ? new HeardVerdict(id, verdict with { Id = id }, Encoding.UTF8.GetString(body), RowBody.Read(body, row => row.Text("sha256")))
                : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // Of a newer shape: what the push was answered stays.
            return null;
        }
    }
}

/// <summary>A verdict as the feed brought it.</summary>
/// <param name="Id">The record.</param>
/// <param name="Verdict">What it says.</param>
/// <param name="Received">In the bytes that came.</param>
/// <param name="Sha256">Of the bytes it is about.</param>
internal sealed record HeardVerdict(Guid Id, Verdict Verdict, string Received, string? Sha256);
