using OrderSync.Contracts.Bus;

namespace OrderSync.Framework.Intake;

/// <summary>A message and the documents it becomes; none while its connection has no settings.</summary>
internal sealed record PlannedRecord(DeliverRecord Record, Connection? Connection, IReadOnlyList<PlannedDocument> Documents);

/// <summary>
/// Divides messages so that those of one wave concern different rows and can be written by the same statements, while what concerns the same row keeps
/// its order. A customer that merely comes along with several orders is no reason to divide.
/// </summary>
internal static class Waves
{
    public static IReadOnlyList<IReadOnlyList<PlannedRecord>> Of(IEnumerable<PlannedRecord> messages)
    {
        var waves = new List<List<PlannedRecord>>();
        var written = new Dictionary<string, int>();
        var touched = new Dictionary<string, int>();
        foreach (var message in messages)
        {
            var records = RecordsOf(message);
            var wave = records.Max(row => After(row.Own ? touched : written, row.Record));
            foreach (var (record, own) in records)
            {
                Raise(touched, record, wave);
                if (own)
                    Raise(written, record, wave);
            }

            while (waves.Count <= wave)
                waves.Add([]);
            waves[wave].Add(message);
        }

        return waves;
    }

    // By record: its own rows are written, those of what comes along or is needed are looked at. A key begins with the record's id.
    private static List<(string Record, bool Own)> RecordsOf(PlannedRecord message)
    {
        var own = message.Record.RecordId;
        var records = new List<(string, bool)> { (own.ToString("D"), true) };
        foreach (var document in message.Documents)
        {
            if (document.RecordId != own)
                records.Add((document.RecordId.ToString("D"), false));
            records.AddRange(document.DependsOn.Select(needed => (needed.Split('/')[0], false)));
        }

        return records;
    }

    private static int After(Dictionary<string, int> last, string record) => last.TryGetValue(record, out var wave) ? wave + 1 : 0;

    private static void Raise(Dictionary<string, int> last, string record, int wave) => last[record] = Math.Max(wave, last.GetValueOrDefault(record));
}
