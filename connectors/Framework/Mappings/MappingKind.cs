namespace OrderSync.Framework.Mappings;

/// <summary>A kind of things of ours that the office maps to things of the destination.</summary>
/// <param name="Name">Name in addresses and JSON, such as "tax".</param>
/// <param name="Title">As people call it.</param>
/// <param name="Meaning">What stands on our side, what on theirs, and what happens to what is not mapped.</param>
/// <param name="Listed">Whether the destination can list what stands on its side; else any text is taken.</param>
/// <param name="Of">Which list of ours stands on our side; null where there is none, and names are entered.</param>
public sealed record MappingKind(string Name, string Title, string Meaning, bool Listed = true, string? Of = null)
{
    /// <summary>For <see cref="Of"/>: the company's tax codes.</summary>
    public const string Taxes = "taxes";

    /// <summary>For <see cref="Of"/>: those who sell.</summary>
    public const string Reps = "reps";

    /// <summary>For <see cref="Of"/>: the company's branches.</summary>
    public const string Branches = "branches";

    /// <summary>For <see cref="Of"/>: the ways of paying that a receipt can name.</summary>
    public const string PaymentMethods = "paymentMethods";
}

/// <summary>Something of ours that is to be mapped before a document can be written.</summary>
/// <param name="Kind">Name of the <see cref="MappingKind"/>.</param>
/// <param name="Ours">As it is to be mapped, such as a tax code.</param>
public sealed record Unmapped(string Kind, string Ours);

/// <summary>A thing of the destination that something of ours can be mapped to.</summary>
/// <param name="Id">Its id there.</param>
/// <param name="Name">As people know it there.</param>
public sealed record Candidate(string Id, string Name);
