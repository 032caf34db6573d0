namespace OrderSync.Zoho;

/// <summary>Where Zoho lists those who sell.</summary>
public enum SalespersonList
{
    /// <summary>Among its salespersons.</summary>
    Salespersons,

    /// <summary>Among its users.</summary>
    Users,

    /// <summary>Nowhere: the office enters their ids.</summary>
    None,
}
