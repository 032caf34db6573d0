using System.Globalization;
using System.Text.Json;
using Npgsql;
using OrderSync.Contracts;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Feed;
using OrderSync.Gateway.Policies;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync.Looks;

namespace OrderSync.Gateway.Sync;

/// <summary>Judges records by their kinds' rules, after one look at what the rules need to know.</summary>
internal sealed class Rules(NpgsqlDataSource database, IEnumerable<IRecordKind> kinds, IEnumerable<ILook> looks)
{
    private readonly Dictionary<string, IRecordKind> kinds = kinds.ToDictionary(kind => kind.Name);

    public bool Numbered(string kind) => kinds.TryGetValue(kind, out var known) && known.Series is not null;

    public bool Knows(string kind) => kinds.ContainsKey(kind);

    /// <summary>Reads the bodies, and out of them what each record needs first.</summary>
    public void Read(IReadOnlyList<PushedRecord> records)
    {
        foreach (var record in records)
            Read(record);
    }

    /// <summary>All that the rules of a chunk need, in one round trip.</summary>
    public async Task<Known> LookAsync(Push push, IReadOnlyList<PushedRecord> records, CancellationToken stop)
    {
        var wanted = WantedOf(push, records);
        var proven = records.Where(record => record.Proof is not null).ToList();
        var company = push.Device.CompanyId;
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.ForRecords(connection, company);
        DeviceStanding.Add(batch, push.Device);
        EpochLook.Add(batch, company, push.Mark, [.. proven.Select(record => record.Proof!.Epoch).Distinct()]);
        var asked = looks.Where(look => look.Add(batch, company, wanted)).ToList();
        await using var reader = await batch.ReadAsync(stop);
        var standing = await DeviceStanding.ReadAsync(reader, stop);
        await reader.NextResultAsync(stop);
        var known = new Known { DeviceGone = standing.Gone, UserDisabled = standing.UserDisabled, DeviceClass = standing.Class, Live = push.Live, Epoch = await EpochLook.ReadAsync(reader, push.Mark, stop) };
        foreach (var look in asked)
        {
            await reader.NextResultAsync(stop);
            await look.ReadAsync(reader, known, stop);
        }

        // No record that stands is ever removed: one that was acknowledged under this very epoch and is not there was lost with the database.
        if (known.Epoch.Fork is null && proven.Any(record => record.Proof!.Epoch == known.Epoch.Id && !known.ProvenStanding.Contains(record.Id!.Value)))
            known.Epoch = known.Epoch with { Fork = "proof" };
        return known;
    }

    /// <summary>Judges a chunk.</summary>
    public IReadOnlyList<Judged> Judge(IReadOnlyList<PushedRecord> records, Known known) => [.. records.Select(record => Judge(record, known))];

    private Wanted WantedOf(Push push, IReadOnlyList<PushedRecord> records)
    {
        var wanted = new Wanted { Rep = push.Device.RepId };
        foreach (var record in records)
        {
            if (record.Proof is not null)
                wanted.Proven.Add(record.Id!.Value);
            if (record.Body is null)
                continue;
            kinds[record.Kind].Want(record, record.Body, wanted);
            foreach (var awaited in record.Awaits)
                (awaited.IsCustomer ? wanted.Customers : wanted.Awaited).Add(awaited.Id);
        }

        return wanted;
    }

    private Judged Judge(PushedRecord record, Known known)
    {
        var judged = new Judged(record);
        if (record.Fault is { } fault)
            return judged.Refuse(fault);
        if (!kinds.TryGetValue(record.Kind, out var kind))
            return judged.Refuse(record.Kind == "cart" ? new Fault("cart.notSynced", "kind") : UnknownKind(record));
        if (record.Body is null)
            return judged.Refuse(new Fault("record.unreadable", "body"));

        if (DevicePolicy.WhyNot(record, known) is { } barred)
            return judged.Refuse(barred);
        kind.Judge(judged, record.Body, known);
        if (judged.State == "accepted" && Missing(record, known) is { } missing)
            judged.Wait(missing);
        if (record.Proof?.State == "stopped" && judged.State != "refused")
            return judged.Stop();
        return known.UserDisabled && judged.State == "accepted" ? judged.Wait(new Fault("user.disabled", null)) : judged;
    }

    private static Fault? Missing(PushedRecord record, Known known)
    {
        foreach (var awaited in record.Awaits)
        {
            var stands = known.Records.GetValueOrDefault(awaited.Id);
            if (known.Customers.Contains(awaited.Id) || (!awaited.IsCustomer && stands?.State == "accepted"))
                continue;

            return new Fault(stands?.State switch { "refused" => awaited.Refused, "held" when awaited.IsCustomer => "customer.undecided", _ => awaited.Unknown }, awaited.Field, new Dictionary<string, string>
            {
                ["id"] = awaited.Id.ToString(),
                ["which"] = stands?.Reference is { Length: > 0 } reference ? reference : awaited.Id.ToString(),
            });
        }

        return null;
    }

    private void Read(PushedRecord record)
    {
        if (record.Envelope is not { } envelope || !kinds.TryGetValue(record.Kind, out var kind))
            return;

        var newest = Shapes.NewestOf(record.Kind);
        if (envelope.Schema > newest)
        {
            record.Spoil(new Fault("record.schemaNewer", "schema", new Dictionary<string, string>
            {
                ["schema"] = envelope.Schema.ToString(CultureInfo.InvariantCulture),
                ["newest"] = newest.ToString(CultureInfo.InvariantCulture),
            }));
            return;
        }

        try
        {
            var body = Shapes.Upcast(record.Kind, envelope.Schema, envelope.Body).Deserialize(kind.Body, ContractJson.Options)!;
            record.Take(body, kind.Awaits(body).Concat((envelope.DependsOn ?? []).Select(Awaited.Record)));
        }
        catch (JsonException trouble)
        {
            record.Spoil(new Fault("record.unreadable", trouble.Path?.TrimStart('$', '.')));
        }
    }

    private static Fault UnknownKind(PushedRecord record) =>
        new("record.kindUnknown", "kind", new Dictionary<string, string> { ["kind"] = record.Kind });
}
