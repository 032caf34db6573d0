using System.Text;
using System.Text.Json;
using CsvHelper;
using Npgsql;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Feed.Nudges;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Relay;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Office.Archive;

/// <summary>What an export holds, to be taken again.</summary>
/// <param name="Records">Each with the device it came from and what was captured; what else an export says of it is left out of account.</param>
internal sealed record ImportRequest(IReadOnlyList<ImportedRecord?>? Records);

/// <param name="Device">The device it came from.</param>
/// <param name="Record">The record as it was sent.</param>
internal sealed record ImportedRecord(Guid Device, JsonElement? Record);

/// <param name="Verdicts">One a record, in their order.</param>
internal sealed record ImportAnswer(IReadOnlyList<Verdict> Verdicts);

/// <summary>
/// Takes what an export gave: the push of the same bytes by the same path. What stands is a duplicate, what was refused is judged again, and a corrected record comes as the next revision.
/// </summary>
internal sealed class RecordImport(NpgsqlDataSource database, Rules rules, PushStore store, RelaySignal relay, FeedSignal feed, Releases releases, TimeProvider time)
{
    public async Task<IResult> TakeAsync(OfficeIdentity office, HttpRequest request, CancellationToken stop)
    {
        var (pieces, problem) = await ReadAsync(request, stop);
        if (problem is not null)
            return problem;
        var devices = await DevicesAsync(office, [.. pieces.Select(piece => piece.Device).Distinct()], stop);
        var unknown = pieces.FindIndex(piece => !devices.ContainsKey(piece.Device));
        if (unknown >= 0)
            return Problems.Bad("import.device", $"Record {unknown + 1} names no device of this company. Nothing of this call was stored; export it from here, or enter the device.");

        var (verdicts, now, language) = (new Verdict?[pieces.Count], time.GetUtcNow(), Sentences.LanguageOf(request));
        var records = pieces.Select((piece, i) => (piece.Device, Record: PushedRecord.Read(i, piece.Bytes))).ToList();
        foreach (var (_, record) in records.Where(one => one.Record.Id is null))
            verdicts[record.Index] = Say(new Verdict(null, record.Rev, "refused", record.Fault?.Code, Line: record.Index + 1), record.Fault, language);
        foreach (var of in records.Where(one => one.Record.Id is not null).GroupBy(one => one.Device))
        {
            var push = new Push(devices[of.Key], now, TimeSpan.Zero, language, System.Diagnostics.Activity.Current?.Id, FromCopy: true);
            List<PushedRecord> group = [.. of.Select(one => one.Record)];
            rules.Read(group);
            foreach (var wave in Waves.Of(group))
            {
                var (chunk, answers) = await store.TakeAsync(push, wave, await rules.LookAsync(push, wave, stop), stop);
                foreach (var (one, verdict, fault) in answers)
                    verdicts[one.Record.Index] = Say(verdict, fault, language);
                releases.Stored(office.CompanyId, chunk);
            }
        }

        relay.Wake();
        feed.Committed(office.CompanyId);
        await NoteAsync(office, verdicts!, now, stop);
        return Results.Ok(new ImportAnswer(verdicts!));
    }

    private static Verdict Say(Verdict verdict, Fault? fault, string language) => verdict.Code is null ? verdict : verdict with { Message = Sentences.Of(verdict.Code, language, fault?.Params) };

    private async Task NoteAsync(OfficeIdentity office, IReadOnlyList<Verdict> verdicts, DateTimeOffset now, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        AuditLog.Add(batch, office, now, "record.import", "records", null, verdicts.GroupBy(verdict => verdict.Outcome).ToDictionary(group => group.Key, group => group.Count()));
        await batch.ExecuteNonQueryAsync(stop);
    }

    private async Task<Dictionary<Guid, DeviceIdentity>> DevicesAsync(OfficeIdentity office, Guid[] ids, CancellationToken stop)
    {
        var devices = new Dictionary<Guid, DeviceIdentity>();
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("select device_id, rep_id, branch_id from device where company_id = $1 and device_id = any($2)", office.CompanyId, ids);
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
            devices[reader.GetGuid(0)] = new DeviceIdentity(office.CompanyId, reader.GetGuid(0), reader.GetGuid(1), reader.GetGuid(2));
        return devices;
    }

    private static async Task<(List<(Guid Device, byte[] Bytes)> Pieces, IResult? Problem)> ReadAsync(HttpRequest request, CancellationToken stop)
    {
        var pieces = new List<(Guid, byte[])>();
        if (request.GetTypedHeaders().ContentType?.MediaType.Equals("text/csv", StringComparison.OrdinalIgnoreCase) == true)
        {
            // Read whole, since its reader does not wait: an export of as many records as may come fits.
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, stop);
            body.Position = 0;
            if (!ReadCsv(body, pieces))
                return (pieces, Shape());
        }
        else
        {
            var list = await request.ReadFromJsonAsync<ImportRequest>(Contracts.ContractJson.Options, stop);
            if (list?.Records is not { } records || records.Any(record => record?.Record is null))
                return (pieces, Shape());
            pieces.AddRange(records.Select(record => (record!.Device, Encoding.UTF8.GetBytes(record.Record!.Value.GetRawText()))));
        }

        return pieces.Count <= PushLimits.Records ? (pieces, null)
            : (pieces, Problems.TooLarge("import.tooMany", $"{pieces.Count} records; send at most {PushLimits.Records} at once. Nothing of this call was stored."));
    }

    private static bool ReadCsv(Stream body, List<(Guid, byte[])> pieces)
    {
        using var csv = CsvReader.Create(body, CsvReaderOptions.Default with { MalformedData = CsvMalformedDataHandling.Throw, MaxRecordSize = PushLimits.BytesSent }, leaveOpen: true);
        try
        {
            csv.ReadHeader();
            var names = csv.Headers.ToList();
            var (device, record, bytes) = (names.IndexOf("device"), names.IndexOf("record"), names.IndexOf("bytes"));
            if (device < 0 || record < 0)
                return false;
            while (csv.Read())
            {
                if (csv.FieldCount != names.Count || !Guid.TryParse(csv.GetString(device), out var of) || Bytes(csv.GetString(record), bytes < 0 ? null : csv.GetString(bytes)) is not { } piece)
                    return false;
                pieces.Add((of, piece));
            }

            return true;
        }
        catch (CsvFormatException)
        {
            return false;
        }
    }

    private static byte[]? Bytes(string? record, string? base64)
    {
        if (record is { Length: > 0 })
            return Encoding.UTF8.GetBytes(record);
        var bytes = new byte[(base64?.Length ?? 0) + 3];
        return base64 is { Length: > 0 } && Convert.TryFromBase64String(base64, bytes, out var read) ? bytes[..read] : null;
    }

    private static IResult Shape() => Problems.Bad("import.shape", "Send what an export gives: as JSON {\"records\":[{\"device\":…,\"record\":{…}}]}, or as CSV with the columns device and record. Nothing was stored.");
}
