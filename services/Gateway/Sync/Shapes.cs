using System.Collections.Frozen;
using System.Text.Json;
using OrderSync.Contracts.Records;

namespace OrderSync.Gateway.Sync;

/// <summary>
/// The shapes a body has had. Every one ever shipped stays readable: an old one is brought to the newest when it is judged and when it goes on,
/// the captured bytes stay as they are.
/// </summary>
internal static class Shapes
{
    /// <summary>Newest schema of each kind. Where one rises, the step from the one before goes into <see cref="Steps"/>.</summary>
    private static readonly FrozenDictionary<string, int> Newest = new Dictionary<string, int>
    {
        [Kinds.Customer] = 1,
        [Kinds.Order] = 1,
        [Kinds.Quote] = 1,
        [Kinds.Receipt] = 1,
    }.ToFrozenDictionary();

    /// <summary>Makes a body of the next schema out of one of this schema. Every kind still has its first.</summary>
    private static readonly FrozenDictionary<(string Kind, int Schema), Func<JsonElement, JsonElement>> Steps =
        FrozenDictionary<(string Kind, int Schema), Func<JsonElement, JsonElement>>.Empty;

    /// <summary>The newest schema of a kind; 0 for a kind that is not known.</summary>
    public static int NewestOf(string kind) => Newest.GetValueOrDefault(kind);

    /// <summary>The body in the newest schema of its kind.</summary>
    public static JsonElement Upcast(string kind, int schema, JsonElement body)
    {
        for (; schema < NewestOf(kind); schema++)
            body = Steps[(kind, schema)](body);
        return body;
    }
}
