using Xunit;
using Xunit.Abstractions;

namespace OrderSync.Testing;

/// <summary>
/// Collections whose classes share a fixture run first: their classes go one after the other, and begun last they would run on alone when all others have ended.
/// </summary>
public sealed class SharedFirst : ITestCollectionOrderer
{
    /// <inheritdoc />
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderByDescending(collection => collection.CollectionDefinition is not null).ThenBy(collection => collection.DisplayName, StringComparer.Ordinal);
}
