using Microsoft.Extensions.Options;
using OrderSync.ServiceDefaults.Bus;
using OrderSync.ServiceDefaults.Database;
using OrderSync.Contracts.Bus;

namespace OrderSync.ServiceDefaults.Tests;

public sealed class OptionsTests
{
    [Fact]
    public async Task A_service_with_a_bad_setting_does_not_start_and_names_the_key()
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => Service.StartAsync(
            [KeyValuePair.Create("Tokens__Key", "short")],
            builder => builder.AddValidatedOptions<Tokens>("Tokens", tokens => tokens.Key?.Length == 32 ? null : "Key must have 32 characters")));
        Assert.Contains("Tokens:Key must have 32 characters", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_with_good_settings_starts()
    {
        await using var service = await Service.StartAsync(
            [KeyValuePair.Create("Tokens__Key", new string('k', 32))],
            builder => builder.AddValidatedOptions<Tokens>("Tokens", tokens => tokens.Key?.Length == 32 ? null : "Key must have 32 characters"));
        Assert.Equal(32, service.Get<IOptions<Tokens>>().Value.Key!.Length);
    }

    [Fact]
    public async Task A_missing_connection_string_is_named()
    {
        var database = await Assert.ThrowsAsync<InvalidOperationException>(() => Service.StartAsync(add: builder => builder.AddDatabase("gateway")));
        Assert.Contains("ConnectionStrings:gateway", database.Message, StringComparison.Ordinal);
        var bus = await Assert.ThrowsAsync<InvalidOperationException>(
            () => Service.StartAsync(add: builder => builder.AddBus(Queues.Gateway, 10, _ => { })));
        Assert.Contains("ConnectionStrings:rabbitmq", bus.Message, StringComparison.Ordinal);
    }

    private sealed class Tokens
    {
        public string? Key { get; set; }
    }
}
