using System.Text.Json;
using Npgsql;
using OrderSync.Contracts;
using OrderSync.Gateway.Office;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Bundles;

/// <summary>A bundle as the office sees it.</summary>
/// <param name="Id">Made on the device.</param>
/// <param name="DeviceId">Who wrote it.</param>
/// <param name="Device">That device's name.</param>
/// <param name="Rep">Whose it is.</param>
/// <param name="State">importing (a part is not through; bring the file again if that stays), incomplete (parts have not come), held (something waits for the office) or done.</param>
/// <param name="Parts">How many it has.</param>
/// <param name="Imported">How many are through.</param>
/// <param name="Records">In the parts that came.</param>
/// <param name="Stored">Of them stored, now or before.</param>
/// <param name="Refused">Refused, or of other content than what stands.</param>
/// <param name="Held">Waiting for the office's word, since their device is revoked.</param>
/// <param name="Rejected">Not taken, because the office said so.</param>
/// <param name="ExportedAt">By the device's clock.</param>
/// <param name="FirstAt">When its first part came.</param>
/// <param name="LastAt">When a part came last.</param>
/// <param name="BroughtBy">By whom.</param>
internal sealed record BundleRow(
    Guid Id, Guid DeviceId, string Device, string Rep, string State, int Parts, int Imported, int Records, int Stored, int Refused, int Held, int Rejected, DateTimeOffset ExportedAt, DateTimeOffset FirstAt, DateTimeOffset LastAt,
    string? BroughtBy);

internal sealed record BundleList(IReadOnlyList<BundleRow> Bundles);

/// <summary>One record of a bundle, and what became of it.</summary>
/// <param name="Part">Its part.</param>
/// <param name="Line">Its place there.</param>
/// <param name="RecordId">Its id.</param>
/// <param name="Rev">Its revision.</param>
/// <param name="Kind">order, customer …</param>
/// <param name="About">What a person tells it by.</param>
/// <param name="State">taken, held or rejected.</param>
/// <param name="Outcome">Its verdict.</param>
/// <param name="Stands">State of what is stored, where the verdict says it.</param>
/// <param name="Code">Why.</param>
/// <param name="Message">The same in words.</param>
/// <param name="Number">Its number.</param>
/// <param name="DecidedBy">Who approved or rejected it.</param>
/// <param name="DecidedAt">When.</param>
internal sealed record BundleRecordRow(
    int Part, int Line, Guid? RecordId, int Rev, string Kind, BundleAbout About, string State, string? Outcome, string? Stands, string? Code, string? Message, string? Number, string? DecidedBy, DateTimeOffset? DecidedAt);

/// <summary>A page of them.</summary>
/// <param name="Records">In the order of capture.</param>
/// <param name="NextPart">With <paramref name="NextLine"/>: the last one of this page, where there are more.</param>
/// <param name="NextLine">See there.</param>
internal sealed record BundleRecordList(IReadOnlyList<BundleRecordRow> Records, int? NextPart, int? NextLine);

/// <summary>How far bundles are, and what became of each record.</summary>
internal sealed class BundlePages(NpgsqlDataSource database)
{
    private const int MostListed = 100;

    private static readonly string[] States = ["taken", "held", "rejected", "refused"];

    private const string Select = """
        select b.bundle_id, b.device_id, coalesce(d.name, d.hardware_id), r.name, b.parts, p.imported, p.came, p.records, c.stored, c.refused, c.held, c.rejected, b.exported_at, b.first_at, b.last_at, w.name
        from bundle b join device d on d.company_id = b.company_id and d.device_id = b.device_id join rep r on r.company_id = d.company_id and r.rep_id = d.rep_id
        left join actor w on w.company_id = b.company_id and w.actor_id = b.brought_by
        cross join lateral (
            select count(*) filter (where state = 'imported')::int as imported, count(*)::int as came, coalesce(sum(records), 0)::int as records from bundle_part x where x.company_id = b.company_id and x.bundle_id = b.bundle_id) p
        cross join lateral (
            select count(*) filter (where state = 'taken' and outcome in ('accepted', 'duplicate', 'waiting'))::int as stored, count(*) filter (where state = 'taken' and outcome in ('refused', 'conflict'))::int as refused,
                count(*) filter (where state = 'held')::int as held, count(*) filter (where state = 'rejected')::int as rejected
            from bundle_record y where y.company_id = b.company_id and y.bundle_id = b.bundle_id) c
        where b.company_id = $1
        """;

    public static IResult Unknown() => Problems.NotFound("bundle.unknown", "No bundle with this id has come.");

    /// <summary>The newest first.</summary>
    public async Task<IResult> ListAsync(OfficeIdentity office, CancellationToken stop) => Results.Ok(new BundleList(await ReadAsync(office, $"order by b.last_at desc, b.bundle_id desc limit {MostListed}", null, stop)));

    public async Task<IResult> GetAsync(OfficeIdentity office, Guid id, CancellationToken stop) => await ReadAsync(office, "and b.bundle_id = $2", id, stop) is [var row] ? Results.Ok(row) : Unknown();

    public async Task<IResult> RecordsAsync(OfficeIdentity office, Guid id, HttpRequest request, string? state, int? afterPart, int? afterLine, int? limit, CancellationToken stop)
    {
        if (state is not null && !States.Contains(state))
            return Problems.Bad("bundle.state", $"state is one of {string.Join(", ", States)}.");
        if (await ReadAsync(office, "and b.bundle_id = $2", id, stop) is not [_])
            return Unknown();
        var (language, size) = (Sentences.LanguageOf(request), Page.Size(limit));
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("""
            select r.part, r.line, r.record_id, r.rev, r.kind, r.about::text, r.state, r.outcome, r.stands, r.code, r.params::text, r.number, w.name, r.decided_at
            from bundle_record r left join actor w on w.company_id = r.company_id and w.actor_id = r.decided_by
            where r.company_id = $1 and r.bundle_id = $2 and (r.part, r.line) > ($3, $4)
                and ($5::text is null or ($5 = 'refused' and r.state = 'taken' and r.outcome in ('refused', 'conflict')) or r.state = $5)
            order by r.part, r.line limit $6
            """, office.CompanyId, id, afterPart ?? 0, afterLine ?? 0, CompanyBatch.Maybe(state), size);
        var rows = new List<BundleRecordRow>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
            rows.Add(Row(reader, language));
        return Results.Ok(rows.Count == size ? new BundleRecordList(rows, rows[^1].Part, rows[^1].Line) : new BundleRecordList(rows, null, null));
    }

    private async Task<List<BundleRow>> ReadAsync(OfficeIdentity office, string which, Guid? id, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        object[] parameters = id is { } one ? [office.CompanyId, one] : [office.CompanyId];
        batch.Add($"{Select} {which}", parameters);
        var rows = new List<BundleRow>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            var (parts, imported, came, held) = (reader.GetInt32(4), reader.GetInt32(5), reader.GetInt32(6), reader.GetInt32(10));
            rows.Add(new(
                reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3), imported < came ? "importing" : held > 0 ? "held" : came < parts ? "incomplete" : "done", parts, imported, reader.GetInt32(7),
                reader.GetInt32(8), reader.GetInt32(9), held, reader.GetInt32(11), reader.GetFieldValue<DateTimeOffset>(12), reader.GetFieldValue<DateTimeOffset>(13), reader.GetFieldValue<DateTimeOffset>(14),
                reader.IsDBNull(15) ? null : reader.GetString(15)));
        }

        return rows;
    }

    private static BundleRecordRow Row(NpgsqlDataReader row, string language)
    {
        var code = Text(9);
        return new(
            row.GetInt32(0), row.GetInt32(1), row.IsDBNull(2) ? null : row.GetGuid(2), row.GetInt32(3), row.GetString(4), JsonSerializer.Deserialize<BundleAbout>(row.GetString(5), ContractJson.Options)!, row.GetString(6),
            Text(7), Text(8), code, code is null ? null : Sentences.Of(code, language, Text(10) is { } given ? JsonSerializer.Deserialize<Dictionary<string, string>>(given) : null), Text(11), Text(12),
            row.IsDBNull(13) ? null : row.GetFieldValue<DateTimeOffset>(13));

        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
    }
}
