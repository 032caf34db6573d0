using Microsoft.AspNetCore.Http;
using OrderSync.Framework.Connections;
using OrderSync.Framework.Manage;

namespace OrderSync.Framework.Mappings;

/// <summary>Maps things of a connection, checked against what the destination has; documents that waited for them are tried again.</summary>
internal sealed class MappingChange(ConnectorInfo info, ConnectionStore connections, MappingStore mappings, ErpQuestion question, Office office)
{
    public ConnectorInfo Info { get; } = info;

    public Task<IEnumerable<MappingKind>> KindsAsync((Guid Company, Guid Connection) of, CancellationToken stop) =>
        MappingEndpoints.KindsAsync(Info, connections, of.Company, of.Connection, stop);

    /// <param name="of">Company and connection.</param>
    /// <param name="kind">What is mapped.</param>
    /// <param name="wanted">What to what.</param>
    /// <param name="some">Whether the rest stays as it is.</param>
    /// <param name="person">Who says so.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<IResult> MakeAsync((Guid Company, Guid Connection) of, MappingKind kind, IReadOnlyList<MappingEntry> wanted, bool some, string? person, CancellationToken stop)
    {
        var entries = wanted.Where(entry => entry.Id is not null).Select(entry => new Mapped(entry.Ours!.Trim(), entry.Id!.Trim(), null)).ToList();
        if (!kind.Listed || entries.Count == 0)
            return await SaveAsync(entries);
        var asked = await question.CandidatesAsync(of.Company, of.Connection, kind.Name, stop);
        return await asked.AsResultAsync(async candidates =>
        {
            var names = candidates.GroupBy(one => one.Id, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First().Name, StringComparer.Ordinal);
            return entries.Find(entry => !names.ContainsKey(entry.Id)) is { } stray
                ? Results.Problem(statusCode: 400, type: "mapping.unknownId", title: $"{Info.Title} has no {kind.Title.ToLowerInvariant()} with id {stray.Id}. Choose one of the candidates for {stray.Ours}.")
                : await SaveAsync([.. entries.Select(entry => entry with { Name = names[entry.Id] })]);
        });

        async Task<IResult> SaveAsync(IReadOnlyList<Mapped> named)
        {
            var instead = some ? wanted.Select(entry => entry.Ours!.Trim()) : null;
            if (await mappings.PutAsync(of.Company, of.Connection, kind.Name, named, instead, person, stop) is not { } all)
                return ManageEndpoints.Unknown();
            return Results.Ok(new { Entries = all, Released = await office.ReleaseAsync(of.Company, of.Connection, kind.Name, named.Select(entry => entry.Ours), stop) });
        }
    }
}
