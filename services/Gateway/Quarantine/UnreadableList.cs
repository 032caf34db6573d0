using Npgsql;
using OrderSync.Gateway.Office;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Quarantine;

/// <summary>Input that could not be stored as a record.</summary>
/// <param name="Id">Lower-case hex SHA-256 of its bytes.</param>
/// <param name="Bytes">How many bytes it has; <c>GET /v1/office/unreadable/{id}</c> gives them.</param>
/// <param name="Device">Who sent it first.</param>
/// <param name="FirstAt">When it came first.</param>
/// <param name="LastAt">When it came last.</param>
/// <param name="Times">How often it came.</param>
internal sealed record UnreadableRow(string Id, int Bytes, Guid Device, DateTimeOffset FirstAt, DateTimeOffset LastAt, long Times);

/// <summary>Input of a device that went beyond the quota of a day and was not kept.</summary>
internal sealed record DroppedRow(Guid Device, DateOnly Day, long Count);

internal sealed record UnreadableAnswer(IReadOnlyList<UnreadableRow> Unreadable, IReadOnlyList<DroppedRow> Dropped);

/// <summary>Shows the office what devices sent that has no id, and gives the bytes.</summary>
internal sealed class UnreadableList(NpgsqlDataSource database)
{
    private const int MostRows = 200;

    public async Task<IResult> ListAsync(OfficeIdentity office, int? limit, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        var most = Math.Clamp(limit ?? 50, 1, MostRows);
        batch.Add("select sha256, length(bytes), device_id, first_at, last_at, times from unreadable where company_id = $1 order by last_at desc, sha256 limit $2", office.CompanyId, most);
        batch.Add("select device_id, day, dropped from unreadable_day where company_id = $1 and dropped > 0 order by day desc, device_id limit $2", office.CompanyId, most);
        var rows = new List<UnreadableRow>();
        var dropped = new List<DroppedRow>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            rows.Add(new(Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(0)), reader.GetInt32(1), reader.GetGuid(2), reader.GetFieldValue<DateTimeOffset>(3),
                reader.GetFieldValue<DateTimeOffset>(4), reader.GetInt64(5)));
        }

        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
            dropped.Add(new(reader.GetGuid(0), reader.GetFieldValue<DateOnly>(1), reader.GetInt64(2)));
        return Results.Ok(new UnreadableAnswer(rows, dropped));
    }

    public async Task<IResult> GetAsync(OfficeIdentity office, string id, CancellationToken stop)
    {
        var hash = new byte[32];
        if (id.Length == 64 && Convert.FromHexString(id, hash, out _, out _) == System.Buffers.OperationStatus.Done)
        {
            await using var connection = await database.OpenConnectionAsync(stop);
            await using var batch = CompanyBatch.For(connection, office.CompanyId);
            batch.Add("select bytes from unreadable where company_id = $1 and sha256 = $2", office.CompanyId, hash);
            await using var reader = await batch.ReadAsync(stop);
            if (await reader.ReadAsync(stop))
                return Results.Bytes(reader.GetFieldValue<byte[]>(0), "application/octet-stream", $"{id}.bin");
        }

        return Problems.NotFound("unreadable.unknown", "No unreadable input with this id. GET /v1/office/unreadable lists what there is.");
    }
}
