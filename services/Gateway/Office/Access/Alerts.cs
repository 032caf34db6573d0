using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Office.Access;

/// <summary>Something the office is told.</summary>
/// <param name="Kind">Stable code with a sentence in <see cref="Sentences"/>.</param>
/// <param name="Subject">What it is about, such as a device id: until somebody has seen it, the same thing counts up and makes no second row.</param>
/// <param name="DeviceId">The device, if it is about one.</param>
/// <param name="Params">Values for the sentence; never a secret.</param>
internal sealed record Alert(string Kind, string Subject, Guid? DeviceId, IReadOnlyDictionary<string, string> Params);

internal sealed record AlertRow(
    Guid Id, string Kind, string Message, Guid? DeviceId, int Times, DateTimeOffset At, DateTimeOffset LastAt, DateTimeOffset? SeenAt, Guid? SeenBy, string? SeenByName);

internal sealed record AlertList(IReadOnlyList<AlertRow> Alerts, Guid? Next);

/// <summary>What the office is told, newest first, and that somebody has seen it.</summary>
internal sealed class Alerts(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>Adds an alert to a transaction, so that what happened and that the office is told are stored together.</summary>
    public static void Raise(NpgsqlBatch batch, Guid company, Alert alert, DateTimeOffset at) => batch.Add("""
        insert into alert (company_id, alert_id, at, last_at, kind, subject, device_id, params) values ($1, $2, $3, $3, $4, $5, $6, $7::jsonb)
        on conflict (company_id, kind, subject) where seen_at is null do update set times = alert.times + 1, last_at = excluded.last_at, params = excluded.params
        """, company, Guid.CreateVersion7(at), at, alert.Kind, alert.Subject, CompanyBatch.Maybe(alert.DeviceId),
        new JsonObject(alert.Params.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)Texts.Fit(pair.Value, 200)))).ToJsonString());

    public async Task<IResult> ListAsync(OfficeIdentity office, HttpRequest request, bool? seen, Guid? device, Guid? after, int? limit, CancellationToken stop)
    {
        var language = Sentences.LanguageOf(request);
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("""
            select a.alert_id, a.kind, a.params::text, a.device_id, a.times, a.at, a.last_at, a.seen_at, a.seen_by, w.name
            from alert a left join actor w on w.company_id = a.company_id and w.actor_id = a.seen_by
            where a.company_id = $1 and ($2::boolean is null or (a.seen_at is not null) = $2) and ($3::uuid is null or a.alert_id < $3)
                and ($5::uuid is null or a.device_id = $5) order by a.alert_id desc limit $4
            """, office.CompanyId, CompanyBatch.Maybe(seen), CompanyBatch.Maybe(after), Page.Size(limit), CompanyBatch.Maybe(device));
        var rows = new List<AlertRow>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            var kind = reader.GetString(1);
            rows.Add(new(reader.GetGuid(0), kind, Sentences.Of(kind, language, JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(2))),
                reader.IsDBNull(3) ? null : reader.GetGuid(3), reader.GetInt32(4), reader.GetFieldValue<DateTimeOffset>(5), reader.GetFieldValue<DateTimeOffset>(6),
                reader.IsDBNull(7) ? null : reader.GetFieldValue<DateTimeOffset>(7), reader.IsDBNull(8) ? null : reader.GetGuid(8), reader.IsDBNull(9) ? null : reader.GetString(9)));
        }

        return Results.Ok(new AlertList(rows, rows.Count == Page.Size(limit) ? rows[^1].Id : null));
    }

    public async Task<IResult> SeenAsync(OfficeIdentity office, Guid id, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("update alert set seen_at = $3, seen_by = $4 where company_id = $1 and alert_id = $2 and seen_at is null", office.CompanyId, id, time.GetUtcNow(), office.ActorId);
        batch.Add("select 1 from alert where company_id = $1 and alert_id = $2", office.CompanyId, id);
        await using var reader = await batch.ReadAsync(stop);
        var known = await reader.ReadAsync(stop);
        await reader.EndAsync(stop);
        return known ? Results.NoContent() : Problems.NotFound("alert.unknown", "No alert with this id.");
    }
}
