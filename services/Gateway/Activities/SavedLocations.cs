using Npgsql;
using OrderSync.Contracts.Records;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Activities;

/// <summary>Locations a rep saves: all devices of the rep have them by the feed. Of two versions the one captured later stays, in whatever order they come.</summary>
internal sealed class SavedLocations : IActivityType
{
    public const string Type = "location";

    public string Name => Type;

    public void Judge(Judged judged, ActivityBody activity, Known known)
    {
        if (activity.Location is not { } location || location.Id == Guid.Empty || string.IsNullOrWhiteSpace(location.Name))
            judged.Refuse(new Fault("location.name", "location"));
        else if (location.Position is null || !Positions.Takes(location.Position))
            judged.Refuse(new Fault("location.position", "location.position"));
    }

    /// <summary>Saves what was accepted.</summary>
    public static void Add(NpgsqlBatch batch, Guid company, IReadOnlyList<AcceptedRecord> rows)
    {
        // One statement may touch a row once.
        var saved = rows.Select(row => (Row: row, Body: (ActivityBody)row.Body)).GroupBy(one => one.Body.Location!.Id).Select(same => same.MaxBy(one => one.Row.CapturedAt)).ToList();
        if (saved.Count > 0)
            batch.Add("""
                insert into saved_location (company_id, location_id, rep_id, name, latitude, longitude, customer_id, notes, removed, captured_at)
                select $1, s.* from unnest($2::uuid[], $3::uuid[], $4::text[], $5::numeric[], $6::numeric[], $7::uuid[], $8::text[], $9::bool[], $10::timestamptz[]) as s
                on conflict (company_id, location_id) do update set name = excluded.name, latitude = excluded.latitude, longitude = excluded.longitude,
                    customer_id = excluded.customer_id, notes = excluded.notes, removed = excluded.removed, captured_at = excluded.captured_at
                where saved_location.rep_id = excluded.rep_id and saved_location.captured_at < excluded.captured_at
                """, company, saved.Select(one => one.Body.Location!.Id).ToArray(), saved.Select(one => one.Row.Rep).ToArray(), saved.Select(one => one.Body.Location!.Name).ToArray(),
                saved.Select(one => one.Body.Location!.Position.Latitude).ToArray(), saved.Select(one => one.Body.Location!.Position.Longitude).ToArray(),
                saved.Select(one => one.Row.CustomerId).ToArray(), saved.Select(one => one.Body.Notes).ToArray(), saved.Select(one => one.Body.Location!.Removed ?? false).ToArray(),
                saved.Select(one => one.Row.CapturedAt.ToUniversalTime()).ToArray());
    }
}
