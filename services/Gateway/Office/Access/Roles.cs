using Microsoft.AspNetCore.Authorization;

namespace OrderSync.Gateway.Office.Access;

/// <summary>
/// What the roles of people and API keys may do: an owner everything, the office all but people and keys, a viewer looks, ops sees counts and states but no content.
/// An endpoint is closed to ops unless it says <see cref="ForOps"/>.
/// </summary>
internal static class Roles
{
    public const string Owner = "owner";
    public const string Office = "office";
    public const string Viewer = "viewer";
    public const string Ops = "ops";

    /// <summary>Policy of what changes something.</summary>
    public const string Change = "office.change";

    /// <summary>Policy of keys and people.</summary>
    public const string Own = "office.own";

    /// <summary>Policy of what people do about themselves, whatever their role: no key may.</summary>
    public const string Person = "office.person";

    /// <summary>Claim of who has signed in.</summary>
    public const string PersonClaim = "person";

    public static bool IsKnown(string? role) => role is Owner or Office or Viewer or Ops;

    public static void AddOfficePolicies(this AuthorizationBuilder policies) => policies
        .AddPolicy(OfficeAuthentication.Scheme_, policy => policy.AddAuthenticationSchemes(OfficeAuthentication.Scheme_).RequireAuthenticatedUser().RequireAssertion(MayLook))
        .AddPolicy(Change, policy => policy.AddAuthenticationSchemes(OfficeAuthentication.Scheme_).RequireClaim("role", Owner, Office))
        .AddPolicy(Own, policy => policy.AddAuthenticationSchemes(OfficeAuthentication.Scheme_).RequireClaim("role", Owner))
        .AddPolicy(Person, policy => policy.AddAuthenticationSchemes(OfficeAuthentication.Scheme_).RequireClaim(PersonClaim));

    /// <summary>Opens an endpoint to ops: its answer holds counts and states, nothing a customer wrote.</summary>
    public static TBuilder ForOps<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new OpenToOps());

    private static bool MayLook(AuthorizationHandlerContext context) =>
        !context.User.HasClaim("role", Ops) || (context.Resource as HttpContext)?.GetEndpoint()?.Metadata.GetMetadata<OpenToOps>() is not null;

    private sealed class OpenToOps;
}
