using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Office.Access;

/// <summary>Who asks, as the gateway knows them.</summary>
/// <param name="Id">Id of the API key.</param>
/// <param name="Name">Its name.</param>
/// <param name="Email">Null for an API key.</param>
/// <param name="Role">owner, office, viewer or ops.</param>
/// <param name="Company">Name of the company.</param>
internal sealed record Myself(Guid Id, string Name, string? Email, string Role, string Company);

/// <summary>Tells who asks who they are.</summary>
internal sealed class Me(NpgsqlDataSource database)
{
    public async Task<IResult> GetAsync(OfficeIdentity office, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("""
            select k.name, c.name from api_key k join company c on c.company_id = k.company_id where k.company_id = $1 and k.key_id = $2
            """, office.CompanyId, office.KeyId);
        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop)
            ? Results.Ok(new Myself(office.KeyId, reader.GetString(0), null, office.Role, reader.GetString(1)))
            : Problems.NotFound("key.unknown", "No key with this id.");
    }
}
