using Npgsql;
using OrderSync.Gateway.Office;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Bundles;

/// <summary>A record of a bundle by its place.</summary>
internal sealed record BundlePlace(int Part, int Line);

/// <summary>Which records are decided on.</summary>
/// <param name="Records">Their places; absent: all that wait.</param>
internal sealed record BundleDecision(IReadOnlyList<BundlePlace>? Records);

/// <summary>How many records were decided on.</summary>
internal sealed record BundleDecided(int Records);

/// <summary>
/// What the office says of a revoked device's records, one by one. Approved ones are pushed as if their device had sent them; rejected ones stay with their part and can be approved
/// after all. The decision is kept before it is acted on: killed in between, it is acted on with the next approval or import.
/// </summary>
internal sealed class BundleApproval(NpgsqlDataSource database, BundlePush push, BundleKeys keys, TimeProvider time)
{
    private const int MostAtOnce = BundleHeader.MostRecords;

    public Task<IResult> ApproveAsync(OfficeIdentity office, Guid id, BundleDecision decision, HttpRequest request, CancellationToken stop) => DecideAsync(office, id, decision, "approved", request, stop);

    public Task<IResult> RejectAsync(OfficeIdentity office, Guid id, BundleDecision decision, HttpRequest request, CancellationToken stop) => DecideAsync(office, id, decision, "rejected", request, stop);

    private async Task<IResult> DecideAsync(OfficeIdentity office, Guid id, BundleDecision decision, string decided, HttpRequest request, CancellationToken stop)
    {
        if (decision.Records?.Count > MostAtOnce)
            return Problems.Bad("bundle.tooManyAtOnce", $"Decide on {MostAtOnce} records at once at most, or on all of the bundle.");
        if (!await IsKnownAsync(office, id, stop))
            return BundlePages.Unknown();

        var places = await KeepAsync(office, id, decision, decided, stop);
        if (decided == "rejected")
            return Results.Ok(new BundleDecided(places.Count));

        var language = Sentences.LanguageOf(request);
        foreach (var part in places.GroupBy(place => place.Part))
            if (await ActAsync(office, id, part.Key, [.. part.Select(place => place.Line).Order()], language) is { } trouble)
                return trouble;
        return Results.Ok(new BundleDecided(places.Count));
    }

    private async Task<bool> IsKnownAsync(OfficeIdentity office, Guid id, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("select 1 from bundle where company_id = $1 and bundle_id = $2", office.CompanyId, id);
        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop);
    }

    private async Task<List<BundlePlace>> KeepAsync(OfficeIdentity office, Guid id, BundleDecision decision, string decided, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var found = new List<(BundlePlace Place, Guid? Record, string? Before)>();
        await using (var change = CompanyBatch.For(connection, office.CompanyId, transaction))
        {
            change.Add("""
                with held as materialized (
                    select part, line, decided from bundle_record where company_id = $1 and bundle_id = $2 and (state = 'held' or ($6::int[] is not null and state = 'rejected'))
                        and ($6::int[] is null or (part, line) in (select * from unnest($6::int[], $7::int[])))
                    for update)
                update bundle_record r set decided = $3, decided_by = $4, decided_at = $5, state = case $3 when 'rejected' then 'rejected' else 'held' end
                from held h where r.company_id = $1 and r.bundle_id = $2 and r.part = h.part and r.line = h.line
                returning r.part, r.line, r.record_id, h.decided
                """, office.CompanyId, id, decided, office.ActorId, now, CompanyBatch.Maybe(decision.Records?.Select(place => place.Part).ToArray()), CompanyBatch.Maybe(decision.Records?.Select(place => place.Line).ToArray()));
            await using var reader = await change.ReadAsync(stop);
            while (await reader.ReadAsync(stop))
                found.Add((new(reader.GetInt32(0), reader.GetInt32(1)), reader.IsDBNull(2) ? null : reader.GetGuid(2), reader.IsDBNull(3) ? null : reader.GetString(3)));
        }

        await using var audit = CompanyBatch.For(connection, office.CompanyId, transaction);
        foreach (var (place, record, before) in found.Where(one => one.Before != decided))
            AuditLog.Add(audit, office, now, decided == "approved" ? "bundle.approve" : "bundle.reject", record?.ToString() ?? id.ToString(), new { Decided = before }, new { Decided = decided, Bundle = id, place.Part, place.Line });
        await audit.ExecuteNonQueryAsync(stop);
        await transaction.CommitAsync(stop);
        return [.. found.Select(one => one.Place)];
    }

    private async Task<IResult?> ActAsync(OfficeIdentity office, Guid id, int number, IReadOnlyList<int> lines, string language)
    {
        var part = await PartAsync(office, id, number);
        using var pair = await keys.FindAsync(office.CompanyId, part.Header.Key, CancellationToken.None);
        var device = await BundleDevice.FindAsync(database, office.CompanyId, part.Header.Device, CancellationToken.None);
        if (pair is null || part.Open(pair) is not { } pieces)
            return Problems.Conflict("bundle.keyUnknown", Sentences.Of("bundle.keyUnknown", language, new Dictionary<string, string> { ["part"] = $"{number}", ["device"] = device!.Name }));
        return await push.PushApprovedAsync(device!, part.Header, pieces, lines, language) ? null : Problems.Busy("server.busy", Sentences.Of("bundle.later", language, null), 10);
    }

    // What is held has its part's bytes, and was a part when it came.
    private async Task<BundlePart> PartAsync(OfficeIdentity office, Guid id, int number)
    {
        await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("select bytes from bundle_part where company_id = $1 and bundle_id = $2 and part = $3", office.CompanyId, id, number);
        await using var reader = await batch.ReadAsync(CancellationToken.None);
        await reader.ReadAsync(CancellationToken.None);
        var bytes = reader.GetFieldValue<byte[]>(0);
        return new BundlePart(BundleHeader.Read(bytes)!, bytes);
    }
}
