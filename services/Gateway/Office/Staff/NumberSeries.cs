using Npgsql;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Office.Staff;

/// <summary>How the numbers of a branch's records of one kind look.</summary>
/// <param name="Prefix">What stands before the counter; its last character is no digit. No other series of the company has it, or has given numbers that begin with it.</param>
/// <param name="Digits">How many digits the counter has at least: 1 to 12.</param>
internal sealed record SeriesRequest(string? Prefix, int? Digits);

/// <summary>A series of numbers.</summary>
/// <param name="Kind">Kind of record.</param>
/// <param name="Prefix">What stands before the counter.</param>
/// <param name="Digits">Digits at least.</param>
/// <param name="Next">What the next number will be, while nobody else takes it first.</param>
internal sealed record SeriesRow(string Kind, string Prefix, int Digits, string Next);

internal sealed record SeriesList(string Branch, IReadOnlyList<SeriesRow> Series);

/// <summary>The number series of branches. What was given stays as it is, and a counter never goes back: numbers stay without gaps.</summary>
internal sealed class NumberSeries(NpgsqlDataSource database, TimeProvider time)
{
    private const int MostPrefix = 30;

    private const string Rows = """
        select s.kind, s.prefix, s.digits, s.prefix || s.sub || lpad(s.next::text, greatest(s.digits, length(s.next::text)), '0')
        from series s join branch b on b.company_id = s.company_id and b.branch_id = s.branch_id where s.company_id = $1 and b.code = $2 order by s.kind
        """;

    public async Task<IResult> ListAsync(OfficeIdentity office, string code, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        var rows = await ReadAsync(connection, null, office.CompanyId, code, stop);
        return rows.Count == 0 ? Unknown() : Results.Ok(new SeriesList(code, rows));
    }

    public async Task<IResult> PutAsync(OfficeIdentity office, string code, string kind, SeriesRequest request, CancellationToken stop)
    {
        var prefix = request.Prefix ?? "";
        if (prefix.Length is 0 or > MostPrefix || char.IsAsciiDigit(prefix[^1]) || string.IsNullOrWhiteSpace(prefix) || Texts.WhyNot(("prefix", prefix, MostPrefix)) is not null || request.Digits is not (null or (>= 1 and <= 12)))
            return Problems.Bad("series.shape", $"Send prefix, 1 to {MostPrefix} characters of which the last is no digit, and digits, from 1 to 12.");

        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var before = (await ReadAsync(connection, transaction, office.CompanyId, code, stop)).FirstOrDefault(row => row.Kind == kind);
        if (before is null)
            return Unknown();
        var digits = request.Digits ?? before.Digits;
        if ((before.Prefix, before.Digits) != (prefix, digits))
        {
            if (prefix != before.Prefix && await IsTakenAsync(connection, transaction, office.CompanyId, code, kind, prefix, stop))
                return Problems.Conflict("series.prefixTaken", $"Another series has the prefix {prefix}, or gave numbers that begin with it. Choose another one.");
            await using var batch = CompanyBatch.For(connection, office.CompanyId, transaction);
            AuditLog.Add(batch, office, time.GetUtcNow(), "series.put", $"{code} {kind}", new { before.Prefix, before.Digits }, new { Prefix = prefix, Digits = digits });
            batch.Add("update series s set prefix = $4, digits = $5 from branch b where s.company_id = $1 and b.company_id = $1 and b.branch_id = s.branch_id and b.code = $2 and s.kind = $3",
                office.CompanyId, code, kind, prefix, (short)digits);
            try
            {
                await batch.ExecuteNonQueryAsync(stop);
                await transaction.CommitAsync(stop);
            }
            catch (PostgresException twin) when (twin.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                return Problems.Conflict("series.prefixTaken", $"Another series has just got the prefix {prefix}. Choose another one.");
            }
        }

        return await ListAsync(office, code, stop);
    }

    private static IResult Unknown() => Problems.NotFound("series.unknown", "There is no branch of this code, or it has no numbers for records of this kind.");

    private static async Task<bool> IsTakenAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid company, string code, string kind, string prefix, CancellationToken stop)
    {
        await using var batch = CompanyBatch.For(connection, company, transaction);
        batch.Add("""
            with mine as (select s.branch_id, s.kind from series s join branch b on b.company_id = $1 and b.branch_id = s.branch_id where s.company_id = $1 and b.code = $2 and s.kind = $3)
            select exists (select from series s where s.company_id = $1 and s.prefix = $4 and (s.branch_id, s.kind) not in (select branch_id, kind from mine))
                or exists (select from record_number n where n.company_id = $1 and starts_with(n.number, $4) and (n.branch_id, n.kind) not in (select branch_id, kind from mine))
            """, company, code, kind, prefix);
        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop) && reader.GetBoolean(0);
    }

    private static async Task<List<SeriesRow>> ReadAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, Guid company, string code, CancellationToken stop)
    {
        await using var batch = CompanyBatch.For(connection, company, transaction);
        batch.Add(Rows, company, code);
        var rows = new List<SeriesRow>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
            rows.Add(new(reader.GetString(0), reader.GetString(1), reader.GetInt16(2), reader.GetString(3)));
        return rows;
    }
}
