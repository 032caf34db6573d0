namespace OrderSync.Testing.Run;

/// <summary>Where the servers of a test run come from: processes of this machine, or containers.</summary>
internal interface IServerSource
{
    /// <summary>Connection string of the administrator.</summary>
    Task<string> PostgresAsync();

    Task<RabbitAddress> RabbitAsync();

    /// <summary>Connection string in StackExchange.Redis' words.</summary>
    Task<string> RedisAsync();

    Task<MailAddresses> MailAsync();
}
