using Npgsql;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Office.Staff;

/// <summary>
/// A device as the office sees it. <c>SkewSeconds</c>: how far its clock was behind ours at its last push. <c>Flags</c>, what to look at:
/// revoked, userDisabled, clockWrong, sameHardware, neverPushed.
/// </summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Name for people.</param>
/// <param name="HardwareId">Id of the hardware.</param>
/// <param name="RepId">Whose it is.</param>
/// <param name="Rep">That rep's name.</param>
/// <param name="Branch">Code of the branch.</param>
/// <param name="EnrolledAt">Since when.</param>
/// <param name="LastPushAt">When it last sent something.</param>
/// <param name="LastSeenAt">When it last sent something or renewed its credentials.</param>
/// <param name="App">Name and version of the app, as it said with its last push.</param>
/// <param name="Waiting">Records it still had to send after its last push, as it said.</param>
/// <param name="SkewSeconds">How far its clock was behind ours.</param>
/// <param name="Switches">Its setup switches.</param>
/// <param name="RevokedAt">Since when it is turned away.</param>
/// <param name="RevokedReason">Why.</param>
/// <param name="Flags">What to look at.</param>
/// <param name="Class">phone, tablet or register.</param>
/// <param name="LastPullAt">When it last acknowledged that it has everything.</param>
/// <param name="LastCompleteSyncAt">When it last did so with nothing left to send.</param>
internal sealed record DeviceRow(
    Guid Id, string? Name, string HardwareId, Guid RepId, string Rep, string Branch, DateTimeOffset EnrolledAt, DateTimeOffset? LastPushAt, DateTimeOffset? LastSeenAt, string? App, int? Waiting,
    double? SkewSeconds, IReadOnlyList<DeviceSwitch> Switches, DateTimeOffset? RevokedAt, string? RevokedReason, IReadOnlyList<string> Flags, string Class,
    DateTimeOffset? LastPullAt, DateTimeOffset? LastCompleteSyncAt);

/// <summary>Reads devices with all the office wants to know of them.</summary>
internal static class DeviceRows
{
    // A document's date is corrected beyond this.
    private const double SkewToMention = 600;

    /// <summary>Devices d with their rep r and branch b; goes on with a condition.</summary>
    public const string Select = $"""
        select d.device_id, d.name, d.hardware_id, r.rep_id, r.name, b.code, d.enrolled_at, d.last_push_at, d.skew_ms, d.revoked_at, d.revoked_reason, r.disabled,
            exists (select from device o where o.company_id = d.company_id and o.hardware_id = d.hardware_id and o.device_id <> d.device_id), d.app, d.waiting,
            greatest(d.last_push_at, (select max(t.issued_at) from refresh_token t where t.company_id = d.company_id and t.device_id = d.device_id)), {DeviceSwitches.Column}, d.class, d.last_pull_at, d.last_complete_sync_at
        from device d join rep r on r.company_id = d.company_id and r.rep_id = d.rep_id join branch b on b.company_id = d.company_id and b.branch_id = d.branch_id
        """;

    /// <summary>Reads what <see cref="Select"/> found.</summary>
    public static async Task<List<DeviceRow>> ReadAsync(NpgsqlBatch batch, CancellationToken stop)
    {
        var rows = new List<DeviceRow>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
            rows.Add(Row(reader));
        return rows;
    }

    private static DeviceRow Row(NpgsqlDataReader row)
    {
        var skew = row.IsDBNull(8) ? (double?)null : row.GetInt64(8) / 1000.0;
        var (lastPush, revoked) = (Time(7), Time(9));
        string?[] flags =
        [
            revoked is null ? null : "revoked", row.GetBoolean(11) ? "userDisabled" : null, Math.Abs(skew ?? 0) > SkewToMention ? "clockWrong" : null,
            row.GetBoolean(12) ? "sameHardware" : null, lastPush is null ? "neverPushed" : null,
        ];
        return new(
            row.GetGuid(0), Text(1), row.GetString(2), row.GetGuid(3), row.GetString(4), row.GetString(5), row.GetFieldValue<DateTimeOffset>(6), lastPush, Time(15), Text(13),
            row.IsDBNull(14) ? null : row.GetInt32(14), skew, DeviceSwitches.Read(Text(16)), revoked, Text(10), [.. flags.OfType<string>()], row.GetString(17), Time(18), Time(19));

        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);

        DateTimeOffset? Time(int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
    }
}
