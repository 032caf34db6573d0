namespace OrderSync.Framework.OAuth;

/// <summary>What a destination's approval page led back with.</summary>
/// <param name="Code">Good once, for minutes.</param>
/// <param name="Redirect">Where the page led back to: token endpoints ask for it again.</param>
/// <param name="Query">All that stood in the address, such as the data centre or the company.</param>
public sealed record Approval(string Code, Uri Redirect, IReadOnlyDictionary<string, string> Query);
