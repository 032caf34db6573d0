using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrderSync.Framework.Connections;
using OrderSync.Framework.Manage;

namespace OrderSync.Framework.Mappings;

/// <summary>What is to be mapped of a kind; it replaces what was.</summary>
/// <param name="Entries">All of it.</param>
internal sealed record MappingRequest(IReadOnlyList<MappingEntry>? Entries);

/// <summary>One entry as a person sends it.</summary>
/// <param name="Ours">As records name it.</param>
/// <param name="Id">Its id at the destination.</param>
internal sealed record MappingEntry(string? Ours, string? Id);

/// <summary>Mappings of a connection: what there is to map, what it can be mapped to, what is mapped.</summary>
internal static class MappingEndpoints
{
    private const int MostEntries = 500;
    private const int LongestName = 200;

    public static void MapMappings(this RouteGroupBuilder one)
    {
        one.MapGet("/mappings", ListAsync);
        one.MapGet("/mappings/{kind}", async (Guid companyId, Guid connectionId, string kind, ConnectorInfo info, ConnectionStore connections, MappingStore mappings, CancellationToken stop) =>
            Find(await KindsAsync(info, connections, companyId, connectionId, stop), kind) is { } known
                ? Results.Ok(new { known.Name, known.Title, known.Meaning, known.Listed, Entries = await mappings.ListAsync(companyId, connectionId, known.Name, stop) })
                : UnknownKind(info, kind));
        one.MapGet("/mappings/{kind}/candidates", async (Guid companyId, Guid connectionId, string kind, ConnectorInfo info, ConnectionStore connections, ErpQuestion question, CancellationToken stop) =>
            Find(await KindsAsync(info, connections, companyId, connectionId, stop), kind) switch
            {
                null => UnknownKind(info, kind),
                { Listed: false } free => Results.Ok(new { free.Listed, Candidates = Array.Empty<Candidate>() }),
                var known => (await question.CandidatesAsync(companyId, connectionId, known.Name, stop))
                    .AsResult(candidates => Results.Ok(new { known.Listed, Candidates = candidates })),
            });
        one.MapPut("/mappings/{kind}", PutAsync);
    }

    private static async Task<IResult> ListAsync(Guid companyId, Guid connectionId, ConnectorInfo info, ConnectionStore connections, MappingStore mappings, CancellationToken stop)
    {
        var kinds = new List<object>();
        foreach (var kind in await KindsAsync(info, connections, companyId, connectionId, stop))
            kinds.Add(new { kind.Name, kind.Title, kind.Meaning, kind.Listed, Entries = await mappings.ListAsync(companyId, connectionId, kind.Name, stop) });
        return Results.Ok(new { Mappings = kinds });
    }

    private static async Task<IResult> PutAsync(
        Guid companyId, Guid connectionId, string kind, MappingRequest wanted, ConnectorInfo info, ConnectionStore connections, MappingStore mappings, ErpQuestion question, HttpContext http, CancellationToken stop)
    {
        if (Find(await KindsAsync(info, connections, companyId, connectionId, stop), kind) is not { } known)
            return UnknownKind(info, kind);
        if (WhyNot(wanted) is { } wrong)
            return wrong;
        var entries = wanted.Entries!.Select(entry => new Mapped(entry.Ours!.Trim(), entry.Id!.Trim(), null)).ToList();
        if (!known.Listed || entries.Count == 0)
            return await SaveAsync(entries);
        var asked = await question.CandidatesAsync(companyId, connectionId, known.Name, stop);
        return await asked.AsResultAsync(async candidates =>
        {
            var names = candidates.GroupBy(one => one.Id, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First().Name, StringComparer.Ordinal);
            return entries.Find(entry => !names.ContainsKey(entry.Id)) is { } stray
                ? Results.Problem(statusCode: 400, type: "mapping.unknownId", title: $"{info.Title} has no {known.Title.ToLowerInvariant()} with id {stray.Id}. Choose one of the candidates for {stray.Ours}.")
                : await SaveAsync([.. entries.Select(entry => entry with { Name = names[entry.Id] })]);
        });

        async Task<IResult> SaveAsync(IReadOnlyList<Mapped> of) =>
            await mappings.PutAsync(companyId, connectionId, known.Name, of, ManageEndpoints.PersonOf(http), stop) ? Results.Ok(new { Entries = of }) : ManageEndpoints.Unknown();
    }

    private static IResult? WhyNot(MappingRequest wanted)
    {
        if (wanted.Entries is not { Count: <= MostEntries } entries)
            return Results.Problem(statusCode: 400, type: "mapping.entries", title: $"Send entries, at most {MostEntries}: {{\"entries\": [{{\"ours\": …, \"id\": …}}]}}.");
        if (entries.Any(entry => entry is not { Ours.Length: > 0 and <= LongestName, Id.Length: > 0 and <= LongestName } || string.IsNullOrWhiteSpace(entry.Ours) || string.IsNullOrWhiteSpace(entry.Id)
            || entry.Ours.Any(char.IsControl) || entry.Id.Any(char.IsControl)))
            return Results.Problem(statusCode: 400, type: "mapping.entries", title: $"Each entry needs ours and id, each of at most {LongestName} characters.");
        return entries.GroupBy(entry => entry.Ours!.Trim(), StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? Results.Problem(statusCode: 400, type: "mapping.twice", title: $"{twice.Key} is mapped twice. Send it once.")
            : null;
    }

    private static MappingKind? Find(IEnumerable<MappingKind> kinds, string kind) => kinds.FirstOrDefault(one => one.Name.Equals(kind, StringComparison.OrdinalIgnoreCase));

    // What a destination lists goes by its edition: the connection's settings have the last word.
    private static async Task<IEnumerable<MappingKind>> KindsAsync(ConnectorInfo info, ConnectionStore connections, Guid company, Guid connection, CancellationToken stop)
    {
        var settings = (await connections.FindAsync(company, connection, stop))?.Settings<ConnectionSettings>();
        return (info.Mappings ?? []).Select(kind => settings is null ? kind : kind with { Listed = settings.Lists(kind) });
    }

    private static IResult UnknownKind(ConnectorInfo info, string kind) => Results.Problem(
        statusCode: 404, type: "mapping.unknownKind",
        title: info.Mappings is { Count: > 0 } known ? $"{info.Title} maps no {kind}; it maps {string.Join(", ", known.Select(one => one.Name))}." : $"Nothing is mapped for {info.Title}.");
}
