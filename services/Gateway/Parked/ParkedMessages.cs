using System.Globalization;
using System.Text;
using System.Text.Json;
using Npgsql;
using OrderSync.Contracts.Bus;
using OrderSync.Gateway.Office;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;
using OrderSync.ServiceDefaults.Bus;

namespace OrderSync.Gateway.Parked;

/// <summary>A message for the gateway that could not be read.</summary>
/// <param name="Id">Its id here.</param>
/// <param name="At">When it was taken off the parked queue.</param>
/// <param name="Reason">Why it was parked.</param>
/// <param name="Connector">Who says that it sent it.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Body">Its beginning.</param>
internal sealed record ParkedRow(Guid Id, DateTimeOffset At, string Reason, string? Connector, int Bytes, string Body);

/// <summary>A page, the oldest first. Next is the text for <c>after</c>; null on the last page.</summary>
internal sealed record ParkedList(IReadOnlyList<ParkedRow> Messages, string? Next);

/// <summary>Which parked messages: these, or the oldest thousand.</summary>
internal sealed record ParkedRequest(IReadOnlyList<Guid>? Ids, bool All);

/// <summary>How many were sent again or put aside.</summary>
internal sealed record ParkedAnswer(int Messages);

/// <summary>Parked messages of the gateway's own queue: looked at any number of times, sent again, or put aside. No row goes away.</summary>
internal sealed class ParkedMessages(NpgsqlDataSource database, BrokerQueues queues, TimeProvider time) : IKeepParked
{
    private const int Shown = 4096;
    private const int Most = 1000;

    public async Task KeepAsync(ParkedMessage message, CancellationToken stop)
    {
        var (company, connector) = SenderOf(message.Body);
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add(
            "insert into parked (company_id, parked_id, at, reason, connector, content_type, message_id, body) values ($1, $2, $3, $4, $5, $6, $7, $8)",
            company, Guid.CreateVersion7(time.GetUtcNow()), time.GetUtcNow(), Texts.Fit(message.Reason, 2000), CompanyBatch.Maybe(connector is null ? null : Texts.Fit(connector, 40)),
            CompanyBatch.Maybe(message.ContentType is null ? null : Texts.Fit(message.ContentType, 200)), CompanyBatch.Maybe(message.MessageId is null ? null : Texts.Fit(message.MessageId, 200)),
            message.Body.ToArray());
        await batch.ExecuteNonQueryAsync(stop);
    }

    public async Task<IResult> ListAsync(OfficeIdentity office, string? after, int? limit, CancellationToken stop)
    {
        var place = Read(after);
        if (after is not null && place is null)
            return Problems.Bad("parked.after", "after is the text an earlier page gave as next. Leave it out to begin at the start.");

        var size = Page.Size(limit);
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("""
            select parked_id, at, reason, connector, length(body), substring(body from 1 for $4) from parked
            where company_id = $1 and state = 'parked' and (at, parked_id) > ($2, $3) order by at, parked_id limit $5
            """, office.CompanyId, place?.At ?? DateTimeOffset.MinValue, place?.Id ?? Guid.Empty, Shown, size);
        var rows = new List<ParkedRow>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            rows.Add(new(reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3), reader.GetInt32(4),
                Texts.Fit(Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(5)), Shown)));
        }

        return Results.Ok(new ParkedList(rows, rows.Count == size ? string.Create(CultureInfo.InvariantCulture, $"{rows[^1].At.UtcTicks / 10}_{rows[^1].Id:N}") : null));
    }

    /// <summary>Puts messages back onto the gateway's queue; what is still unreadable comes back as a new row.</summary>
    public Task<IResult> ReplayAsync(OfficeIdentity office, ParkedRequest? wanted, CancellationToken stop) => EachAsync(office, wanted, async id =>
    {
        if (await FindAsync(office.CompanyId, id, stop) is not { } message)
            return false;
        // First the queue, then the row: a crash in between sends it twice, which levels do not mind.
        await queues.ReplayAsync(Queues.Gateway, message, stop);
        return await SettleAsync(office, id, "replayed", stop);
    }, stop);

    /// <summary>Puts messages aside for good; their rows stay.</summary>
    public Task<IResult> DiscardAsync(OfficeIdentity office, ParkedRequest? wanted, CancellationToken stop) =>
        EachAsync(office, wanted, id => SettleAsync(office, id, "discarded", stop), stop);

    /// <summary>How many wait, and since when.</summary>
    public async Task<(long Count, DateTimeOffset? Since)> CountAsync(Guid company, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add("select count(*), min(at) from parked where company_id = $1 and state = 'parked'", company);
        await using var reader = await batch.ReadAsync(stop);
        await reader.ReadAsync(stop);
        return (reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1));
    }

    private async Task<IResult> EachAsync(OfficeIdentity office, ParkedRequest? wanted, Func<Guid, Task<bool>> act, CancellationToken stop)
    {
        IReadOnlyList<Guid>? ids = wanted switch
        {
            { All: true, Ids: null } => await OpenAsync(office.CompanyId, stop),
            { All: false, Ids.Count: > 0 and <= Most } => wanted.Ids,
            _ => null,
        };
        if (ids is null)
            return Problems.Bad("parked.which", $"Say which: {{\"ids\": […]}}, at most {Most}, or {{\"all\": true}}.");
        var done = 0;
        foreach (var id in ids)
            done += await act(id) ? 1 : 0;
        return Results.Ok(new ParkedAnswer(done));
    }

    private async Task<IReadOnlyList<Guid>> OpenAsync(Guid company, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add("select parked_id from parked where company_id = $1 and state = 'parked' order by at, parked_id limit $2", company, Most);
        await using var reader = await batch.ReadAsync(stop);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(stop))
            ids.Add(reader.GetGuid(0));
        return ids;
    }

    private async Task<ParkedMessage?> FindAsync(Guid company, Guid id, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add("select body, reason, content_type, message_id from parked where company_id = $1 and parked_id = $2 and state = 'parked'", company, id);
        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop)
            ? new ParkedMessage(reader.GetFieldValue<byte[]>(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3))
            : null;
    }

    // Audited only if there was something to settle: the statement before says so by its row.
    private async Task<bool> SettleAsync(OfficeIdentity office, Guid id, string state, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("""
            with settled as (
                update parked set state = $3, settled_at = $4 where company_id = $1 and parked_id = $2 and state = 'parked' returning parked_id)
            insert into audit (company_id, audit_id, at, actor_id, action, subject) select $1, $5, $4, $6, $7, parked_id::text from settled
            """, office.CompanyId, id, state, now, Guid.CreateVersion7(now), office.ActorId, $"parked.{state}");
        return await batch.ExecuteNonQueryAsync(stop) > 0;
    }

    private static (DateTimeOffset At, Guid Id)? Read(string? after) =>
        after?.Split('_') is [var at, var id] && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
        && microseconds <= DateTimeOffset.MaxValue.Ticks / 10 && Guid.TryParseExact(id, "N", out var guid)
            ? (new DateTimeOffset(microseconds * 10, TimeSpan.Zero), guid)
            : null;

    // A message with reports of several companies is shown to none of them.
    private static (Guid Company, string? Connector) SenderOf(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var envelope = JsonDocument.Parse(body);
            if (Property(envelope.RootElement, "message") is not { } message)
                return default;
            var reports = Property(message, "reports") is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray().ToList() : [];
            var companies = reports.Select(report => Property(report, "companyId") is { ValueKind: JsonValueKind.String } id && id.TryGetGuid(out var company) ? company : Guid.Empty).Distinct().ToList();
            return (companies.Count == 1 ? companies[0] : Guid.Empty, Property(message, "connector") is { ValueKind: JsonValueKind.String } connector ? connector.GetString() : null);
        }
        catch (Exception trouble) when (trouble is JsonException or InvalidOperationException)
        {
            // That is why it was parked.
            return default;
        }
    }

    private static JsonElement? Property(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;
}
