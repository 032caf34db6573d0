namespace OrderSync.Device;

/// <summary>What the company's gateway opens bundles with; the device has its public half since it enrolled.</summary>
/// <param name="Id">Named in each part.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo of a P-256 key.</param>
internal sealed record BundleKey(Guid Id, byte[] PublicKey);
