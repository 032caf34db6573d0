using System.Text;
using System.Text.Json;
using OrderSync.Contracts.Bus;
using OrderSync.Framework.Manage;
using OrderSync.Framework.Storage;
using OrderSync.ServiceDefaults.Bus;

namespace OrderSync.Framework.Parked;

/// <summary>A parked message as people see it.</summary>
/// <param name="Id">Its id here.</param>
/// <param name="At">When it was taken off the parked queue.</param>
/// <param name="Reason">Why it was parked.</param>
/// <param name="RecordId">The record it is about, where that can be read.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Body">Its beginning.</param>
internal sealed record ParkedRow(Guid Id, DateTimeOffset At, string Reason, Guid? RecordId, int Bytes, string Body);

/// <summary>Parked messages, oldest first.</summary>
/// <param name="Messages">A page of them.</param>
/// <param name="After">Goes into the next request for the page after it; absent on the last.</param>
internal sealed record ParkedPage(IReadOnlyList<ParkedRow> Messages, string? After);

/// <summary>How many messages wait for a person.</summary>
/// <param name="Count">All of them.</param>
/// <param name="Since">Since when the oldest waits.</param>
internal sealed record ParkedCount(long Count, DateTimeOffset? Since);

/// <summary>Messages that were parked: kept where they can be looked at any number of times, sent again, or put aside. No row goes away.</summary>
internal sealed class ParkedMessages(LedgerDatabase database, ConnectorInfo info) : IKeepParked
{
    /// <summary>Bytes of a body that people are shown.</summary>
    public const int Shown = 4096;

    private const string Insert = """
        insert into parked (company_id, parked_id, at, reason, record_id, content_type, message_id, body)
        values ($1, $2, $3, $4, $5::uuid, $6::text, $7::text, $8)
        """;

    private const string Select = """
        select parked_id, at, reason, record_id, length(body), substring(body from 1 for $3) from parked
        where state = 'parked' and (at, parked_id) > ($1, $2) order by at, parked_id limit $4
        """;

    private const string Find = "select body, reason, content_type, message_id from parked where parked_id = $1 and state = 'parked'";

    private const string Settle = "update parked set state = $2, settled_at = $3, person = $4::text where parked_id = $1 and state = 'parked' returning true";

    private const string Open = "select parked_id from parked where state = 'parked' order by at, parked_id limit 1000";

    /// <summary>Keeps a message. It belongs to the company it names; to nobody where that cannot be read.</summary>
    public async Task KeepAsync(ParkedMessage message, CancellationToken stop)
    {
        var (company, record) = Owner(message.Body);
        await using var batch = database.For(company).Add(
            Insert, company, Guid.CreateVersion7(), database.Now, StorableText.Of(message.Reason, 2000), record,
            StorableText.Of(message.ContentType, 200), StorableText.Of(message.MessageId, 200), message.Body.ToArray());
        await batch.RunAsync(stop);
    }

    /// <summary>Messages that still wait for a person.</summary>
    public async Task<ParkedPage> ListAsync(Guid company, Place? after, int limit, CancellationToken stop)
    {
        await using var batch = database.For(company).Add(
            Select, after?.At ?? DateTimeOffset.MinValue, after?.Id ?? Guid.Empty, Shown, limit + 1);
        await using var reader = await batch.ReadAsync(stop);
        var rows = new List<ParkedRow>();
        while (await reader.ReadAsync(stop))
        {
            rows.Add(new(
                reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetString(2), await reader.IsDBNullAsync(3, stop) ? null : reader.GetGuid(3),
                reader.GetInt32(4), StorableText.Of(Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(5)), Shown)));
        }

        var page = rows.Count > limit ? rows[..limit] : rows;
        return new(page, rows.Count > limit ? new Place(page[^1].At, page[^1].Id).ToString() : null);
    }

    /// <summary>How many wait for a person, and since when.</summary>
    public async Task<ParkedCount> CountAsync(Guid company, CancellationToken stop)
    {
        await using var batch = database.For(company).Add("select count(*), min(at) from parked where state = 'parked'");
        await using var reader = await batch.ReadAsync(stop);
        await reader.ReadAsync(stop);
        return new(reader.GetInt64(0), await reader.IsDBNullAsync(1, stop) ? null : reader.GetFieldValue<DateTimeOffset>(1));
    }

    /// <summary>Sends messages again; what is still unreadable comes back as a new row.</summary>
    /// <returns>How many were sent.</returns>
    public async Task<int> ReplayAsync(Guid company, IReadOnlyList<Guid> ids, BrokerQueues queues, string? person, CancellationToken stop)
    {
        var sent = 0;
        foreach (var id in ids)
        {
            if (await FindAsync(company, id, stop) is not { } message)
                continue;
            // First the queue, then the row: a crash in between sends it twice, which the ledger does not mind.
            await queues.ReplayAsync(Queues.Connector(info.Name), message, stop);
            await SettleAsync(company, id, "replayed", person, stop);
            sent++;
        }

        return sent;
    }

    /// <summary>Puts messages aside for good; their rows stay.</summary>
    /// <returns>How many.</returns>
    public async Task<int> DiscardAsync(Guid company, IReadOnlyList<Guid> ids, string? person, CancellationToken stop)
    {
        var discarded = 0;
        foreach (var id in ids)
            discarded += await SettleAsync(company, id, "discarded", person, stop) ? 1 : 0;
        return discarded;
    }

    /// <summary>Ids of the oldest thousand that wait.</summary>
    public async Task<IReadOnlyList<Guid>> AllAsync(Guid company, CancellationToken stop)
    {
        await using var batch = database.For(company).Add(Open);
        await using var reader = await batch.ReadAsync(stop);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(stop))
            ids.Add(reader.GetGuid(0));
        return ids;
    }

    private async Task<ParkedMessage?> FindAsync(Guid company, Guid id, CancellationToken stop)
    {
        await using var batch = database.For(company).Add(Find, id);
        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop)
            ? new ParkedMessage(reader.GetFieldValue<byte[]>(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3))
            : null;
    }

    private async Task<bool> SettleAsync(Guid company, Guid id, string state, string? person, CancellationToken stop)
    {
        await using var batch = database.For(company).Add(Settle, id, state, database.Now, person);
        return await batch.ScalarAsync(stop) is true;
    }

    private static (Guid Company, Guid? Record) Owner(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var envelope = JsonDocument.Parse(body);
            if (envelope.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.Object
                && Id(message, "companyId") is { } company)
                return (company, Id(message, "recordId"));
        }
        catch (JsonException)
        {
            // That is why it was parked.
        }

        return (Guid.Empty, null);

        static Guid? Id(JsonElement message, string name) =>
            message.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.TryGetGuid(out var id) ? id : null;
    }
}
