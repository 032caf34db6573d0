using Npgsql;

namespace OrderSync.EndToEnd.Tests.Faults;

/// <summary>How far a company's work is, from 0 to 1: all of it, and that of each connector.</summary>
internal sealed record Progress(double All, double Zoho, double Email)
{
    /// <summary>How far a part is with its own work; what all others stand on is measured by all of it.</summary>
    public double Of(string part) => part switch
    {
        "zoho" => Zoho,
        "email" => Email,
        _ => All,
    };

    /// <summary>Compares with what another company ended with. Null while the database is away.</summary>
    public static async Task<Progress?> OfAsync(NpgsqlDataSource database, Guid company, Guid ended)
    {
        try
        {
            await using var command = database.CreateCommand($"""
                select a.stored::float / greatest(e.stored, 1), a.zoho::float / greatest(e.zoho, 1), a.email::float / greatest(e.email, 1)
                from ({Counts(company)}) a, ({Counts(ended)}) e
                """);
            await using var reader = await command.ExecuteReaderAsync();
            await reader.ReadAsync();
            var (stored, zoho, email) = (reader.GetDouble(0), reader.GetDouble(1), reader.GetDouble(2));
            return new((stored + zoho + email) / 3, zoho, email);
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    private static string Counts(Guid company) => $"""
        select (select count(*) from gateway.record where company_id = '{company}') as stored,
            (select count(*) from zoho.document where company_id = '{company}' and state = 'done') as zoho,
            (select count(*) from email.document where company_id = '{company}' and state = 'done') as email
        """;
}
