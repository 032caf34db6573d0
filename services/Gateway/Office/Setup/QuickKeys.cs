using System.Text.Json;
using Npgsql;
using OrderSync.Contracts;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Office.Catalogue;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Office.Setup;

/// <summary>A button.</summary>
/// <param name="Sku">The product it adds.</param>
/// <param name="Label">What stands on it; the product's name if absent.</param>
/// <param name="Page">Name of the page it is on.</param>
/// <param name="Row">From 0.</param>
/// <param name="Column">From 0.</param>
/// <param name="Color">Such as #3366cc.</param>
/// <param name="Quantity">How many it adds; 1 if absent.</param>
internal sealed record QuickKey(string? Sku, string? Label = null, string? Page = null, int? Row = null, int? Column = null, string? Color = null, decimal? Quantity = null);

/// <summary>A layout as it is to be.</summary>
/// <param name="Keys">At most 500.</param>
/// <param name="Scope">Which devices have it: rep:…, territory:…, branch:… or class:…; none = all.</param>
internal sealed record QuickKeyRequest(IReadOnlyList<QuickKey>? Keys, IReadOnlyList<string>? Scope = null);

/// <summary>Buttons of registers, with the devices that have them.</summary>
internal sealed record QuickKeyLayout(string Name, IReadOnlyList<QuickKey> Keys, IReadOnlyList<string> Scope);

internal sealed record QuickKeyLayouts(IReadOnlyList<QuickKeyLayout> Layouts);

/// <summary>Quick keys: one layout for all, or one a branch or kind of device.</summary>
internal sealed class QuickKeys(NpgsqlDataSource database, TimeProvider time)
{
    private const int MostKeys = 500;
    private const int MostLayouts = 200;

    public async Task<IResult> ListAsync(OfficeIdentity office, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add($"select name, keys::text, scope from quick_key_layout where company_id = $1 order by name limit {MostLayouts}", office.CompanyId);
        var layouts = new List<QuickKeyLayout>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
            layouts.Add(Row(reader));
        return Results.Ok(new QuickKeyLayouts(layouts));
    }

    public async Task<IResult> PutAsync(OfficeIdentity office, string name, QuickKeyRequest request, CancellationToken stop)
    {
        if (WhyNot(name, request) is { } wrong)
            return Problems.Bad("quickKeys.layout", wrong);
        var names = Scope.Named(request.Scope).Select(one => (one.Kind, one.Name)).Concat(request.Keys!.Select(key => (Kind: Named.Sku, Name: key.Sku!))).Distinct().ToList();
        if (await Named.UnknownAsync(database, office.CompanyId, names, stop) is { Count: > 0 } unknown)
            return Problems.Bad("quickKeys.unknown", $"The layout {Named.Message(unknown.First().Kind, unknown.First().Name)}.");

        var wanted = new QuickKeyLayout(name, request.Keys!, Scope.Stored(request.Scope));
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var before = await ReadAsync(connection, transaction, office.CompanyId, name, stop);
        if (before is not null && Json(before) == Json(wanted))
            return Results.Ok(wanted);

        await using var batch = CompanyBatch.For(connection, office.CompanyId, transaction);
        batch.Add("""
            insert into quick_key_layout (company_id, name, keys, scope) select $1, $2, $3::jsonb, $4 where $5 or (select count(*) from quick_key_layout where company_id = $1) < $6
            on conflict (company_id, name) do update set keys = excluded.keys, scope = excluded.scope
            """, office.CompanyId, name, JsonSerializer.Serialize(wanted.Keys, ContractJson.Options), wanted.Scope.ToArray(), before is not null, MostLayouts);
        AuditLog.Add(batch, office, time.GetUtcNow(), "quickKeys.put", name, before is null ? null : new { Keys = before.Keys.Count, before.Scope }, new { Keys = wanted.Keys.Count, wanted.Scope });
        await batch.ExecuteNonQueryAsync(stop);
        if (batch.BatchCommands[1].Rows == 0)
            return Problems.Bad("quickKeys.tooMany", $"A company has at most {MostLayouts} layouts. Remove one first.");
        await transaction.CommitAsync(stop);
        return Results.Ok(wanted);
    }

    public async Task<IResult> DeleteAsync(OfficeIdentity office, string name, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        if (await ReadAsync(connection, transaction, office.CompanyId, name, stop) is not { } before)
            return Problems.NotFound("quickKeys.unknown", "There is no layout of this name.");

        await using var batch = CompanyBatch.For(connection, office.CompanyId, transaction);
        batch.Add("delete from quick_key_layout where company_id = $1 and name = $2", office.CompanyId, name);
        AuditLog.Add(batch, office, time.GetUtcNow(), "quickKeys.delete", name, new { Keys = before.Keys.Count, before.Scope }, null);
        await batch.ExecuteNonQueryAsync(stop);
        await transaction.CommitAsync(stop);
        return Results.NoContent();
    }

    private static string? WhyNot(string name, QuickKeyRequest request)
    {
        if (string.IsNullOrWhiteSpace(name) || Sync.Texts.WhyNot(("name", name, 100)) is not null)
            return "A layout's name has 1 to 100 characters.";
        if (request.Keys is null || request.Keys.Count > MostKeys)
            return $"Send keys, at most {MostKeys}, each with the sku it adds.";
        foreach (var (i, key) in request.Keys.Index())
        {
            if (string.IsNullOrWhiteSpace(key?.Sku) || Sync.Texts.WhyNot(("sku", key.Sku, 100), ("label", key.Label, 100), ("page", key.Page, 100), ("color", key.Color, 30)) is not null)
                return $"keys[{i}] needs a sku; sku, label and page have at most 100 characters, color 30.";
            if (key is { Row: < 0 or > 1000 } or { Column: < 0 or > 1000 } or { Quantity: <= 0 or > 1e9m })
                return $"keys[{i}]: row and column are from 0 to 1000, quantity is more than 0.";
        }

        return Scope.WhyNot(request.Scope) is { } fault ? $"{fault.Item1} {fault.Item2}." : null;
    }

    private static async Task<QuickKeyLayout?> ReadAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid company, string name, CancellationToken stop)
    {
        await using var batch = CompanyBatch.For(connection, company, transaction);
        batch.Add("select name, keys::text, scope from quick_key_layout where company_id = $1 and name = $2 for update", company, name);
        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop) ? Row(reader) : null;
    }

    private static QuickKeyLayout Row(NpgsqlDataReader row) => new(row.GetString(0), JsonSerializer.Deserialize<List<QuickKey>>(row.GetString(1), ContractJson.Options)!, row.GetFieldValue<string[]>(2));

    private static string Json(QuickKeyLayout layout) => JsonSerializer.Serialize(layout, ContractJson.Options);
}
