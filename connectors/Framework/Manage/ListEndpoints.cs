using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrderSync.Framework.Calls;
using OrderSync.Framework.Connections;

namespace OrderSync.Framework.Manage;

/// <summary>What people page through: calls, what needs attention, changes.</summary>
internal static class ListEndpoints
{
    private const int Most = 500;

    public static void MapLists(this RouteGroupBuilder manage)
    {
        manage.MapGet("/calls", (
            Guid company, Guid? connection, Guid? record, DateTimeOffset? from, string? before, int? limit, CallHistory calls, CancellationToken stop) =>
            CallsAsync(company, connection, record, from, before, limit, calls, stop));

        var one = manage.MapGroup("/connections/{companyId:guid}/{connectionId:guid}");
        one.MapGet("/calls", (
            Guid companyId, Guid connectionId, Guid? record, DateTimeOffset? from, string? before, int? limit, CallHistory calls, CancellationToken stop) =>
            CallsAsync(companyId, connectionId, record, from, before, limit, calls, stop));
        one.MapGet("/attention", AttentionAsync);
        one.MapGet("/changes", ChangesAsync);
    }

    private static async Task<IResult> CallsAsync(
        Guid company, Guid? connection, Guid? record, DateTimeOffset? from, string? before, int? limit, CallHistory calls, CancellationToken stop)
    {
        if (ManageEndpoints.WhyNotLimit(limit ?? 100, CallHistory.Most) is { } wrong)
            return wrong;
        Place? place = null;
        if (before is not null && Place.TryParse(before, out var read))
            place = read;
        else if (before is not null)
            return WrongPlace("before");
        return Results.Ok(await calls.ListAsync(company, connection, record, from, place, limit ?? 100, stop));
    }

    private static async Task<IResult> AttentionAsync(
        Guid companyId, Guid connectionId, string? after, int? limit, Attention attention, CancellationToken stop)
    {
        if (ManageEndpoints.WhyNotLimit(limit ?? 100, Most) is { } wrong)
            return wrong;
        if (after is null)
            return Results.Ok(await attention.ListAsync(companyId, connectionId, null, limit ?? 100, stop));
        return after.IndexOf('_', StringComparison.Ordinal) is var end and > 0
            && DateTimeOffset.TryParseExact(after[..end], "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var since)
            ? Results.Ok(await attention.ListAsync(companyId, connectionId, (since.ToUniversalTime(), after[(end + 1)..]), limit ?? 100, stop))
            : WrongPlace("after");
    }

    private static async Task<IResult> ChangesAsync(Guid companyId, Guid connectionId, long? before, int? limit, SettingsHistory history, CancellationToken stop) =>
        ManageEndpoints.WhyNotLimit(limit ?? 100, Most) ?? Results.Ok(new { Changes = await history.ListAsync(companyId, connectionId, before, limit ?? 100, stop) });

    private static IResult WrongPlace(string name) =>
        Results.Problem(statusCode: 400, type: "list.place", title: $"{name} is not what an earlier page said. Leave it out to begin at the start.");
}
