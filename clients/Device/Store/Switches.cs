namespace OrderSync.Device;

/// <summary>The setup switches as they were set on this device, and which of them the gateway has not been told.</summary>
internal sealed class Switches(DeviceFile file)
{
    private const string IncrementalSync = "incrementalSync", OfflineMode = "offlineMode";

    public SetupSwitches Standing => Read("select name, is_on from setup_switch");

    /// <summary>Null: the gateway knows all.</summary>
    public SetupSwitches? Untold => Read("select name, is_on from setup_switch where not told") is var switches && Given(switches).Any() ? switches : null;

    /// <summary>Keeps those that are given. The same again is no change, and is not told again.</summary>
    public void Set(SetupSwitches switches) => file.Write(() =>
    {
        foreach (var (name, on) in Given(switches))
            file.Execute("""
                insert into setup_switch (name, is_on) values ($1, $2)
                on conflict (name) do update set is_on = excluded.is_on, told = 0 where is_on <> excluded.is_on
                """, name, on);
        return true;
    });

    /// <summary>The gateway knows these. One that was set anew meanwhile is still to be told.</summary>
    public void Told(SetupSwitches switches) => file.Write(() =>
    {
        foreach (var (name, on) in Given(switches))
            file.Execute("update setup_switch set told = 1 where name = $1 and is_on = $2", name, on);
        return true;
    });

    private SetupSwitches Read(string sql)
    {
        var rows = file.Read(() => file.Query(sql, row => (Name: row.GetString(0), On: row.GetBoolean(1)))).ToDictionary(row => row.Name, row => row.On);
        return new SetupSwitches { IncrementalSync = Of(IncrementalSync), OfflineMode = Of(OfflineMode) };

        bool? Of(string name) => rows.TryGetValue(name, out var on) ? on : null;
    }

    private static IEnumerable<(string Name, bool On)> Given(SetupSwitches switches) =>
        new[] { (Name: IncrementalSync, On: switches.IncrementalSync), (Name: OfflineMode, On: switches.OfflineMode) }.Where(one => one.On is not null).Select(one => (one.Name, one.On!.Value));
}
