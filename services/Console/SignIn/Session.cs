namespace OrderSync.Console.SignIn;

/// <summary>Who looks at the page, as the gateway knows them.</summary>
/// <param name="Id">Id of the person, or of the API key.</param>
/// <param name="Name">To be shown.</param>
/// <param name="Email">Null for an API key.</param>
/// <param name="Role">owner, office, viewer or ops.</param>
/// <param name="Company">Name of the company.</param>
internal sealed record Session(Guid Id, string Name, string? Email, string Role, string Company)
{
    /// <summary>Whether what changes something is offered; the gateway decides anyway.</summary>
    public bool MayChange => Role is "owner" or "office";

    /// <summary>Whether people and keys are offered.</summary>
    public bool Owns => Role == "owner";

    /// <summary>Whether content is shown, and not only counts and states.</summary>
    public bool MayRead => Role != "ops";
}
