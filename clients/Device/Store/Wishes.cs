namespace OrderSync.Device;

/// <summary>What a person has given up or taken up again, until the gateway has heard it.</summary>
internal sealed class Wishes
{
    /// <summary>It is put aside at the gateway too, where the office sees it.</summary>
    public const string Stop = "stop";

    /// <summary>It stands there again as it stood.</summary>
    public const string Reopen = "reopen";

    private readonly DeviceFile _file;

    public Wishes(DeviceFile file)
    {
        _file = file;
        file.Write(() => file.Execute("create table if not exists wish (id text primary key, verb text not null)"));
    }

    /// <summary>What the gateway has not heard.</summary>
    public List<(Guid Id, string Verb)> Untold => _file.Read(() => _file.Query("select id, verb from wish order by id limit 500", row => (Guid.Parse(row.GetString(0)), row.GetString(1))));

    /// <summary>The last word about a record counts.</summary>
    public void Add(Guid id, string verb) =>
        _file.Write(() => _file.Execute("insert into wish (id, verb) values ($1, $2) on conflict (id) do update set verb = excluded.verb", id.ToString("D"), verb));

    /// <summary>The gateway has heard these. A newer word about one of them is still to be told.</summary>
    public void Told(IEnumerable<(Guid Id, string Verb)> wishes) =>
        _file.Write(() => wishes.Sum(wish => _file.Execute("delete from wish where id = $1 and verb = $2", wish.Id.ToString("D"), wish.Verb)));
}
