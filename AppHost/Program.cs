using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

var builder = DistributedApplication.CreateBuilder(args);

// Servers: PostgreSQL holds everything that matters, RabbitMQ carries events, Redis only speeds up.
var postgres = builder.AddPostgres("postgres").WithImageTag("17").WithDataVolume();
var database = postgres.AddDatabase("ordersync");
var rabbitmq = builder.AddRabbitMQ("rabbitmq").WithManagementPlugin().WithDataVolume();
var redis = builder.AddRedis("redis");
var mail = builder.AddContainer("mail", "axllent/mailpit", "v1.27")
    .WithHttpEndpoint(port: 5084, targetPort: 8025)
    .WithEndpoint(targetPort: 1025, scheme: "smtp", name: "smtp");

// Made once for a machine and kept.
var internalKey = Secret("internal-key");
var tokensKey = Secret("tokens-key");
var feedKey = Secret("feed-key");
var bundleKey = Secret("bundle-key");
var secretsKey = Secret("secrets-key");
var officeKey = Secret("office-api-key").WithDescription("API key of the office");
var firstSignIn = Secret("first-sign-in");

// Stand-ins for the ERPs; like an ERP they keep what they were given.
builder.AddProject<Projects.ErpSandbox>("sandbox")
    .WithHttpEndpoint(port: 5083)
    .WithHttpHealthCheck("/health")
    .WithEnvironment("Sandbox__Profile", "unlimited")
    .WithEnvironment("Sandbox__State", Path.Combine(builder.AppHostDirectory, ".ordersync", "sandbox"));

// The one ERP that can run here for real: `./ordersync up --with-tryton`.
if (args.Contains("--with-tryton"))
    builder.AddContainer("tryton-server", "tryton/tryton", "6.0")
        .WithHttpEndpoint(port: 5085, targetPort: 8000)
        .WithEnvironment("DB_HOSTNAME", ReferenceExpression.Create($"{postgres.Resource.PrimaryEndpoint.Property(EndpointProperty.Host)}"))
        .WithEnvironment("DB_PORT", ReferenceExpression.Create($"{postgres.Resource.PrimaryEndpoint.Property(EndpointProperty.Port)}"))
        .WithEnvironment("DB_USER", "postgres")
        .WithEnvironment("DB_PASSWORD", ReferenceExpression.Create($"{postgres.Resource.PasswordParameter}"))
        .WithEnvironment("TRYTON_PASSWORD", Secret("tryton-server-password").WithDescription("Tryton, user ordersync"))
        .WaitFor(postgres);

// What devices and the office talk to.
var gateway = Service<Projects.Gateway>("gateway", migrate => migrate
        .WithEnvironment("Bootstrap__Company", "Demo Company")
        .WithEnvironment("Bootstrap__ApiKey", officeKey)
        .WithEnvironment("Bootstrap__FirstSignIn", firstSignIn))
    .WithHttpEndpoint(port: 5080)
    .WithExternalHttpEndpoints()
    .WithEnvironment("Tokens__Key", tokensKey)
    .WithEnvironment("Feed__Keys__0", feedKey)
    .WithEnvironment("Bundles__Key", ReferenceExpression.Create($"local:{bundleKey}"))
    .WithEnvironment("Limits__Proxies__0", "127.0.0.1");

// The web console of the office: talks to the gateway only.
var console = builder.AddProject<Projects.Console>("console")
    .WithHttpEndpoint(port: 5081)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health")
    .WithReference(gateway)
    .WithEnvironment("Forms__Key", Secret("forms-key"))
    .WaitFor(gateway);
console.WithUrl(ReferenceExpression.Create($"{console.GetEndpoint("http")}/welcome?code={firstSignIn}"), "first sign-in");
gateway.WithEnvironment("Console__Address", console.GetEndpoint("http"));

// One line for each ERP, and one for mail.
Connector<Projects.Zoho>("zoho");
Connector<Projects.QuickBooks>("quickbooks");
Connector<Projects.Tryton>("tryton");
Connector<Projects.NetSuite>("netsuite");
Connector<Projects.Email>("email").WithEnvironment("Smtp__Server", mail.GetEndpoint("smtp"));

builder.Build().Run();

IResourceBuilder<ProjectResource> Connector<TProject>(string name) where TProject : IProjectMetadata, new()
{
    var connector = Service<TProject>(name)
        .WithHttpEndpoint()
        .WithEnvironment("Secrets__Key", ReferenceExpression.Create($"local:{secretsKey}"));
    gateway.WithReference(connector);
    return connector;
}

// A service owns a schema and a role in the database, and a user at the broker that is limited to its queues. The same program, started with
// "migrate", makes them before it starts.
IResourceBuilder<ProjectResource> Service<TProject>(
    string name, Action<IResourceBuilder<ProjectResource>>? configureMigration = null) where TProject : IProjectMetadata, new()
{
    var server = postgres.Resource.PrimaryEndpoint;
    var ownDatabase = builder.AddConnectionString($"{name}-database", ReferenceExpression.Create(
        $"Host={server.Property(EndpointProperty.Host)};Port={server.Property(EndpointProperty.Port)};Database=ordersync;Username={name};Password={Secret($"{name}-password")}"));

    var broker = rabbitmq.Resource.PrimaryEndpoint;
    var ownBroker = builder.AddConnectionString($"{name}-broker", ReferenceExpression.Create(
        $"amqp://{name}:{Secret($"{name}-broker-password")}@{broker.Property(EndpointProperty.Host)}:{broker.Property(EndpointProperty.Port)}"));

    var migration = builder.AddProject<TProject>($"{name}-schema")
        .WithArgs("migrate")
        .WithReference(database)
        .WithReference(ownDatabase, connectionName: name)
        .WithReference(rabbitmq, connectionName: "rabbitmqAdministrator")
        .WithReference(ownBroker, connectionName: "rabbitmq")
        .WithEnvironment("Broker__Management", rabbitmq.GetEndpoint("management"))
        .WaitFor(database)
        .WaitFor(rabbitmq);
    configureMigration?.Invoke(migration);

    return builder.AddProject<TProject>(name)
        .WithReference(ownDatabase, connectionName: name)
        .WithReference(ownBroker, connectionName: "rabbitmq")
        .WithReference(redis)
        .WithEnvironment("Internal__Key", internalKey)
        .WithHttpHealthCheck("/health")
        .WaitForCompletion(migration)
        .WaitFor(rabbitmq)
        .WaitFor(redis);
}

// Letters and digits only: the value goes into connection strings.
IResourceBuilder<ParameterResource> Secret(string name) =>
    builder.AddParameter(name, new GenerateParameterDefault { MinLength = 40, Special = false }, secret: true, persist: true);
