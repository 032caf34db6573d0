namespace OrderSync.EndToEnd.Tests.Faults;

/// <summary>A part that is killed with SIGKILL and started again.</summary>
internal sealed record MortalPart(string Name, Func<Task> KillAsync, Func<Task> StartAsync)
{
    public static IReadOnlyList<MortalPart> Of(WholeSystem system) =>
    [
        new("gateway", system.Gateway.KillAsync, () => system.Gateway.StartAsync()),
        new("zoho", system.Zoho.KillAsync, () => system.Zoho.StartAsync()),
        new("email", system.Email.KillAsync, () => system.Email.StartAsync()),
        new("rabbitmq", system.Rabbit.KillAsync, system.Rabbit.StartAsync),
        new("postgres", system.Postgres.KillAsync, system.Postgres.StartAsync),
    ];
}
