using Microsoft.AspNetCore.Authorization;

namespace OrderSync.Gateway.Office.Access;

/// <summary>
/// What the roles of API keys may do: an owner everything, the office all but keys, a viewer looks, ops sees counts and states but no content.
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

    /// <summary>Policy of keys.</summary>
    public const string Own = "office.own";

    public static bool IsKnown(string? role) => role is Owner or Office or Viewer or Ops;

    public static void AddOfficePolicies(this AuthorizationBuilder policies) => policies
        .AddPolicy(OfficeAuthentication.Scheme_, policy => policy.AddAuthenticationSchemes(OfficeAuthentication.Scheme_).RequireAuthenticatedUser().RequireAssertion(MayLook))
        .AddPolicy(Change, policy => policy.AddAuthenticationSchemes(OfficeAuthentication.Scheme_).RequireClaim("role", Owner, Office))
        .AddPolicy(Own, policy => policy.AddAuthenticationSchemes(OfficeAuthentication.Scheme_).RequireClaim("role", Owner));

    /// <summary>Opens an endpoint to ops: its answer holds counts and states, nothing a customer wrote.</summary>
    public static TBuilder ForOps<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new OpenToOps());

    private static bool MayLook(AuthorizationHandlerContext context) =>
        !context.User.HasClaim("role", Ops) || (context.Resource as HttpContext)?.GetEndpoint()?.Metadata.GetMetadata<OpenToOps>() is not null;

    private sealed class OpenToOps;
}
