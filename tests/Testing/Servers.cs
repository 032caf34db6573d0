using OrderSync.Testing.Run;

namespace OrderSync.Testing;

/// <summary>PostgreSQL, RabbitMQ, Redis and a mail server, each started once: by the runner for all test projects, else by this process on first use.</summary>
public static class Servers
{
    /// <summary>
    /// The password of every service role in tests. Roles belong to the whole server, so all test classes must agree on it.
    /// </summary>
    public const string RolePassword = "only-for-tests";

    internal const string PostgresVariable = "ORDERSYNC_TEST_POSTGRES";
    internal const string RabbitVariable = "ORDERSYNC_TEST_RABBITMQ";
    internal const string RabbitManagementVariable = "ORDERSYNC_TEST_RABBITMQ_MANAGEMENT";
    internal const string RedisVariable = "ORDERSYNC_TEST_REDIS";
    internal const string MailVariable = "ORDERSYNC_TEST_MAIL";
    internal const string MailPageVariable = "ORDERSYNC_TEST_MAIL_PAGE";
    internal const string FullVariable = "ORDERSYNC_TEST_FULL";

#if CONTAINERS
    internal static readonly string[] BuildArguments = ["-p:Containers=true"];
    private static readonly ContainerServers Source = new();
#else
    internal static readonly string[] BuildArguments = [];
    private static readonly LocalServers Source = new();
#endif

    private static readonly Lazy<Task<string>> Postgres = new(() => Given(PostgresVariable) is { } given ? Task.FromResult(given) : Source.PostgresAsync());
    private static readonly Lazy<Task<RabbitAddress>> Rabbit = new(() => Given(RabbitVariable) is { } given
        ? Task.FromResult(new RabbitAddress(new Uri(given), new Uri(Given(RabbitManagementVariable)!)))
        : Source.RabbitAsync());
    private static readonly Lazy<Task<string>> Redis = new(() => Given(RedisVariable) is { } given ? Task.FromResult(given) : Source.RedisAsync());
    private static readonly Lazy<Task<MailAddresses>> Mail = new(() => Given(MailVariable) is { } given
        ? Task.FromResult(new MailAddresses(new Uri(given), new Uri(Given(MailPageVariable)!)))
        : Source.MailAsync());

    private static readonly Lazy<Task<TrytonAddress>> Tryton = new(() => TestTryton.StartAsync(default));

    /// <summary>True when the long tier of tests was asked for: `./ordersync test --full`.</summary>
    public static bool Full => Given(FullVariable) == "1";

    /// <summary>Connection string of PostgreSQL's administrator. Tests take a database of their own: <see cref="PostgresFixture"/>.</summary>
    public static Task<string> PostgresAsync() => Postgres.Value;

    /// <summary>The broker. Tests take a virtual host of their own: <see cref="RabbitFixture"/>.</summary>
    public static Task<RabbitAddress> RabbitAsync() => Rabbit.Value;

    /// <summary>Connection string of Redis.</summary>
    public static Task<string> RedisAsync() => Redis.Value;

    /// <summary>The mail server; tests tell their mails apart by recipient.</summary>
    public static Task<MailAddresses> MailAsync() => Mail.Value;

    /// <summary>The real Tryton, with a database to copy. Only tests that CI runs ask for it: to make it takes a minute or two on a fresh machine, seconds on another.</summary>
    public static Task<TrytonAddress> TrytonAsync() => Tryton.Value;

    private static string? Given(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
