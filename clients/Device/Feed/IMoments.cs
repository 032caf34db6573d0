namespace OrderSync.Device;

/// <summary>What is applied, at a moment.</summary>
internal interface IMoments
{
    /// <summary>Looks something up: everything that <paramref name="look"/> asks is of one moment.</summary>
    T Read<T>(Func<Statements, T> look);
}
