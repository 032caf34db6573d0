using System.Collections.Frozen;

namespace OrderSync.Gateway.Sync;

/// <summary>All kinds of records, found by their classes.</summary>
internal static class RecordKinds
{
    private static readonly FrozenDictionary<string, IRecordKind> ByName = typeof(RecordKinds).Assembly.GetTypes()
        .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IRecordKind)))
        .Select(type => (IRecordKind)Activator.CreateInstance(type)!).ToFrozenDictionary(kind => kind.Name);

    /// <summary>By name.</summary>
    public static IReadOnlyList<IRecordKind> All { get; } = [.. ByName.Values.OrderBy(kind => kind.Name, StringComparer.Ordinal)];

    /// <summary>The kind of this name, or null.</summary>
    public static IRecordKind? Find(string name) => ByName.GetValueOrDefault(name);
}
