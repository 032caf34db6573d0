namespace Aspire.Hosting.ApplicationModel;

/// <summary>PostgreSQL, with the databases that must exist once it runs.</summary>
internal sealed class PostgresServerResource : RunningResource
{
    public PostgresServerResource(string name, ParameterResource password) : base(name)
    {
        Password = password;
        Endpoints.Add(new(name, "tcp", "tcp", null));
        PrimaryEndpoint = new(this, "tcp");
    }

    public ParameterResource Password { get; }

    /// <summary>Aspire's word for it.</summary>
    public ParameterResource PasswordParameter => Password;
    public EndpointReference PrimaryEndpoint { get; }
    public List<PostgresDatabaseResource> Databases { get; } = [];
}

/// <summary>A database; whoever waits for it waits for its server.</summary>
internal sealed class PostgresDatabaseResource(string name, PostgresServerResource server) : IResourceWithConnectionString
{
    public string Name => name;
    public PostgresServerResource Parent => server;

    public IValueProvider ConnectionString => ReferenceExpression.Create(
        $"Host={server.PrimaryEndpoint.Property(EndpointProperty.Host)};Port={server.PrimaryEndpoint.Property(EndpointProperty.Port)};Username=postgres;Password={server.Password};Database={name}");
}

/// <summary>RabbitMQ.</summary>
internal sealed class RabbitMQServerResource : RunningResource, IResourceWithConnectionString
{
    public RabbitMQServerResource(string name, ParameterResource password) : base(name)
    {
        Password = password;
        // Erlang's port mapper and its link between nodes need ports of their own.
        Endpoints.AddRange([new(name, "tcp", "amqp", null), new(name, "epmd", "tcp", null), new(name, "distribution", "tcp", null)]);
        PrimaryEndpoint = new(this, "tcp");
    }

    public ParameterResource Password { get; }
    public EndpointReference PrimaryEndpoint { get; }

    public IValueProvider ConnectionString => ReferenceExpression.Create(
        $"amqp://ordersync:{Password}@{PrimaryEndpoint.Property(EndpointProperty.Host)}:{PrimaryEndpoint.Property(EndpointProperty.Port)}");
}

/// <summary>Redis.</summary>
internal sealed class RedisResource : RunningResource, IResourceWithConnectionString
{
    public RedisResource(string name, ParameterResource password) : base(name)
    {
        Password = password;
        Endpoints.Add(new(name, "tcp", "tcp", null));
    }

    public ParameterResource Password { get; }

    public IValueProvider ConnectionString
    {
        get
        {
            var endpoint = new EndpointReference(this, "tcp");
            return ReferenceExpression.Create(
                $"{endpoint.Property(EndpointProperty.Host)}:{endpoint.Property(EndpointProperty.Port)},password={Password}");
        }
    }
}

/// <summary>A container image; without containers another program stands in for it.</summary>
internal sealed class ContainerResource(string name, string image) : RunningResource(name)
{
    public string Image => image;

    /// <summary>Whether it is the real Tryton.</summary>
    public bool IsTryton => image.StartsWith("tryton/tryton:", StringComparison.Ordinal);
}
