using System.Security.Cryptography;
using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Bundles;

/// <summary>What a device encrypts its bundles to; it is told when it enrols and with each new pair of tokens, since it will need it when there is no gateway to ask.</summary>
/// <param name="Id">Named in each part.</param>
/// <param name="PublicKey">Base64 SubjectPublicKeyInfo of a P-256 key.</param>
internal sealed record BundleKey(Guid Id, string PublicKey);

/// <summary>A company's key pairs for bundles: made when the first device asks, kept for ever.</summary>
internal sealed class BundleKeys(NpgsqlDataSource database, BundleSeal seal, TimeProvider time)
{
    /// <summary>The company's newest key, made where there is none. Two that are made at once are both good.</summary>
    public async Task<BundleKey> CurrentAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid company, CancellationToken stop)
    {
        await using (var look = CompanyBatch.For(connection, company, transaction))
        {
            look.Add("select key_id, public_key from bundle_key where company_id = $1 order by created_at desc, key_id limit 1", company);
            await using var reader = await look.ReadAsync(stop);
            if (await reader.ReadAsync(stop))
                return new BundleKey(reader.GetGuid(0), Convert.ToBase64String(reader.GetFieldValue<byte[]>(1)));
        }

        using var pair = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var (id, secret, open) = (Guid.CreateVersion7(), pair.ExportPkcs8PrivateKey(), pair.ExportSubjectPublicKeyInfo());
        await using var make = CompanyBatch.For(connection, company, transaction);
        make.Add("insert into bundle_key (company_id, key_id, public_key, private_key, created_at) values ($1, $2, $3, $4, $5)", company, id, open, seal.Seal(secret, company, id), time.GetUtcNow());
        CryptographicOperations.ZeroMemory(secret);
        await make.ExecuteNonQueryAsync(stop);
        return new BundleKey(id, Convert.ToBase64String(open));
    }

    /// <summary>A key pair to open a part with; null if this gateway has none of that id, or cannot open it any more. The caller disposes of it.</summary>
    public async Task<ECDiffieHellman?> FindAsync(Guid company, Guid id, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add("select private_key from bundle_key where company_id = $1 and key_id = $2", company, id);
        await using var reader = await batch.ReadAsync(stop);
        if (!await reader.ReadAsync(stop) || seal.Open(reader.GetFieldValue<byte[]>(0), company, id) is not { } secret)
            return null;
        var pair = ECDiffieHellman.Create();
        pair.ImportPkcs8PrivateKey(secret, out _);
        CryptographicOperations.ZeroMemory(secret);
        return pair;
    }
}
