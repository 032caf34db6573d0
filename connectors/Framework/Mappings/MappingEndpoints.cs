using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrderSync.Framework.Connections;
using OrderSync.Framework.Manage;

namespace OrderSync.Framework.Mappings;

/// <summary>What is to be mapped of a kind.</summary>
/// <param name="Entries">All of it; or, for some of it, only what changes.</param>
internal sealed record MappingRequest(IReadOnlyList<MappingEntry>? Entries);

/// <summary>One entry as a person sends it.</summary>
/// <param name="Ours">As records name it.</param>
/// <param name="Id">Its id at the destination; where only some is sent, null ends what was mapped.</param>
internal sealed record MappingEntry(string? Ours, string? Id);

/// <summary>
/// Mappings of a connection: what there is to map, what it can be mapped to, what is mapped, what waits for it. What waited for something that is mapped now goes on by itself.
/// </summary>
internal static class MappingEndpoints
{
    private const int MostEntries = 500;
    private const int LongestName = 200;

    public static void MapMappings(this RouteGroupBuilder one)
    {
        one.MapGet("/mappings", ListAsync);
        one.MapGet("/mappings/{kind}", async (Guid companyId, Guid connectionId, string kind, ConnectorInfo info, ConnectionStore connections, MappingStore mappings, CancellationToken stop) =>
            Find(await KindsAsync(info, connections, companyId, connectionId, stop), kind) is { } known
                ? Results.Ok(Show(known, await mappings.AllAsync(companyId, connectionId, stop)))
                : UnknownKind(info, kind));
        one.MapGet("/mappings/{kind}/candidates", async (Guid companyId, Guid connectionId, string kind, ConnectorInfo info, ConnectionStore connections, ErpQuestion question, CancellationToken stop) =>
            Find(await KindsAsync(info, connections, companyId, connectionId, stop), kind) switch
            {
                null => UnknownKind(info, kind),
                { Listed: false } free => Results.Ok(new { free.Listed, Candidates = Array.Empty<Candidate>() }),
                var known => (await question.CandidatesAsync(companyId, connectionId, known.Name, stop))
                    .AsResult(candidates => Results.Ok(new { known.Listed, Candidates = candidates })),
            });
        one.MapPut("/mappings/{kind}", (Guid companyId, Guid connectionId, string kind, MappingRequest wanted, MappingChange change, HttpContext http, CancellationToken stop) =>
            PutAsync(change, (companyId, connectionId), kind, wanted, some: false, http, stop));
        one.MapPost("/mappings/{kind}", (Guid companyId, Guid connectionId, string kind, MappingRequest wanted, MappingChange change, HttpContext http, CancellationToken stop) =>
            PutAsync(change, (companyId, connectionId), kind, wanted, some: true, http, stop));
    }

    /// <summary>What a connection can map: what a destination lists goes by its edition, so the connection's settings have the last word.</summary>
    public static async Task<IEnumerable<MappingKind>> KindsAsync(ConnectorInfo info, ConnectionStore connections, Guid company, Guid connection, CancellationToken stop)
    {
        var settings = (await connections.FindAsync(company, connection, stop))?.Settings<ConnectionSettings>();
        return (info.Mappings ?? []).Select(kind => settings is null ? kind : kind with { Listed = settings.Lists(kind) });
    }

    private static async Task<IResult> ListAsync(Guid companyId, Guid connectionId, ConnectorInfo info, ConnectionStore connections, MappingStore mappings, CancellationToken stop)
    {
        var all = await mappings.AllAsync(companyId, connectionId, stop);
        return Results.Ok(new { Mappings = (await KindsAsync(info, connections, companyId, connectionId, stop)).Select(kind => Show(kind, all)).ToList() });
    }

    private static object Show(MappingKind kind, ILookup<string, (IReadOnlyList<Mapped> Mapped, Missing? Missing)> all) => new
    {
        kind.Name, kind.Title, kind.Meaning, kind.Listed, kind.Of,
        Entries = all[kind.Name].SelectMany(row => row.Mapped).ToList(),
        Missing = all[kind.Name].Select(row => row.Missing).OfType<Missing>().OrderByDescending(row => row.Documents).ThenBy(row => row.Ours, StringComparer.Ordinal).ToList(),
    };

    private static async Task<IResult> PutAsync(
        MappingChange change, (Guid Company, Guid Connection) of, string kind, MappingRequest wanted, bool some, HttpContext http, CancellationToken stop)
    {
        if (Find(await change.KindsAsync(of, stop), kind) is not { } known)
            return UnknownKind(change.Info, kind);
        return WhyNot(wanted, some) ?? await change.MakeAsync(of, known, wanted.Entries!, some, ManageEndpoints.PersonOf(http), stop);
    }

    private static IResult? WhyNot(MappingRequest wanted, bool some)
    {
        if (wanted.Entries is not { Count: <= MostEntries } entries)
            return Results.Problem(statusCode: 400, type: "mapping.entries", title: $"Send entries, at most {MostEntries}: {{\"entries\": [{{\"ours\": …, \"id\": …}}]}}.");
        if (entries.Any(entry => !IsName(entry?.Ours) || !(IsName(entry!.Id) || (some && entry.Id is null))))
            return Results.Problem(statusCode: 400, type: "mapping.entries", title: $"Each entry needs ours and id, each of at most {LongestName} characters.");
        return entries.GroupBy(entry => entry.Ours!.Trim(), StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? Results.Problem(statusCode: 400, type: "mapping.twice", title: $"{twice.Key} is mapped twice. Send it once.")
            : null;
    }

    private static bool IsName(string? text) => text is { Length: <= LongestName } && !string.IsNullOrWhiteSpace(text) && !text.Any(char.IsControl);

    private static MappingKind? Find(IEnumerable<MappingKind> kinds, string kind) => kinds.FirstOrDefault(one => one.Name.Equals(kind, StringComparison.OrdinalIgnoreCase));

    private static IResult UnknownKind(ConnectorInfo info, string kind) => Results.Problem(
        statusCode: 404, type: "mapping.unknownKind",
        title: info.Mappings is { Count: > 0 } known ? $"{info.Title} maps no {kind}; it maps {string.Join(", ", known.Select(one => one.Name))}." : $"Nothing is mapped for {info.Title}.");
}
