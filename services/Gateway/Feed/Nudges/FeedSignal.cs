namespace OrderSync.Gateway.Feed.Nudges;

/// <summary>Told by whoever has committed something that devices may have to hear of. Only a shortcut: what nobody tells of is found by the poll.</summary>
internal sealed class FeedSignal(Audiences audiences, RedisNudges redis)
{
    /// <summary>Costs nothing: those who listen are told later, and by others.</summary>
    public void Committed(Guid company)
    {
        audiences.Want(company);
        redis.Tell(company);
    }
}
