using System.Text.Json.Nodes;
using Npgsql;
using OrderSync.Contracts.Records;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Live;

/// <summary>How a quote becomes an order; all of it may be left out.</summary>
internal sealed record QuoteToOrderRequest
{
    /// <summary>Id of the order to make, where the device wants to know it before; else one is made.</summary>
    public Guid? Id { get; init; }

    /// <summary>When it was agreed, with the device's offset: its date is the order's.</summary>
    public DateTimeOffset? CapturedAt { get; init; }

    /// <summary>The device's own reference; else the quote's.</summary>
    public string? Reference { get; init; }
}

/// <summary><c>POST /v1/live/quotes/{id}/order</c>: takes a quote over as an order, as it was captured, once.</summary>
internal sealed class QuoteToOrder(NpgsqlDataSource database, LiveRecords records, TimeProvider time)
{
    public async Task<LiveAnswer> MakeAsync(HttpContext http, Guid quote, QuoteToOrderRequest request, Guid made, CancellationToken stop)
    {
        var device = http.Features.Get<DeviceIdentity>()!;
        var language = Sentences.LanguageOf(http.Request);
        var order = request.Id is { } id && id != Guid.Empty ? id : made;
        if (await FindAsync(device, quote, stop) is not { } found)
            return LiveAnswer.Problem(StatusCodes.Status404NotFound, "quote.unknown", Sentences.Of("quote.unknown", language, null));
        if (found.Order is { } first && first != order)
            return LiveAnswer.Problem(StatusCodes.Status409Conflict, "order.sourceTaken", Sentences.Of("order.sourceTaken", language, new Dictionary<string, string> { ["which"] = found.Name! }), first);
        if (found.State != "accepted")
            return LiveAnswer.Problem(StatusCodes.Status409Conflict, "quote.notAccepted", Sentences.Of("quote.notAccepted", language, null));

        var body = JsonNode.Parse(PushedRecord.BodyOf(found.Bytes).GetRawText())!.AsObject();
        body.Remove("validUntil");
        body["sourceQuote"] = quote;
        if (request.Reference is { Length: > 0 } reference)
            body["reference"] = reference;
        return await records.StoreAsync(http, Kinds.Order, order, body, request.CapturedAt ?? found.CapturedAt ?? Now(), stop);
    }

    // As it is stored: where the answer was lost after the work, the same bytes are made again.
    private DateTimeOffset Now()
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
    }

    // Quotes are their rep's: another one does not have them on the device.
    private async Task<Found?> FindAsync(DeviceIdentity device, Guid quote, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.ForRecords(connection, device.CompanyId);
        batch.Add("""
            select r.state, x.bytes, v.target_id, coalesce(n.number, o.reference, v.target_id::text), o.captured_at
            from record r join capture x on x.company_id = $1 and x.record_id = r.record_id and x.rev = r.rev and x.sha256 = r.sha256
            left join conversion v on v.company_id = $1 and v.source_id = r.record_id
            left join record o on o.company_id = $1 and o.record_id = v.target_id
            left join record_number n on n.company_id = $1 and n.record_id = v.target_id
            where r.company_id = $1 and r.record_id = $2 and r.kind = 'quote' and r.rep_id = $3
            """, device.CompanyId, quote, device.RepId);
        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop)
            ? new(reader.GetString(0), reader.GetFieldValue<byte[]>(1), reader.IsDBNull(2) ? null : reader.GetGuid(2), reader.IsDBNull(3) ? null : reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4))
            : null;
    }

    private sealed record Found(string State, byte[] Bytes, Guid? Order, string? Name, DateTimeOffset? CapturedAt);
}
