using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Office.Access;

/// <summary>Who calls the office API, for people who read it later.</summary>
internal static class Person
{
    public static async Task<string> NameAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, OfficeIdentity office, CancellationToken stop)
    {
        await using var batch = CompanyBatch.For(connection, office.CompanyId, transaction);
        batch.Add("select name from api_key where company_id = $1 and key_id = $2", office.CompanyId, office.KeyId);
        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop) ? reader.GetString(0) : office.KeyId.ToString();
    }
}
