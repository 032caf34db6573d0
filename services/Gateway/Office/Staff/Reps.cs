using System.Net.Mail;
using System.Text.Json;
using Npgsql;
using OrderSync.Contracts;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Office.Catalogue;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Office.Staff;

/// <summary>A rep as the office wants it. What devices need to know of them (from role on) stays as it is where it is absent; an empty text or list takes it away.</summary>
/// <param name="Name">Name for people.</param>
/// <param name="Email">Gets copies of what the rep captured.</param>
/// <param name="Disabled">Switched off: what the rep's devices send is stored and waits until the rep is on again.</param>
/// <param name="Role">What the rep is, such as "sales" or "cashier"; the app knows what it means.</param>
/// <param name="Rights">What the rep may do, by the names the app has for it.</param>
/// <param name="PriceList">Name of the list for customers who have none.</param>
/// <param name="Territories">Whose customers the rep's devices have.</param>
/// <param name="Branches">Codes of the branches where the rep sells; none = everywhere.</param>
internal sealed record RepRequest(
    string? Name, string? Email, bool Disabled, string? Role = null, IReadOnlyList<string>? Rights = null, string? PriceList = null, IReadOnlyList<string>? Territories = null,
    IReadOnlyList<string>? Branches = null);

internal sealed record RepAnswer(
    Guid Id, string Name, string? Email, bool Disabled, string? Role, IReadOnlyList<string> Rights, string? PriceList, IReadOnlyList<string> Territories, IReadOnlyList<string> Branches);

internal sealed record StaffRow(
    Guid Id, string Name, string? Email, bool Disabled, long Devices, long Waiting, string? Role, IReadOnlyList<string> Rights, string? PriceList, IReadOnlyList<string> Territories,
    IReadOnlyList<string> Branches);

internal sealed record RepList(IReadOnlyList<StaffRow> Reps, Guid? Next);

/// <summary>Reps: who they are, what they may do, and whether they are switched off.</summary>
internal sealed class Reps(NpgsqlDataSource database, TimeProvider time)
{
    private const int MostText = 100;
    private const int MostWords = 50;
    private const string BranchCodes = "array(select b.code from branch b where b.company_id = p.company_id and b.branch_id = any(p.branches) order by b.code)";

    private const string Select = $"""
        select p.rep_id, p.name, p.email, p.disabled,
            (select count(*) from device d where d.company_id = p.company_id and d.rep_id = p.rep_id and d.revoked_at is null),
            (select count(*) from record r where r.company_id = p.company_id and r.rep_id = p.rep_id and r.state = 'waiting'), p.role, p.rights, p.price_list, p.territories, {BranchCodes}
        from rep p
        """;

    public async Task<IResult> ListAsync(OfficeIdentity office, Guid? after, int? limit, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add($"{Select} where p.company_id = $1 and ($2::uuid is null or p.rep_id > $2) order by p.rep_id limit $3", office.CompanyId, CompanyBatch.Maybe(after), Page.Size(limit));
        var rows = await RowsAsync(batch, stop);
        return Results.Ok(new RepList(rows, rows.Count == Page.Size(limit) ? rows[^1].Id : null));
    }

    public async Task<IResult> GetAsync(OfficeIdentity office, Guid id, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add($"{Select} where p.company_id = $1 and p.rep_id = $2", office.CompanyId, id);
        return await RowsAsync(batch, stop) is [var rep] ? Results.Ok(rep) : Problems.NotFound("rep.unknown", "No rep with this id.");
    }

    public async Task<IResult> PutAsync(OfficeIdentity office, Guid id, RepRequest request, CancellationToken stop)
    {
        if (id == Guid.Empty || request.Name is not { Length: > 0 and <= 100 } || string.IsNullOrWhiteSpace(request.Name))
            return Problems.Bad("rep.incomplete", "Send name (100 characters at most), and email and disabled as they shall be.");
        var email = string.IsNullOrWhiteSpace(request.Email) ? null : request.Email;
        if (email is not null && (email.Length > 254 || !MailAddress.TryCreate(email, out _)))
            return Problems.Bad("rep.email", $"\"{email[..Math.Min(email.Length, 100)]}\" is not an e-mail address. Correct it or leave it empty.");
        if (WhyNot(request) is { } wrong)
            return Problems.Bad("rep.words", wrong);
        if (await Named.UnknownAsync(database, office.CompanyId, [.. (request.Branches ?? []).Select(code => (Scope.Branch, code))], stop) is { Count: > 0 } unknown)
            return Problems.Bad("rep.branch", $"branches {Named.Message(unknown.First().Kind, unknown.First().Name)}.");

        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var before = await ReadAsync(connection, transaction, office.CompanyId, id, stop);
        var wanted = new RepState(
            request.Name, email, request.Disabled, request.Role is null ? before?.Role : Text(request.Role), Words(request.Rights) ?? before?.Rights ?? [],
            request.PriceList is null ? before?.PriceList : Text(request.PriceList), Words(request.Territories) ?? before?.Territories ?? [], Words(request.Branches) ?? before?.Branches ?? []);
        var answer = new RepAnswer(id, wanted.Name, wanted.Email, wanted.Disabled, wanted.Role, wanted.Rights, wanted.PriceList, wanted.Territories, wanted.Branches);
        if (before is not null && JsonSerializer.Serialize(before, ContractJson.Options) == JsonSerializer.Serialize(wanted, ContractJson.Options))
            return Results.Ok(answer);

        await using var batch = CompanyBatch.For(connection, office.CompanyId, transaction);
        batch.Add("""
            insert into rep (company_id, rep_id, name, email, disabled, role, rights, price_list, territories, branches)
            select $1, $2, $3, $4, $5, $6, $7, $8, $9, array(select b.branch_id from branch b where b.company_id = $1 and b.code = any($10) order by b.code)
            on conflict (company_id, rep_id) do update set name = excluded.name, email = excluded.email, disabled = excluded.disabled, role = excluded.role, rights = excluded.rights,
                price_list = excluded.price_list, territories = excluded.territories, branches = excluded.branches
            """, office.CompanyId, id, wanted.Name, CompanyBatch.Maybe(wanted.Email), wanted.Disabled, CompanyBatch.Maybe(wanted.Role), wanted.Rights, CompanyBatch.Maybe(wanted.PriceList),
            wanted.Territories, wanted.Branches);
        AuditLog.Add(batch, office, time.GetUtcNow(), "rep.put", id.ToString(), before, wanted);
        try
        {
            await batch.ExecuteNonQueryAsync(stop);
            await transaction.CommitAsync(stop);
        }
        catch (PostgresException twin) when (twin.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return Problems.Conflict("rep.taken", $"Another rep is called {wanted.Name} and has the same e-mail address. Change one of them.");
        }

        return Results.Ok(answer);
    }

    private static string? WhyNot(RepRequest request)
    {
        if (Sync.Texts.WhyNot(("role", request.Role, MostText), ("priceList", request.PriceList, MostText)) is not null)
            return $"role and priceList have at most {MostText} characters.";
        foreach (var (name, words) in new[] { ("rights", request.Rights), ("territories", request.Territories), ("branches", request.Branches) })
            if (words is not null && (words.Count > MostWords || words.Any(word => string.IsNullOrWhiteSpace(word) || Sync.Texts.WhyNot((name, word, MostText)) is not null)))
                return $"{name} has at most {MostWords} entries of 1 to {MostText} characters.";
        return null;
    }

    private static string? Text(string text) => text.Length == 0 ? null : text;

    private static string[]? Words(IReadOnlyList<string>? words) => words is null ? null : [.. words.Distinct().Order(StringComparer.Ordinal)];

    private static async Task<List<StaffRow>> RowsAsync(NpgsqlBatch batch, CancellationToken stop)
    {
        var rows = new List<StaffRow>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
            rows.Add(new(reader.GetGuid(0), reader.GetString(1), Maybe(reader, 2), reader.GetBoolean(3), reader.GetInt64(4), reader.GetInt64(5), Maybe(reader, 6),
                reader.GetFieldValue<string[]>(7), Maybe(reader, 8), reader.GetFieldValue<string[]>(9), reader.GetFieldValue<string[]>(10)));
        return rows;
    }

    private static async Task<RepState?> ReadAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid company, Guid id, CancellationToken stop)
    {
        await using var batch = CompanyBatch.For(connection, company, transaction);
        batch.Add($"select name, email, disabled, role, rights, price_list, territories, {BranchCodes} from rep p where company_id = $1 and rep_id = $2 for update", company, id);
        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop)
            ? new RepState(reader.GetString(0), Maybe(reader, 1), reader.GetBoolean(2), Maybe(reader, 3), reader.GetFieldValue<string[]>(4), Maybe(reader, 5), reader.GetFieldValue<string[]>(6),
                [.. reader.GetFieldValue<string[]>(7).Order(StringComparer.Ordinal)])
            : null;
    }

    private static string? Maybe(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private sealed record RepState(string Name, string? Email, bool Disabled, string? Role, string[] Rights, string? PriceList, string[] Territories, string[] Branches);
}
