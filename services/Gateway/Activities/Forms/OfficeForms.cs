using System.Text.Json;
using Npgsql;
using OrderSync.Contracts;
using OrderSync.Contracts.Records;
using OrderSync.Gateway.Office;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Activities.Forms;

/// <summary>A version of a form as it is to be.</summary>
/// <param name="Title">As people read it.</param>
/// <param name="Fields">At most 200.</param>
/// <param name="Version">Its number; absent = the next one. An older backup may have lost versions that devices have: they are published again under their numbers.</param>
internal sealed record FormRequest(string? Title, IReadOnlyList<FormField>? Fields, int? Version = null);

/// <summary>A version of a form.</summary>
internal sealed record FormVersion(string Name, int Version, string Title, IReadOnlyList<FormField> Fields, DateTimeOffset PublishedAt);

internal sealed record FormList(IReadOnlyList<FormVersion> Forms);

/// <summary>Forms of the company. A version that was published never changes; what was filled in with one that was not known goes on once it is.</summary>
internal sealed class OfficeForms(NpgsqlDataSource database, HeldResponses held, TimeProvider time)
{
    private const int MostForms = 200;
    private const string Columns = "select name, version, title, fields::text, published_at from form_version";

    public async Task<IResult> ListAsync(OfficeIdentity office, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add($"{Columns} where company_id = $1 and newest order by name", office.CompanyId);
        var forms = new List<FormVersion>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
            forms.Add(Row(reader));
        return Results.Ok(new FormList(forms));
    }

    public async Task<IResult> GetAsync(OfficeIdentity office, string name, int version, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add($"{Columns} where company_id = $1 and name = $2 and version = $3", office.CompanyId, name, version);
        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop) ? Results.Ok(Row(reader)) : Problems.NotFound("form.unknown", "There is no such version of a form of this name.");
    }

    public async Task<IResult> PublishAsync(OfficeIdentity office, string name, FormRequest request, CancellationToken stop)
    {
        if (FormRules.WhyNot(name, request) is { } wrong)
            return Problems.Bad("form.fields", wrong);

        var published = await StoreAsync(office, name, request, stop);
        if (published is null)
            return Problems.Conflict("form.versionTaken", $"Version {request.Version} of {name} was published with other fields, or there are {MostForms} forms already. A published version never changes: publish the next one.");
        await held.LookAgainAsync(office.CompanyId, published, stop);
        return Results.Ok(published);
    }

    private async Task<FormVersion?> StoreAsync(OfficeIdentity office, string name, FormRequest request, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var standing = await ReadAsync(connection, transaction, office.CompanyId, name, stop);
        var newest = standing.Count == 0 ? 0 : standing.Max(form => form.Version);
        var wanted = new FormVersion(name, request.Version ?? newest + 1, request.Title!, request.Fields!, time.GetUtcNow());
        // The same again is what stands.
        if (standing.Find(form => form.Version == (request.Version ?? newest)) is { } same && Content(same) == Content(wanted))
            return same;
        if (standing.Exists(form => form.Version == wanted.Version) || (newest == 0 && await CountAsync(connection, transaction, office.CompanyId, stop) >= MostForms))
            return null;

        await using var batch = CompanyBatch.For(connection, office.CompanyId, transaction);
        batch.Add("update form_version set newest = false where company_id = $1 and name = $2 and newest and version < $3", office.CompanyId, name, wanted.Version);
        batch.Add("insert into form_version (company_id, name, version, title, fields, newest, published_at) values ($1, $2, $3, $4, $5::jsonb, $6, $7)",
            office.CompanyId, name, wanted.Version, wanted.Title, Json(wanted.Fields), wanted.Version > newest, wanted.PublishedAt);
        AuditLog.Add(batch, office, wanted.PublishedAt, "form.publish", name, newest == 0 ? null : new { Version = newest }, new { wanted.Version, Fields = wanted.Fields.Count });
        batch.Add("commit");
        await batch.ExecuteNonQueryAsync(stop);
        return wanted;
    }

    // One publication of a form at a time: the lock is on the company's row of this form's name.
    private static async Task<List<FormVersion>> ReadAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid company, string name, CancellationToken stop)
    {
        await using var batch = CompanyBatch.For(connection, company, transaction);
        batch.Add("select pg_advisory_xact_lock(hashtextextended($1, 19))", $"{company} {name}");
        batch.Add($"{Columns} where company_id = $1 and name = $2", company, name);
        var versions = new List<FormVersion>();
        await using var reader = await batch.ReadAsync(stop);
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
            versions.Add(Row(reader));
        return versions;
    }

    private static async Task<long> CountAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid company, CancellationToken stop)
    {
        await using var batch = CompanyBatch.For(connection, company, transaction);
        batch.Add("select count(*) from form_version where company_id = $1 and newest", company);
        await using var reader = await batch.ReadAsync(stop);
        await reader.ReadAsync(stop);
        return reader.GetInt64(0);
    }

    private static string Content(FormVersion form) => $"{form.Title}\n{Json(form.Fields)}";

    private static string Json(IReadOnlyList<FormField> fields) => JsonSerializer.Serialize(fields, ContractJson.Options);

    private static FormVersion Row(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetInt32(1), row.GetString(2), JsonSerializer.Deserialize<List<FormField>>(row.GetString(3), ContractJson.Options)!, row.GetFieldValue<DateTimeOffset>(4));
}
