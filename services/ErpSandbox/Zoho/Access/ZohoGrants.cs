namespace OrderSync.ErpSandbox.Zoho;

/// <summary>The refresh tokens people of an organisation gave to apps, oldest first.</summary>
internal sealed class ZohoGrants
{
    private readonly List<ZohoGrant> grants = [];

    public IEnumerable<ZohoGrant> Of(string client) => grants.Where(one => one.ClientId == client);

    public ZohoGrant? Find(string refreshToken) => grants.Find(one => one.RefreshToken == refreshToken);

    public void Put(ZohoGrant grant)
    {
        if (Find(grant.RefreshToken) is null)
            grants.Add(grant);
    }

    public void Remove(string refreshToken) => grants.RemoveAll(one => one.RefreshToken == refreshToken);
}
