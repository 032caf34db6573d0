using OrderSync.Contracts.Records;

namespace OrderSync.Gateway.Sync;

/// <summary>
/// Cuts a push into chunks so that what a record needs is stored before it, in whatever order they were sent: customers first, then each record after those it names.
/// Else in the order sent, no id twice in one chunk: a repeat is judged against what its twin has just stored.
/// </summary>
internal static class Waves
{
    public static IEnumerable<IReadOnlyList<PushedRecord>> Of(IReadOnlyList<PushedRecord> records)
    {
        var levels = LevelsOf(records);
        var wave = new List<PushedRecord>(PushLimits.Chunk);
        var ids = new HashSet<Guid>();
        foreach (var record in records.Where(record => record.Id is not null).OrderBy(record => levels[record.Id!.Value]))
        {
            var id = record.Id!.Value;
            if (wave.Count == PushLimits.Chunk || !ids.Add(id) || (wave.Count > 0 && levels[wave[0].Id!.Value] != levels[id]))
            {
                yield return wave;
                wave = new List<PushedRecord>(PushLimits.Chunk);
                ids = [id];
            }

            wave.Add(record);
        }

        if (wave.Count > 0)
            yield return wave;
    }

    // All records of one id keep the order they were sent in, so the id has the level.
    private static Dictionary<Guid, int> LevelsOf(IReadOnlyList<PushedRecord> records)
    {
        var byId = records.Where(record => record.Id is not null).ToLookup(record => record.Id!.Value);
        var levels = new Dictionary<Guid, int>();
        foreach (var group in byId)
            LevelOf(group.Key, byId, levels);
        return levels;
    }

    // Records that wait for each other have no first: the level reached so far ends the circle. Long chains are followed no deeper than a chunk.
    private static int LevelOf(Guid id, ILookup<Guid, PushedRecord> byId, Dictionary<Guid, int> levels, int depth = 0)
    {
        if (levels.TryGetValue(id, out var known))
            return known;

        var level = byId[id].All(record => record.Kind == Kinds.Customer) ? 0 : 1;
        levels[id] = level;
        if (depth < PushLimits.Chunk)
        {
            foreach (var awaited in byId[id].SelectMany(record => record.Awaits))
            {
                if (byId.Contains(awaited.Id))
                    level = Math.Max(level, LevelOf(awaited.Id, byId, levels, depth + 1) + 1);
            }
        }

        return levels[id] = level;
    }
}
