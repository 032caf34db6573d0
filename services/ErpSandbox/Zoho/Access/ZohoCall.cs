using Microsoft.Extensions.Options;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>A call that was let in.</summary>
internal sealed record ZohoCall(ErpRequest Request, ZohoFlavour Flavour, ZohoOrganisation Organisation, DateTimeOffset Now)
{
    /// <summary>All organisations of the user who calls.</summary>
    public IReadOnlyList<ZohoOrganisation> OfUser { get; init; } = [Organisation];

    /// <summary>The id in the path.</summary>
    public string Id => Request.Route["id"];

    /// <summary>Filters and page of the query.</summary>
    public ZohoSearch Search => new(Request.Query, Organisation.Settings, Now, knowsChanges: !Organisation.Settings.ListsWithoutLastModifiedTime.Contains(Request.Path[(Request.Path.LastIndexOf('/') + 1)..]));
}

/// <summary>Decides whether a call is let in, in the order token, organisation, scope, limits, and carries it out. rules.md, "Access".</summary>
internal sealed class ZohoGate(ZohoOrganisations organisations, ZohoTokens tokens, IOptions<SandboxOptions> options, TimeProvider clock)
{
    private const string Scheme = "Zoho-oauthtoken ";
    private const string Bearer = "Bearer ";

    /// <summary>Carries out one call of the API.</summary>
    public async Task<ErpAnswer> RunAsync(ErpRequest request, ZohoFlavour flavour, ZohoRoute route, Func<Task> work)
    {
        try
        {
            var organisation = Admit(request, flavour, route);
            using var slot = options.Value.Profile == LimitProfile.Documented
                ? organisation.Budget.Enter(organisation.Settings, clock.GetUtcNow()) : null;
            await work();
            lock (organisation.Gate)
            {
                return organisation.Deleted ? throw NotYours()
                    : route.Handle(new ZohoCall(request, flavour, organisation, ZohoTime.Now(clock)) { OfUser = organisations.OfUser(organisation) });
            }
        }
        catch (ZohoRefusal refusal)
        {
            return ZohoAnswer.Refused(refusal);
        }
    }

    private ZohoOrganisation Admit(ErpRequest request, ZohoFlavour flavour, ZohoRoute route)
    {
        var header = request.Authorization ?? "";
        var bearer = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase);
        var token = bearer ? header[Bearer.Length..] : header.StartsWith(Scheme, StringComparison.Ordinal) ? header[Scheme.Length..] : "";
        var live = tokens.Find(token, clock.GetUtcNow());
        var own = organisations.Find(live?.OrganizationId);
        if (live is null || own is null || (bearer && !own.Settings.AcceptBearer))
            throw new ZohoRefusal(401, 57, "Invalid OAuth Token");

        var called = own;
        if (route.NeedsOrganisation)
        {
            var named = request.Query["organization_id"].ToString();
            if (named.Length == 0)
                throw new ZohoRefusal(400, 6024, "This user belongs to multiple organizations, hence the parameter organization_id is required.");
            if (!organisations.OfUser(own).Contains(called = organisations.Find(named)))
                throw NotYours();
        }

        return MayUse(live.Scopes ?? own.Settings.Scopes, flavour.Product(), route.ScopeIn(flavour)) ? called!
            : throw new ZohoRefusal(own.Settings.MissingScopeStatus, 57, "You are not authorized to perform this operation");
    }

    private static ZohoRefusal NotYours() => new(400, 4029, "Invalid organization id.");

    // "contacts.CREATE" is granted by itself, by contacts.ALL and by FullAccess.all.
    private static bool MayUse(string granted, string product, string needed) => granted.Split(',', StringSplitOptions.TrimEntries).Any(scope =>
        string.Equals(scope, $"{product}.FullAccess.all", StringComparison.OrdinalIgnoreCase)
        || string.Equals(scope, $"{product}.{needed}", StringComparison.OrdinalIgnoreCase)
        || string.Equals(scope, $"{product}.{needed[..needed.IndexOf('.', StringComparison.Ordinal)]}.ALL", StringComparison.OrdinalIgnoreCase));
}
