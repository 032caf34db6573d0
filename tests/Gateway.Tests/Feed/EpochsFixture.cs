using System.Net.Http.Json;

namespace OrderSync.Gateway.Tests.Feed;

/// <summary>A gateway with two companies, whose database is set back.</summary>
public sealed class EpochsFixture : GatewayFixture
{
    private const string OtherKey = "os_test-key-of-the-second-company-0002";

    /// <summary>Code of a customer of the first company's office.</summary>
    public const string Customer = "KNOWN";

    /// <summary>The office of the second company.</summary>
    public HttpClient Other { get; private set; } = new();

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await MigrateAsync(Database.ConnectionString, "Second company", OtherKey);
        Other = OfficeOf(OtherKey);
        (await Office.PutAsJsonAsync("/v1/office/customers", new { customers = new[] { new { id = Guid.CreateVersion7(), code = Customer, body = new { name = "Known" } } } })).EnsureSuccessStatusCode();
    }

    public override async Task DisposeAsync()
    {
        Other.Dispose();
        await base.DisposeAsync();
    }
}

/// <summary>Test classes that share it.</summary>
[CollectionDefinition("epochs")]
public sealed class SharedEpochs : ICollectionFixture<EpochsFixture>;
