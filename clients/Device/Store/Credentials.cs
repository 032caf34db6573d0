using System.Security.Cryptography;

namespace OrderSync.Device;

/// <summary>Who the device is at the gateway.</summary>
internal sealed record Identity(Guid CompanyId, Guid DeviceId, string? AccessToken, string RefreshToken);

/// <summary>Key, identity and tokens of the device. They are on disk before they are used.</summary>
internal sealed class Credentials : IDisposable
{
    private readonly DeviceFile _file;
    private readonly ECDsa _key;
    private readonly bool _ownsKey;

    /// <summary>Reads them; a file that has none yet gets a key and a hardware id.</summary>
    public Credentials(DeviceFile file, DeviceOptions options)
    {
        _file = file;
        _ownsKey = options.Key is null;
        _key = options.Key ?? ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var publicKey = _key.ExportSubjectPublicKeyInfo();
        var row = file.Write(() =>
        {
            file.Execute(
                "insert or ignore into device (one, hardware_id, private_key, public_key) values (1, $1, $2, $3)",
                options.HardwareId ?? Guid.NewGuid().ToString(), _ownsKey ? _key.ExportPkcs8PrivateKey() : null, publicKey);
            return file.Query(
                "select hardware_id, private_key, public_key from device",
                row => (Hardware: row.GetString(0), Private: row.IsDBNull(1) ? null : (byte[])row.GetValue(1), Public: (byte[])row.GetValue(2)))[0];
        });
        HardwareId = row.Hardware;
        if (_ownsKey && row.Private is not null)
        {
            _key.ImportPkcs8PrivateKey(row.Private, out _);
            CryptographicOperations.ZeroMemory(row.Private);
        }
        else if (!row.Public.AsSpan().SequenceEqual(publicKey))
        {
            Dispose();
            throw new DeviceTrouble("device.otherKey", "This file belongs to another device key. Open it with the key it was made with; nothing in it was changed.");
        }
    }

    public string HardwareId { get; }

    public string PublicKey => Convert.ToBase64String(_key.ExportSubjectPublicKeyInfo());

    /// <summary>Null until the device has enrolled.</summary>
    public Identity? Identity => _file.Read(() => _file.Query(
        "select company_id, device_id, access_token, refresh_token from device where device_id is not null",
        row => new Identity(Guid.Parse(row.GetString(0)), Guid.Parse(row.GetString(1)), row.IsDBNull(2) ? null : row.GetString(2), row.GetString(3))).FirstOrDefault());

    /// <summary>What bundles are encrypted to; null until a gateway has told it.</summary>
    public BundleKey? BundleKey => _file.Read(() => _file.Query(
        "select bundle_key_id, bundle_key from device where bundle_key is not null", row => new BundleKey(Guid.Parse(row.GetString(0)), (byte[])row.GetValue(1))).FirstOrDefault());

    /// <summary>Where the device enrolled; null until it has.</summary>
    public Uri? Gateway => _file.Read(() => _file.Query("select gateway from device where gateway is not null", row => new Uri(row.GetString(0))).FirstOrDefault());

    /// <summary>Keeps who the device is and where. What was captured for one company never goes to another; another device at the gateway has told it no switches yet.</summary>
    public void Enrolled(Uri gateway, Guid company, Guid device, string accessToken, string refreshToken, BundleKey? bundleKey = null)
    {
        if (Identity is { } before && before.CompanyId != company && _file.Read(() => _file.Count("select count(*) from record")) > 0)
            throw new DeviceTrouble("device.otherCompany", "This code is another company's, and the device holds entries of the one before. Use a new file for the other company; nothing was changed.");
        _file.Write(() =>
        {
            _file.Execute("update setup_switch set told = 0 where not exists (select 1 from device where device_id = $1)", device.ToString());
            // Never one company's key for another's records.
            return _file.Execute(
                "update device set gateway = $5, company_id = $1, device_id = $2, access_token = $3, refresh_token = $4, bundle_key_id = $6, bundle_key = $7",
                company.ToString(), device.ToString(), accessToken, refreshToken, gateway.AbsoluteUri, bundleKey?.Id.ToString(), bundleKey?.PublicKey);
        });
    }

    /// <summary>Keeps a new pair in place of the one before.</summary>
    public void Renewed(string accessToken, string refreshToken, BundleKey? bundleKey) => _file.Write(() => _file.Execute(
        "update device set access_token = $1, refresh_token = $2, bundle_key_id = coalesce($3, bundle_key_id), bundle_key = coalesce($4, bundle_key)", accessToken, refreshToken, bundleKey?.Id.ToString(), bundleKey?.PublicKey));

    /// <summary>The signature a refresh needs.</summary>
    public string Sign(byte[] data) => Convert.ToBase64String(Sign64(data));

    /// <summary>The device key's signature, r and s of 32 bytes each.</summary>
    public byte[] Sign64(byte[] data) => _key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    public void Dispose()
    {
        if (_ownsKey)
            _key.Dispose();
    }
}
