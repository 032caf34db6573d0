using Npgsql;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Office.Access;

internal sealed record ApiKeyRequest(string? Name, string? Role);

/// <summary>A new key; its text is shown this once and kept nowhere.</summary>
internal sealed record NewApiKey(Guid Id, string Name, string Role, string Key);

internal sealed record ApiKeyRow(Guid Id, string Name, string Role, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);

internal sealed record ApiKeyList(IReadOnlyList<ApiKeyRow> Keys);

/// <summary>The keys of a company's office, for its owners.</summary>
internal sealed class ApiKeys(NpgsqlDataSource database, TimeProvider time)
{
    public async Task<IResult> ListAsync(OfficeIdentity office, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("select key_id, name, role, created_at, revoked_at from api_key where company_id = $1 order by created_at, key_id", office.CompanyId);
        var rows = new List<ApiKeyRow>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
            rows.Add(new(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3), reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4)));
        return Results.Ok(new ApiKeyList(rows));
    }

    public async Task<IResult> CreateAsync(OfficeIdentity office, ApiKeyRequest request, CancellationToken stop)
    {
        if (request is not { Name.Length: > 0 and <= 100 } || string.IsNullOrWhiteSpace(request.Name) || !Roles.IsKnown(request.Role))
            return Problems.Bad("key.incomplete", "Send name (100 characters at most) and role: owner, office, viewer or ops.");

        var key = Secrets.NewToken("os_");
        var id = Guid.CreateVersion7();
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("insert into api_key (company_id, key_id, hash, name, role) values ($1, $2, $3, $4, $5)", office.CompanyId, id, Secrets.Hash(key), request.Name, request.Role!);
        AuditLog.Add(batch, office, time.GetUtcNow(), "key.create", id.ToString(), null, new { request.Name, request.Role });
        await batch.ExecuteNonQueryAsync(stop);
        return Results.Created($"/v1/office/api-keys/{id}", new NewApiKey(id, request.Name, request.Role!, key));
    }

    public async Task<IResult> RevokeAsync(OfficeIdentity office, Guid id, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var keys = await ReadLockedAsync(connection, transaction, office.CompanyId, stop);
        if (keys.Find(key => key.Id == id) is not { } wanted)
            return Problems.NotFound("key.unknown", "No key with this id.");
        if (wanted.Revoked)
            return Results.NoContent();
        if (wanted.Role == Roles.Owner && keys.Count(key => key is { Role: Roles.Owner, Revoked: false }) == 1)
            return Problems.Conflict("key.lastOwner", $"{wanted.Name} is the last owner's key. Create another owner's key first, then revoke this one.");

        await using var batch = CompanyBatch.For(connection, office.CompanyId, transaction);
        batch.Add("update api_key set revoked_at = $3 where company_id = $1 and key_id = $2", office.CompanyId, id, time.GetUtcNow());
        AuditLog.Add(batch, office, time.GetUtcNow(), "key.revoke", id.ToString(), new { wanted.Name, wanted.Role, Revoked = false }, new { wanted.Name, wanted.Role, Revoked = true });
        await batch.ExecuteNonQueryAsync(stop);
        await transaction.CommitAsync(stop);
        return Results.NoContent();
    }

    // All of them and locked, in one order: two owners who revoke each other at once must not both succeed.
    private static async Task<List<LockedKey>> ReadLockedAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid company, CancellationToken stop)
    {
        await using var batch = CompanyBatch.For(connection, company, transaction);
        batch.Add("select key_id, name, role, revoked_at is not null from api_key where company_id = $1 order by key_id for update", company);
        var keys = new List<LockedKey>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
            keys.Add(new(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetBoolean(3)));
        return keys;
    }

    private sealed record LockedKey(Guid Id, string Name, string Role, bool Revoked);
}
