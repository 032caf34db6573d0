namespace OrderSync.ErpSandbox;

/// <summary>A stand-in for one ERP: a folder of this project. The sandbox finds it by this interface, so a new one needs no line elsewhere.</summary>
internal interface IStandIn
{
    /// <summary>Registers what it is made of.</summary>
    void Add(IServiceCollection services);

    /// <summary>Maps its API, its sign-in, its control calls and its pages.</summary>
    void Map(WebApplication app);
}
